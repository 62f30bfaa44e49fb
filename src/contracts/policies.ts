import { z } from 'zod';
import { InstantText, LocalDate, ShortText } from './common.js';
import { JsonObject } from './resources.js';

/** An amount of time in one unit, as small as a second; days of both kinds are whole. */
const Duration = z
  .strictObject({
    value: z.number().min(0).max(100_000),
    unit: z.enum(['s', 'min', 'h', 'd', 'wh', 'wd']),
  })
  .refine(({ value, unit }) => (unit !== 'd' && unit !== 'wd') || Number.isInteger(value), {
    error: 'Days are whole',
  })
  .meta({
    id: 'Duration',
    description: 's, min, h, d elapsed; wh working hours, wd working days',
  });

const Recipient = z.enum([
  'officer',
  'head',
  'unit',
  'coordinating_units',
  'standing_agency',
  'monitor',
  'supervisor',
  'home_affairs',
]);

const Rung = z
  .strictObject({
    step: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    kind: z.enum(['reminder', 'urge', 'urging_letter', 'supervisor', 'referral']),
    when: z.enum(['before', 'after']),
    offset: Duration,
    to: z.array(Recipient).min(1).max(8),
  })
  .meta({ id: 'LadderStep' });

const Deadline = z.strictObject({
  beforeIsExclusive: z.boolean(),
  namedDateEndsAt: z.enum(['end_of_day', 'closing']),
  countEndsAt: z.enum(['closing', 'end_of_day']),
  countedOnDayOff: z.enum(['next_working_day', 'stays']),
  periodOnDayOff: z.enum(['next_working_day', 'stays']),
  bareDays: z.enum(['calendar', 'working']),
  beginningOfMonth: z.int().min(1).max(28),
  middleOfMonth: z.int().min(1).max(28),
});

const Reporting = z.strictObject({
  ladder: z.array(Rung).max(30),
  continues: z.strictObject({ inRow: z.int().min(1).max(50), inYear: z.int().min(1).max(400) }),
  yearCloses: z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) }),
  mend: Duration,
  excuseAnswer: Duration,
});

/** Everything versioned that judges a directive, as it is frozen at the issue. */
export const PolicyBody = z
  .strictObject({
    ladder: z.array(Rung).max(30),
    clocks: z.strictObject({
      acknowledge: Duration,
      contest: Duration,
      contestAnswer: Duration,
      confirm: Duration,
      extensionAnswer: Duration,
      obstacleAnswer: Duration,
      causeAnswer: Duration,
      unclear: Duration,
    }),
    successorClock: Duration.optional(),
    confirmingDocument: Duration.optional(),
    mend: z.strictObject({ atLeast: Duration }),
    referral: z.strictObject({
      objectionWindow: Duration,
      decision: Duration,
      release: z.enum(['automatic', 'released']),
      acknowledge: Duration,
    }),
    outage: z.strictObject({ excuses: z.boolean(), longerThan: Duration }),
    urgingLetter: z.strictObject({
      form: z.enum(['drafted', 'signed']),
      sign: Duration,
      basis: ShortText.optional().meta({
        description: 'The regulation that the letter names, after “Căn cứ”; without it the directive alone',
      }),
    }),
    supervisorList: z.strictObject({
      when: z.enum(['each', 'daily', 'meetings']),
      meetings: z.array(LocalDate).max(400),
      before: Duration,
    }),
    urgingsThatCount: z.array(z.enum(['telephone', 'chat', 'meeting', 'letter'])).max(4),
    documentRequired: z.array(z.string().max(50)).max(50),
    approval: z.boolean(),
    deadline: Deadline,
    reporting: Reporting.optional(),
  })
  .meta({ id: 'PolicyBody' });

/** A new version of the policy of the caller's Working Group; directives issued before keep theirs. */
export const NewPolicyVersion = z
  .strictObject({
    basedOn: z
      .int()
      .min(1)
      .meta({ description: 'The version that was read; another one meanwhile refuses this' }),
    reason: ShortText,
    policy: PolicyBody,
  })
  .meta({ id: 'NewPolicyVersion' });

export const PolicyVersion = z
  .strictObject({
    id: z.string(),
    version: z.int(),
    recordedAt: InstantText,
    reason: z.string().nullable(),
    recordedBy: z.string().nullable(),
    policy: JsonObject.meta({ type: 'object', description: 'As NewPolicyVersion takes it' }),
  })
  .meta({ id: 'PolicyVersion' });
export const PolicyVersions = z.strictObject({ items: z.array(PolicyVersion) });
export const PolicyParams = z.strictObject({ id: z.string().min(1).max(100) });
