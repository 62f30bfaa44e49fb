import { z } from 'zod';
import { ASSIGNMENT_ACTIONS } from '../domain/assignment/table.js';
import { Id, InstantText, LocalDate, UnitRef } from './common.js';
import { Counts } from './four-counts.js';
import { Outlook } from './indicators.js';
import {
  AssignmentStateName,
  actionOf,
  CountClassName,
  DirectiveStateName,
  JsonObjectOrNull,
  namesOf,
  TaskKind,
  TaskNature,
  TimelineEntry,
} from './resources.js';

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
