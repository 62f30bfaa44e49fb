import { z } from 'zod';
import { ASSIGNMENT_ACTIONS } from '../domain/assignment/table.js';
import { DIRECTIVE_ACTIONS } from '../domain/directive/decide.js';
import { Id, InstantText, LocalDate, leftOut, RoleName, UnitRef } from './common.js';
import { Counts } from './four-counts.js';
import { Outlook } from './indicators.js';
import { PastFact } from './past.js';

/** Shapes of what is read: directives, assignments, their matters and timelines. */

/** Query of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Items a page' }),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .meta({ description: 'nextCursor of the page before, with the same filters' }),
});

/** A page of a list: the cursor says where the next one goes on, null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    items: z.array(item).readonly(),
    page: z.strictObject({ nextCursor: z.string().nullable() }),
  });

/** JSON that only the server makes, such as the rule a phrase was read as. */
export const JsonObject = z
  .custom<object>((value) => typeof value === 'object' && value !== null)
  .meta({ type: 'object' });
const JsonObjectOrNull = z.union([JsonObject, z.null()]);

export const actionOf = <A extends readonly [string, ...string[]]>(actions: A) =>
  z.strictObject({
    action: z.enum(actions),
    allowed: z.boolean(),
    reason: z.strictObject({ code: z.string(), detail: z.string() }).nullable(),
  });

/** Names of a state table as zod wants them: at least one. */
export function namesOf<A extends string>(names: readonly A[]): [A, ...A[]] {
  const [first, ...others] = names;
  if (first === undefined) throw new Error('A table without actions');
  return [first, ...others];
}

export const AssignmentStateName = z.enum([
  'assigned',
  'acknowledged',
  'in_progress',
  'submitted',
  'contested',
  'suspended',
  'confirmed',
  'concluded',
  'stopped',
  'superseded',
  'carried_over',
]);
export const DirectiveStateName = z.enum(['draft', 'awaiting_approval', 'issued', 'closed', 'withdrawn']);
export const ReferralStateName = z.enum([
  'proposed',
  'objected',
  'rejected',
  'awaiting_release',
  'referred',
  'returned_for_supplement',
  'acknowledged',
  'outcome_recorded',
  'corrected',
  'upheld',
  'withdrawn',
  'lapsed',
]);
export const CountClassName = z.enum([
  'done_on_time',
  'done_late',
  'open_in_time',
  'open_overdue',
  'regular',
  'suspended',
  'stopped',
  'carried_over',
  'superseded',
]);
export const TaskKind = z.enum(['task', 'model', 'goal']);
export const TaskNature = z.enum(['specific', 'general']);

export const DocumentRef = z.strictObject({
  number: z.string(),
  date: z.string(),
  signer: z.string().optional(),
});

export const TimelineEntry = z
  .strictObject({
    subject: z.strictObject({
      kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
      id: Id,
    }),
    seq: z.number().int(),
    type: z.string(),
    words: z.string().meta({ description: 'What happened, in one sentence' }),
    at: InstantText.meta({ description: 'The judged instant' }),
    receivedAt: InstantText,
    recordedAt: InstantText,
    actor: z.strictObject({
      kind: z.enum(['person', 'clock', 'system']),
      name: z.string().nullable(),
      role: RoleName.nullable(),
      unit: z.string().nullable(),
    }),
    document: DocumentRef.nullable(),
    text: z.record(z.string(), z.string()).meta({ description: 'What the person wrote, by field' }),
    formerUnit: z
      .string()
      .nullable()
      .meta({ description: 'Of a predecessor’s life: the unit that led then; else null' }),
  })
  .meta({ id: 'TimelineEntry' });

