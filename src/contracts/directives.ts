import { z } from 'zod';
import { directiveBody } from './command.js';
import { Id, InstantText, LocalDate, leftOut, ShortText, Text } from './common.js';
import { PastFactInput } from './past.js';

/**
 * A draft may be incomplete, so every field may be left out; the gate says what is missing. What a GET shows
 * may be sent back as it is: fields that the server computes (`rule`) are read and ignored.
 */
const Computed = z.unknown().optional().meta({ description: 'Computed by the server; ignored' });
const phrase = z.string().trim().max(500).meta({ description: 'The deadline as typed' });

const Past = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('carry_over'), newPhrase: phrase, newRule: Computed }),
  z.strictObject({ answer: z.literal('take_over') }),
]);

const ResultInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deliverable'), text: ShortText }),
  z.strictObject({
    kind: z.literal('indicator'),
    name: ShortText,
    numerator: z.number().nonnegative().nullable().default(null),
    denominator: z.number().positive().nullable().default(null),
    atLeast: z.boolean().default(true),
  }),
]);

const Source = z.strictObject({
  number: ShortText,
  date: LocalDate.nullable().default(null),
  url: z.url().max(2_000).nullable().default(null),
});

const AsTyped = z.strictObject({
  leads: z.string().max(5_000).nullable().default(null),
  coordinating: z.string().max(5_000).nullable().default(null),
  result: z.string().max(5_000).nullable().default(null),
});

const units = z.array(Id).max(1_000);

export const DraftTaskInput = z
  .strictObject({
    id: Id.optional().meta({ description: 'Stable over versions; made where left out' }),
    code: z.string().trim().max(100).nullable().default(null),
    title: z.string().trim().max(5_000).default(''),
    titleEn: z.string().trim().max(5_000).nullable().default(null),
    nature: z.enum(['specific', 'general']).default('specific'),
    recurrence: z.enum(['one_off', 'regular']).default('one_off'),
    kind: z.enum(['task', 'model', 'goal']).default('task'),
    leadUnitIds: units.default([]),
    severalLeads: z.enum(['each_leads', 'first_leads']).nullable().default(null),
    groupCodes: z.array(z.string().trim().min(1).max(100)).max(100).default([]),
    coordinatingUnitIds: units.default([]),
    monitorUnitId: Id.nullable().default(null),
    deadline: z
      .strictObject({ phrase: phrase.default(''), rule: Computed, past: Past.nullable().default(null) })
      .default({ phrase: '', past: null }),
    result: ResultInput.nullable().default(null),
    targets: z
      .array(z.strictObject({ unitId: Id, numerator: z.number().nonnegative() }))
      .max(1_000)
      .default([]),
    source: Source.nullable().default(null),
    importRow: z.int().positive().nullable().default(null),
    asTyped: AsTyped.default({ leads: null, coordinating: null, result: null }),
    keepUnclear: z.boolean().default(false),
    previousTaskId: Id.nullable().default(null),
    history: leftOut(z.array(PastFactInput).max(100)),
  })
  .meta({ id: 'DraftTaskInput' });

const Parent = z.strictObject({ number: ShortText, date: LocalDate, signer: ShortText.optional() });

const tasks = z
  .array(DraftTaskInput)
  .max(5_000)
  .superRefine((list, ctx) => {
    const seen = new Set<string>();
    for (const [index, { id }] of list.entries()) {
      if (id !== undefined && seen.has(id)) {
        ctx.addIssue({
          code: 'custom',
          path: [index, 'id'],
          params: {
            code: 'duplicate',
            vi: 'Hai nhiệm vụ có cùng mã định danh.',
            en: 'Two tasks have the same id.',
          },
        });
      }
      if (id !== undefined) seen.add(id);
    }
  });

