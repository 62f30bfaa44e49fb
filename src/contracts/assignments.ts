import { z } from 'zod';
import { Assignment } from './assignment-resource.js';
import { CauseName, commandBody, DeadlinePhrase, Evidence } from './command.js';
import { Id, LocalDate, ShortText, Text } from './common.js';

/** Lets a new deadline pass that of the superior assignment which the directive carries on. */
const parentDocument = z
  .strictObject({ number: ShortText, date: LocalDate, signer: ShortText.exactOptional() })
  .optional()
  .meta({ description: 'Of the superior directive’s issuer, where the date passes its deadline' });

/** What each act on an assignment asks for; the words are those of design §7. */
export const Acknowledge = commandBody({ officerId: Id.optional(), note: ShortText.optional() });
export const Contest = commandBody({
  reason: z.enum(['not_our_function', 'wrong_file', 'other']),
  text: Text,
});
export const ContestAnswer = commandBody({
  answer: z.enum(['reassign', 'stop', 'reject']),
  /** The new lead, where the answer is to reassign. */
  unitId: Id.optional(),
  text: Text,
});
export const Progress = commandBody({
  text: Text,
  /** More than 100 is normal. */
  percent: z.number().min(0).max(100_000).optional(),
  figure: z
    .strictObject({
      numerator: z.number().nonnegative(),
      denominator: z.number().positive().optional(),
      asOf: LocalDate,
      correction: ShortText.optional().meta({
        description: 'Why the value of that day is another one now; both are kept',
      }),
      parts: z
        .array(z.strictObject({ name: ShortText.max(200), numerator: z.number().nonnegative() }))
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'What the numerator is made of; flagged where they do not sum to it' }),
    })
    .optional(),
});
export const Submit = commandBody({ text: Text, evidence: Evidence.optional() });
export const Reason = commandBody({ reason: Text });
export const Note = commandBody({ note: ShortText.optional() });
export const AcceptPart = commandBody({ share: z.number().gt(0).lt(1), reason: Text });
export const Resume = commandBody({
  deadline: DeadlinePhrase.optional(),
  note: ShortText.optional(),
  parentDocument,
});
export const Reassign = commandBody({
  unitId: Id,
  deadline: DeadlinePhrase.optional(),
  reason: Text,
  parentDocument,
});
export const Move = commandBody({
  to: z
    .array(
      z.strictObject({
        unitId: Id,
        target: z
          .strictObject({
            numerator: z.number().nonnegative(),
            denominator: z.number().positive().optional(),
          })
          .optional()
          .meta({ description: 'Its share; the shares sum to the target, or `targetsApart`' }),
      }),
    )
    .min(1)
    .max(50),
  mergeWith: z
    .array(Id)
    .max(50)
    .optional()
    .meta({ description: 'Other assignments of the same task that become one with it' }),
  targetsApart: z
    .boolean()
    .optional()
    .meta({ description: 'The shares are no parts of one sum, such as rates' }),
  caretaker: z.boolean().optional().meta({ description: 'Until a lasting successor is found' }),
  deadline: DeadlinePhrase.optional().meta({
    description:
      'A new clock; without it the deadline is kept, and late work gets the policy’s (10 working days)',
  }),
  reason: Text,
  parentDocument,
});
export const CarryOver = commandBody({ intoDirectiveId: Id.optional(), reason: Text });
export const Reopen = commandBody({ reason: Text, deadline: DeadlinePhrase, parentDocument });
export const AdjustDeadline = commandBody({
  deadline: DeadlinePhrase,
  /** Whether lateness so far stands. */
  latenessStands: z.boolean(),
  reason: Text,
  parentDocument,
});
export const RequestExtension = commandBody({ deadline: DeadlinePhrase, reason: Text });
/** The letter by which an obstacle was put before a body outside of the system. */
const Letter = z.strictObject({ number: ShortText.max(100), date: LocalDate });
export const RaiseObstacle = commandBody({
  cause: CauseName,
  holderUnitId: Id.optional(),
  outside: z
    .strictObject({ name: ShortText.max(300), letter: Letter.optional() })
    .optional()
    .meta({ description: 'A body outside of the system that holds it, where no unit does' }),
  text: Text,
});
export const StateCause = commandBody({ cause: CauseName, objective: z.boolean(), text: Text });
export const AskContribution = commandBody({ unitId: Id, deadline: DeadlinePhrase, text: Text });
export const RequestExplanation = commandBody({ deadline: DeadlinePhrase, text: Text });
export const SendLetter = commandBody({ note: ShortText.optional() });
export const Urge = commandBody({
  channel: z.enum(['telephone', 'chat', 'meeting', 'letter', 'system']),
  text: Text,
});

/** Acts on what an assignment carries beside its state. */
export const Withdraw = commandBody({});
export const DecideExtension = commandBody({
  decision: z.enum(['grant', 'refuse']),
  /** Another date than the one asked for. */
  deadline: DeadlinePhrase.optional(),
  reason: Text,
  parentDocument,
});
export const AnswerObstacle = commandBody({
  answer: z.enum(['accept', 'refuse', 'forward', 'resolve']),
  holderUnitId: Id.optional().meta({ description: 'The unit it is forwarded to' }),
  outside: z
    .strictObject({ name: ShortText.max(300), letter: Letter })
    .optional()
    .meta({ description: 'The outside body it is forwarded to, with the letter; instead of a unit' }),
  text: Text,
});
export const DecideCause = commandBody({ confirmed: z.boolean(), text: Text });
export const AnswerContribution = commandBody({ answer: z.enum(['give', 'decline']), text: Text });
export const AnswerExplanation = commandBody({ text: Text });

/** The answer to an act on a matter; the assignment is null where the caller may not read it. */
export const MatterAnswer = z
  .strictObject({
    id: Id,
    assignmentId: Id,
    version: z.int().meta({ description: 'Of the assignment' }),
    assignment: Assignment.nullable(),
  })
  .meta({ id: 'MatterAnswer' });