const matterShape = {
  id: Id,
  kind: z.enum(['extension', 'obstacle', 'cause', 'contribution', 'explanation', 'contest']),
  state: z.string(),
  pending: z.boolean().meta({ description: 'Somebody still has to answer, confirm or resolve it' }),
  words: z.string().meta({ description: 'The state in the caller’s language' }),
  openedAt: InstantText,
  phrase: z.string().nullable(),
  askedFor: InstantText.nullable(),
  inTime: z.boolean().nullable().meta({ description: 'Extension: asked before the deadline' }),
  grantedTo: InstantText.nullable(),
  cause: z.string().nullable(),
  objective: z.boolean().nullable(),
  decidedBy: z
    .enum(['standing_agency', 'supervisor'])
    .nullable()
    .meta({ description: 'Cause: who confirmed or refused it; null while it is pending' }),
  holderUnitId: Id.nullable(),
  outside: z
    .strictObject({
      name: z.string(),
      letter: z.strictObject({ number: z.string(), date: LocalDate }).nullable(),
    })
    .nullable()
    .meta({ description: 'Obstacle: the body outside of the system that holds it' }),
  askedUnitId: Id.nullable(),
  answeredAt: InstantText.nullable().meta({ description: 'Contribution: when it was given or declined' }),
  overdue: z.boolean().nullable().meta({ description: 'Contribution: it was not answered in time' }),
  dueAt: InstantText.nullable(),
  reason: z.string().nullable(),
  history: z
    .array(TimelineEntry)
    .readonly()
    .nullable()
    .meta({ description: 'What was said about it; null in lists' }),
};
export const Matter = z.strictObject(matterShape).meta({ id: 'Matter' });

export const ListedMatter = z
  .strictObject({
    ...matterShape,
    assignmentId: Id,
    unit: UnitRef,
    task: z.strictObject({ code: z.string().nullable(), title: z.string() }),
    directive: z.strictObject({ id: Id, number: z.string().nullable() }),
  })
  .meta({ id: 'ListedMatter' });

