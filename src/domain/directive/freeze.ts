import type { AssignmentEvent, EventOf } from '../assignment/events.js';
import type { Result } from '../assignment/state.js';
import { type Calendar, localDate } from '../calendar.js';
import type { DeadlineRule } from '../deadline/rule.js';
import type { Instant } from '../instant.js';
import type { DirectivePolicy } from '../policy.js';
import type { DirectiveContent, DraftTask } from './draft.js';
import { endsAtOf, type GateReport, type GateRow } from './gate.js';
import type { CarriedAssignment } from './links.js';
import type { ResolvedFact } from './past.js';
import type { UnclearSince } from './state.js';

/** What was issued: a numbered version with its policies, the roster of every group and one instant for all. */
export interface FrozenDirective {
  readonly directiveId: string;
  readonly workingGroupId: string;
  readonly version: number;
  readonly issuedAt: Instant;
  readonly endsAt: Instant | null;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
  readonly policy: DirectivePolicy;
  readonly calendar: { readonly id: string; readonly version: number };
  readonly content: Omit<DirectiveContent, 'tasks'>;
  readonly tasks: readonly FrozenTask[];
  /** Assignments that earlier versions asked for: where this version's own begin to count. */
  readonly base: number;
}

/** When an assignment of a task is due, from its first moment on. */
export interface FirstTime {
  readonly deadlineAt: Instant | null;
  readonly firstDeadlineAt: Instant | null;
  /** Where the ladder counts from, when the deadline was already past and is taken over with its past. */
  readonly ladderFrom: Instant | null;
  readonly originYear: number;
  /** From when the phrase was counted; absent: from the issue of the version. */
  readonly countedFrom?: Instant;
}

export interface FrozenTask extends FirstTime {
  readonly task: DraftTask;
  readonly ordinal: number;
  /** The clears it fails; an unclear row has no assignments and no clock for any unit. */
  readonly unclear: readonly string[];
  /** Since when it is; absent: since the issue. */
  readonly unclearSince?: UnclearSince;
  /** One assignment each. */
  readonly leads: readonly string[];
  /** Of the leads, those whose assignment this version brings; all of them in the first. */
  readonly brings: readonly string[];
  readonly coordinating: readonly string[];
  /** Of those whom this version brings, where the others keep the time that an earlier version gave them. */
  readonly brought?: FirstTime;
  /** Leads that go on with what they carried over from last year. */
  readonly carried?: readonly CarriedAssignment[];
  /** Work under way: when it was given, and what had happened before the issue. */
  readonly underWay?: { readonly assignedAt: Instant; readonly history: readonly ResolvedFact[] };
}

export interface FreezeContext {
  readonly directiveId: string;
  readonly workingGroupId: string;
  readonly version: number;
  readonly issuedAt: Instant;
  readonly calendar: Calendar;
  readonly policy: DirectivePolicy;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
}

/** Freezes what the gate let through; pure and total over a ready report. */
export function freeze(content: DirectiveContent, report: GateReport, ctx: FreezeContext): FrozenDirective {
  const { tasks, ...head } = content;
  const rows = new Map(report.rows.map((row) => [row.taskId, row]));
  return {
    directiveId: ctx.directiveId,
    workingGroupId: ctx.workingGroupId,
    version: ctx.version,
    issuedAt: ctx.issuedAt,
    endsAt: endsAtOf(content, ctx.calendar),
    standingAgencyId: ctx.standingAgencyId,
    homeAffairsId: ctx.homeAffairsId,
    policy: ctx.policy,
    calendar: { id: ctx.calendar.id, version: ctx.calendar.version },
    content: head,
    base: 0,
    tasks: tasks.flatMap((task) => {
      const row = rows.get(task.id);
      return row === undefined ? [] : [freezeTask(task, row, ctx)];
    }),
  };
}

export function freezeTask(task: DraftTask, row: GateRow, ctx: FreezeContext): FrozenTask {
  const taken = task.deadline.past?.answer === 'take_over' && row.past !== null;
  const carried = row.newDeadlineAt !== null;
  const yearOf = (at: Instant): number => Number(localDate(ctx.calendar, at).slice(0, 4));
  const deadlineAt = carried ? row.newDeadlineAt : row.deadlineAt;
  const coordinating = [
    ...new Set([
      ...task.coordinatingUnitIds,
      ...(task.severalLeads === 'first_leads'
        ? task.leadUnitIds.filter((unit) => unit !== task.leadUnitIds[0])
        : []),
    ]),
  ];
  return {
    task,
    ordinal: row.ordinal,
    unclear: row.findings.map((finding) => finding.clear),
    ...(row.findings.length > 0 && ctx.version > 1
      ? { unclearSince: { version: ctx.version, at: ctx.issuedAt } }
      : {}),
    leads: row.unclear ? [] : row.leads,
    brings: row.unclear ? [] : row.leads,
    coordinating,
    deadlineAt,
    firstDeadlineAt: row.deadlineAt,
    // Nothing is sent for what lies in the past: the whole ladder goes on from the issue.
    ladderFrom: taken ? ctx.issuedAt : null,
    originYear: yearOf(row.deadlineAt ?? ctx.issuedAt),
    ...(carried || row.countedFrom === null ? {} : { countedFrom: row.countedFrom }),
    ...(row.carried.length === 0 ? {} : { carried: row.carried }),
    ...(row.assignedAt === null ? {} : { underWay: { assignedAt: row.assignedAt, history: row.history } }),
  };
}