const fields = {
  number: ShortText.nullable(),
  title: z.string().trim().max(5_000),
  documentDate: LocalDate.nullable(),
  signer: ShortText.nullable(),
  issuer: ShortText.nullable(),
  parents: z.array(Parent).max(50),
  parentAssignmentId: Id.nullable().meta({
    description:
      'The assignment of a superior directive that it carries on: of the same Working Group, or one that its standing agency leads',
  }),
  provisional: z.boolean(),
  endsOn: LocalDate.nullable(),
  tasks,
};

/** A new draft, and a change of one: only the fields that are sent are changed; `tasks` is the whole list. */
export const DirectiveDraft = z.strictObject(fields).partial().meta({ id: 'DirectiveDraft' });

export const WithdrawDirective = directiveBody({ reason: Text });
export const CloseDirective = directiveBody({
  reason: Text,
  /** Carries what is still open over; without it closing is refused while anything is open. */
  carryOver: z.boolean().default(false),
  intoDirectiveId: Id.optional().meta({ description: 'The next year’s directive, drafted or running' }),
});
export const ApprovalNote = directiveBody({ note: ShortText.optional() });
export const NoFields = directiveBody({});

/** The document that confirms what was given by word of mouth. */
export const ConfirmDocument = directiveBody({
  number: ShortText,
  documentDate: LocalDate,
  signer: ShortText.optional(),
  issuer: ShortText.optional(),
  pastDeadline: phrase
    .min(1)
    .optional()
    .meta({ description: 'For deadlines that have passed meanwhile, as typed' }),
});

/** What was wrong about the signed document; no deadline moves by it. */
export const Erratum = directiveBody({
  number: ShortText.optional(),
  documentDate: LocalDate.optional(),
  signer: ShortText.nullable().optional(),
  issuer: ShortText.nullable().optional(),
  parents: z.array(Parent).max(50).optional(),
  tasks: z
    .array(z.strictObject({ id: Id, source: Source.nullable() }))
    .max(5_000)
    .optional(),
  reason: Text,
});

/** An amendment: the fields that change, and the document it rests on; `tasks` is the whole list. */
export const AmendDirective = directiveBody(fields).partial().meta({ id: 'AmendDirective' });

/** What an amendment does to one task. */
export const TaskChange = z
  .strictObject({
    taskId: Id,
    code: z.string().nullable(),
    title: z.string(),
    change: z.enum(['added', 'cleared', 'changed', 'removed', 'unclear']),
    deadline: z.strictObject({ from: InstantText.nullable(), to: InstantText.nullable() }).nullable(),
    result: z.boolean(),
    unitsAdded: z.array(Id),
    unitsRemoved: z.array(Id),
  })
  .meta({ id: 'TaskChange' });
export const AmendmentPreview = z
  .strictObject({ changes: z.array(TaskChange) })
  .meta({ id: 'AmendmentPreview' });

const Clear = z.enum(['people', 'work', 'time', 'results']);

/** What the issuing gate says of a draft as it stands now. */
export const GateReport = z
  .strictObject({
    ready: z.boolean(),
    counts: z.strictObject({
      rows: z.int(),
      clear: z.int(),
      unclear: z.int(),
      refused: z.int(),
      past: z.int(),
      assignments: z.int(),
    }),
    findings: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })),
    rows: z.array(
      z.strictObject({
        taskId: Id,
        ordinal: z.int(),
        code: z.string().nullable(),
        /** Which of the four clears fail, and why. */
        findings: z.array(z.strictObject({ clear: Clear, detail: z.string() })),
        unclear: z.boolean(),
        deadlineAt: InstantText.nullable(),
        newDeadlineAt: InstantText.nullable(),
        past: z.strictObject({ at: InstantText, answered: z.boolean() }).nullable(),
        leadUnitIds: z.array(Id),
        /** What goes on of last year; the first deadline and the year of origin are from there. */
        carried: z.array(
          z.strictObject({
            unitId: Id,
            assignmentId: Id,
            firstDeadlineAt: InstantText.nullable(),
            originYear: z.int(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'GateReport' });