/** How coordinating units answer what is asked of them. */
export const ContributionCounts = z
  .strictObject({
    asOf: InstantText,
    items: z
      .array(
        z.strictObject({
          unit: UnitRef.meta({ description: 'The coordinating unit' }),
          asked: z.int().meta({ description: 'In all: the sum of what follows' }),
          open: z.int(),
          overdue: z.int().meta({ description: 'Not answered, and its time has passed' }),
          givenInTime: z.int(),
          givenLate: z.int(),
          declined: z.int(),
          lapsed: z.int().meta({ description: 'The assignment ended or moved on before the answer was due' }),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ContributionCounts' });

export const ResultShape = z.union([
  z.strictObject({ kind: z.literal('deliverable'), text: z.string() }),
  z.strictObject({
    kind: z.literal('indicator'),
    name: z.string(),
    numerator: z.number().nullable(),
    denominator: z.number().nullable(),
    atLeast: z.boolean(),
  }),
]);

const Held = z
  .strictObject({ kind: z.string(), since: InstantText })
  .nullable()
  .meta({ description: 'The clock stands still since' });

const DirectiveName = z.strictObject({ id: Id, number: z.string().nullable(), title: z.string() });
const Carried = z.strictObject({ directive: DirectiveName, assignmentId: Id.nullable() });

export const Assignment = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    state: AssignmentStateName,
    late: z.boolean().meta({ description: 'Now, by the clock of the record' }),
    countClass: CountClassName,
    awaitingConfirmation: z.boolean(),
    unit: UnitRef,
    coordinatingUnits: z.array(UnitRef).readonly(),
    monitor: UnitRef,
    officer: z.strictObject({ id: Id, name: z.string() }).nullable(),
    task: z.strictObject({
      id: Id,
      ordinal: z.number().int(),
      code: z.string().nullable(),
      title: z.string(),
      titleEn: z.string().nullable(),
      kind: TaskKind,
      nature: TaskNature,
    }),
    directive: z.strictObject({
      id: Id,
      number: z.string().nullable(),
      title: z.string(),
      state: DirectiveStateName,
    }),
    recurrence: z.enum(['one_off', 'regular']),
    result: ResultShape,
    originYear: z.number().int(),
    provisional: z.boolean(),
    deadline: z.strictObject({
      phrase: z.string(),
      byHand: z.boolean(),
      firstDeadlineAt: InstantText.nullable(),
      deadlineAt: InstantText.nullable(),
      dueAt: InstantText.nullable().meta({ description: 'The instant that judges' }),
    }),
    cycle: z.number().int(),
    assignedAt: InstantText,
    acknowledgedAt: InstantText.nullable(),
    submission: z
      .strictObject({ id: Id, at: InstantText, late: z.boolean(), evidence: z.array(z.string()).readonly() })
      .nullable(),
    returns: z.number().int(),
    acceptedShare: z.number(),
    figure: z
      .strictObject({ numerator: z.number(), denominator: z.number().nullable(), asOf: z.string() })
      .nullable()
      .meta({ description: 'Of the latest day that was reported' }),
    outlook: Outlook.nullable().meta({ description: 'Null where no indicator is asked for' }),
    held: Held,
    endedAt: InstantText.nullable(),
    supersededBy: z.array(Id).readonly(),
    predecessorIds: z
      .array(Id)
      .readonly()
      .meta({ description: 'Whose life it goes on with; merged from several' }),
    carriedFrom: Carried.nullable().meta({ description: 'Of a former directive: what it goes on with' }),
    carriedInto: Carried.nullable().meta({
      description: 'The directive that it was carried over into, and what goes on there once it is assigned',
    }),
    carriedOnBy: z
      .array(
        z.strictObject({
          directive: DirectiveName.extend({ state: DirectiveStateName }),
          planned: z.int(),
          counts: Counts,
          figure: z
            .strictObject({ numerator: z.number(), reporting: z.int() })
            .nullable()
            .meta({ description: 'Of the same indicator: what was reported last, summed, and by how many' }),
        }),
      )
      .readonly()
      .nullable()
      .meta({
        description:
          'Directives that carry it on, with their figures: for who reads the assignment whole; null in lists',
      }),
    caretaker: z.boolean().meta({ description: 'Held until a lasting successor is found' }),
    referralId: Id.nullable(),
    matters: z.array(Matter).readonly(),
    allowedActions: z
      .array(actionOf(namesOf(ASSIGNMENT_ACTIONS)))
      .readonly()
      .meta({ description: 'For this caller; in lists only what is allowed' }),
  })
  .meta({ id: 'Assignment' });

const deadlineFields = {
  phrase: z.string(),
  rule: JsonObjectOrNull.meta({ description: 'What the phrase was read as' }),
  byHand: z.boolean(),
  firstDeadlineAt: InstantText.nullable(),
  deadlineAt: InstantText.nullable(),
  dueAt: InstantText.nullable(),
  cycle: z.number().int(),
  held: Held,
};

export const AssignmentDeadline = z
  .strictObject({
    ...deadlineFields,
    explanation: z
      .array(z.string())
      .readonly()
      .meta({ description: 'How the deadline came about, sentence by sentence' }),
    skipped: z.array(z.strictObject({ date: LocalDate, why: z.string() })).readonly(),
    provisional: z.boolean().meta({ description: 'Rests on days that no document confirms' }),
    calendar: z.strictObject({ id: z.string(), version: z.number().int() }),
    pauses: z
      .array(
        z.strictObject({
          kind: z.enum(['suspension', 'obstacle', 'contest']),
          from: InstantText,
          to: InstantText.nullable(),
          workingMinutes: z.number().int().nullable().meta({ description: 'Null while it runs' }),
        }),
      )
      .readonly(),
    outages: z.array(z.strictObject({ id: Id, from: InstantText, to: InstantText })).readonly(),
    overdueContributions: z
      .array(
        z.strictObject({
          id: Id,
          unit: UnitRef,
          askedAt: InstantText,
          dueAt: InstantText,
          answeredAt: InstantText.nullable(),
        }),
      )
      .readonly()
      .meta({ description: 'What coordinating units did not give in time' }),
    causes: z.array(Matter).readonly().meta({ description: 'Causes of lateness, pending ones too' }),
    changes: z
      .array(
        z.strictObject({
          ...TimelineEntry.shape,
          deadlineAt: InstantText.nullable(),
          dueAt: InstantText.nullable(),
          phrase: z.string().nullable().meta({ description: 'The words that set it, where words did' }),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'AssignmentDeadline' });

/** A task as it was drafted. */
export const DirectiveTask = z
  .strictObject({
    id: Id,
    code: z.string().nullable(),
    title: z.string(),
    titleEn: z.string().nullable(),
    nature: TaskNature,
    recurrence: z.enum(['one_off', 'regular']),
    kind: TaskKind,
    leadUnitIds: z.array(Id).readonly(),
    severalLeads: z.enum(['each_leads', 'first_leads']).nullable(),
    groupCodes: z.array(z.string()).readonly(),
    coordinatingUnitIds: z.array(Id).readonly(),
    monitorUnitId: Id.nullable(),
    deadline: z.strictObject({
      phrase: z.string(),
      rule: JsonObjectOrNull,
      past: z
        .union([
          z.strictObject({
            answer: z.literal('carry_over'),
            newPhrase: z.string(),
            newRule: JsonObjectOrNull,
          }),
          z.strictObject({ answer: z.literal('take_over') }),
        ])
        .nullable(),
    }),
    result: ResultShape.nullable(),
    targets: z.array(z.strictObject({ unitId: Id, numerator: z.number() })).readonly(),
    source: z
      .strictObject({ number: z.string(), date: z.string().nullable(), url: z.string().nullable() })
      .nullable(),
    importRow: z.number().int().nullable(),
    asTyped: z.strictObject({
      leads: z.string().nullable(),
      coordinating: z.string().nullable(),
      result: z.string().nullable(),
    }),
    keepUnclear: z.boolean(),
    previousTaskId: Id.nullable(),
    history: leftOut(z.array(PastFact).readonly()),
  })
  .meta({ id: 'DirectiveTask' });

export const Directive = z
  .strictObject({
    id: Id,
    version: z.number().int(),
    state: DirectiveStateName,
    number: z.string().nullable(),
    title: z.string(),
    documentDate: LocalDate.nullable(),
    signer: z.string().nullable(),
    issuer: z.string().nullable(),
    parents: z.array(DocumentRef).readonly(),
    parentAssignmentId: Id.nullable(),
    carriesOn: z
      .strictObject({
        assignmentId: Id,
        state: z.string(),
        until: InstantText.nullable().meta({ description: 'No deadline of the directive passes it' }),
        unit: UnitRef,
        task: z.strictObject({ code: z.string().nullable(), title: z.string() }),
        directive: z.strictObject({ number: z.string().nullable(), title: z.string() }),
      })
      .nullable()
      .meta({ description: 'The superior assignment that it carries on; null for units' }),
    provisional: z.boolean(),
    endsOn: LocalDate.nullable(),
    approved: z.boolean(),
    standingAgency: UnitRef,
    frozenVersion: z.number().int(),
    issuedAt: InstantText.nullable(),
    endedAt: InstantText.nullable(),
    calendar: z.strictObject({ id: z.string(), version: z.number().int() }),
    counts: z
      .strictObject({
        planned: z.number().int().nullable(),
        assigned: z.number().int(),
        open: z.number().int(),
        unclear: z.number().int().nullable(),
      })
      .meta({ description: 'A unit counts what it may read; the rest is null' }),
    nextStep: z
      .strictObject({ step: z.string(), at: InstantText })
      .nullable()
      .meta({ description: 'The clock on the standing agency that runs out next; null for units' }),
    tasks: z
      .array(DirectiveTask)
      .readonly()
      .nullable()
      .meta({ description: 'For who reads the whole directive; null in lists' }),
    allowedActions: z.array(actionOf(namesOf(DIRECTIVE_ACTIONS))).readonly(),
  })
  .meta({ id: 'Directive' });