/** Since when the rows that are unclear in this version are, each version once; `issue` for those of the first. */
export function unclearSince(frozen: FrozenDirective, issue: UnclearSince): readonly UnclearSince[] {
  const since = new Map<number, UnclearSince>();
  for (const task of frozen.tasks.filter(({ unclear }) => unclear.length > 0)) {
    const one = task.unclearSince ?? issue;
    since.set(one.version, one);
  }
  return [...since.values()].sort((one, other) => one.version - other.version);
}

/** One assignment to be made: of a task, to a unit. */
export interface AssignmentSeed {
  readonly task: FrozenTask;
  readonly unitId: string;
}

/** What of the past of a task concerns the assignment of one unit, in order. */
export function historyOf({ task, unitId }: AssignmentSeed): readonly ResolvedFact[] {
  return (task.underWay?.history ?? []).filter((fact) => fact.unitId === null || fact.unitId === unitId);
}

/** How many assignments the directive has once this version is carried out. */
export function plannedCount(frozen: FrozenDirective): number {
  return frozen.tasks.reduce((sum, task) => sum + task.brings.length, frozen.base);
}

/** The assignments `from` … `from + count` of the directive that this version brings: the issuing cursor. */
export function assignmentSeeds(frozen: FrozenDirective, from: number, count: number): AssignmentSeed[] {
  const seeds: AssignmentSeed[] = [];
  let position = frozen.base;
  for (const task of frozen.tasks) {
    if (position + task.brings.length <= from) {
      position += task.brings.length;
      continue;
    }
    for (const unitId of task.brings) {
      if (position++ < from) continue;
      if (seeds.length === count) return seeds;
      seeds.push({ task, unitId });
    }
  }
  return seeds;
}

/** The words and the rule behind the deadline in force: a carried-over row follows its new one. */
export function deadlineOf({ task, deadlineAt, firstDeadlineAt }: FrozenTask): {
  phrase: string;
  rule: DeadlineRule | null;
} {
  const { phrase, rule, past } = task.deadline;
  return past?.answer === 'carry_over' && deadlineAt !== firstDeadlineAt
    ? { phrase: past.newPhrase, rule: past.newRule }
    : { phrase, rule };
}

/** The first event of an assignment's life. */
export function assignedEvent(
  frozen: FrozenDirective,
  seed: { task: FrozenTask; unitId: string },
  id: string,
): EventOf<'assigned'> {
  const { unitId } = seed;
  const task = { ...seed.task, ...seed.task.brought };
  const regular = task.task.recurrence === 'regular' || task.deadlineAt === null;
  const from = task.carried?.find((one) => one.unitId === unitId);
  const event: AssignmentEvent = {
    type: 'assigned',
    data: {
      id,
      workingGroupId: frozen.workingGroupId,
      directiveId: frozen.directiveId,
      taskId: task.task.id,
      unitId,
      coordinatingUnitIds: task.coordinating.filter((other) => other !== unitId),
      monitorUnitId: task.task.monitorUnitId ?? frozen.standingAgencyId,
      recurrence: regular ? 'regular' : 'one_off',
      result: targetOf(task.task, unitId),
      originYear: from?.originYear ?? task.originYear,
      ...(from === undefined ? {} : { carriedFrom: from.assignmentId }),
      provisional: frozen.content.provisional,
      state: 'assigned',
      resumeTo: null,
      assignedAt: task.underWay?.assignedAt ?? frozen.issuedAt,
      acknowledgedAt: null,
      officerId: null,
      deadline: { ...deadlineOf(task), byHand: false, from: task.countedFrom ?? frozen.issuedAt },
      calendar: frozen.calendar,
      firstDeadlineAt: regular ? null : (from?.firstDeadlineAt ?? task.firstDeadlineAt),
      deadlineAt: regular ? null : task.deadlineAt,
      dueAt: regular ? null : task.deadlineAt,
      ladderFrom: task.ladderFrom,
      cycle: 1,
      cycleSince: frozen.issuedAt,
      taken: [],
      submission: null,
      returns: 0,
      turn: 0,
      acceptedShare: 0,
      pauses: [],
      matters: [],
      letter: null,
      urgedAt: null,
      endedAt: null,
      supersededBy: [],
      predecessorId: null,
      figure: null,
    },
  };
  return event;
}

/** The unit's own target where the task states one, else the task's. */
export function targetOf(task: DraftTask, unitId: string): Result {
  const result: Result = task.result ?? { kind: 'deliverable', text: task.title };
  const own = task.targets.find((target) => target.unitId === unitId);
  return own === undefined || result.kind !== 'indicator' ? result : { ...result, numerator: own.numerator };
}
