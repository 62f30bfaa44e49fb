import type { NewDeadline } from '../assignment/events.js';
import type { Result } from '../assignment/state.js';
import { canonical } from '../canonical.js';
import type { DirectiveContent, DraftTask } from './draft.js';
import {
  deadlineOf,
  type FirstTime,
  type FreezeContext,
  type FrozenDirective,
  type FrozenTask,
  freezeTask,
  targetOf,
} from './freeze.js';
import { endsAtOf, type GateReport, type GateRow } from './gate.js';

/** What an amendment does to one task; the difference that is shown before it is carried out. */
export interface TaskChange {
  readonly taskId: string;
  readonly code: string | null;
  readonly title: string;
  readonly change: 'added' | 'cleared' | 'changed' | 'removed' | 'unclear';
  readonly deadline: { readonly from: number | null; readonly to: number | null } | null;
  readonly result: boolean;
  readonly unitsAdded: readonly string[];
  readonly unitsRemoved: readonly string[];
}

export interface Amendment {
  readonly next: FrozenDirective;
  readonly changes: readonly TaskChange[];
  /** Rows of the gate that stand in the way; unchanged tasks are never judged again. */
  readonly refused: readonly GateRow[];
  /** The end date moved, and with it the conclusion of every regular assignment. */
  readonly endMoved: boolean;
}

export interface AmendContext extends FreezeContext {
  readonly base: number;
  /** Whether a unit that the version in force does not name leads the task, because it was moved there. */
  readonly holds?: (taskId: string, unitId: string) => boolean;
}

/**
 * Holds a new content against the version in force, by stable task ids: unchanged tasks keep their
 * assignments, a changed deadline or target revises the same assignment, a removed task or unit stops what
 * is open, an added one assigns. Ended assignments stay as they are.
 */
export function amend(
  before: FrozenDirective,
  content: DirectiveContent,
  report: GateReport,
  ctx: AmendContext,
): Amendment {
  const known = new Map(before.tasks.map((frozen) => [frozen.task.id, frozen]));
  const rows = new Map(report.rows.map((row) => [row.taskId, row]));
  const refused: GateRow[] = [];
  const changes: TaskChange[] = [];
  const endsAt = endsAtOf(content, ctx.calendar);
  const endMoved = endsAt !== before.endsAt;
  const tasks = content.tasks.map((task, ordinal) => {
    const old = known.get(task.id) ?? null;
    const read = rows.get(task.id);
    if (read === undefined) throw new Error(`The gate has not read task ${task.id}`);
    const leads = leadsOf(old, task, read);
    const brings = leads.filter((unit) => isNew(unit, old, task.id, ctx));
    const joined = old !== null && old.leads.length > 0 && brings.length > 0;
    if (old !== null && same(old.task, task) && !joined) {
      // Unchanged, but for the day on which it concludes: that one has to be possible.
      if (endMoved && isRegular(old) && read.findings.some(({ clear }) => clear === 'time'))
        refused.push(read);
      const { brought: _brought, ...stays } = old;
      return { ...stays, ordinal, brings: [] };
    }
    const timed = !sameDeadline(old, task) || brings.length > 0;
    const row = timed || (endMoved && isRegular(old)) ? read : withoutTime(read);
    if (stands(row, timed)) refused.push(row);
    const next = amended(old, task, { ...row, ordinal, leads }, { ...ctx, brings });
    changes.push(changeOf(old, next));
    return next;
  });
  const kept = new Set(content.tasks.map((task) => task.id));
  for (const old of before.tasks.filter(({ task }) => !kept.has(task.id))) {
    changes.push({ ...changeOf(old, { ...old, leads: [], brings: [] }), change: 'removed' });
  }
  const { tasks: _tasks, ...head } = content;
  const next = {
    ...before,
    version: ctx.version,
    // One instant for all that this version brings.
    issuedAt: ctx.issuedAt,
    endsAt,
    content: head,
    tasks,
    base: ctx.base,
  };
  return { next, changes, refused, endMoved };
}

const isRegular = (frozen: FrozenTask): boolean =>
  frozen.unclear.length === 0 && (frozen.task.recurrence === 'regular' || frozen.deadlineAt === null);

const same = (one: unknown, other: unknown): boolean => canonical(one) === canonical(other);

const sameDeadline = (old: FrozenTask | null, task: DraftTask): old is FrozenTask =>
  old !== null && same(old.task.deadline, task.deadline);

/**
 * Who leads. The roster of a group is that of its issue, and who has joined since is added by an amendment; who has
 * left goes on with its work until that is moved. Who joins after the deadline owes nothing of it.
 */
function leadsOf(old: FrozenTask | null, task: DraftTask, row: GateRow): readonly string[] {
  if (old === null || old.leads.length === 0 || !sameRoster(old.task, task)) return row.leads;
  if (row.past?.answered === false) return old.leads;
  return [...old.leads, ...row.leads.filter((unit) => !old.leads.includes(unit))];
}

const sameRoster = (old: DraftTask, task: DraftTask): boolean =>
  old.nature === 'general' && task.nature === 'general' && same(old.groupCodes, task.groupCodes);

/** Who leads the task already, by the version in force or by a move, goes on with what it has. */
const isNew = (unit: string, old: FrozenTask | null, taskId: string, { holds }: AmendContext): boolean =>
  old === null || !(old.leads.includes(unit) || holds?.(taskId, unit) === true);

/** Nobody's time is set: what the gate says of a deadline that was set before stands in nobody's way. */
function withoutTime(row: GateRow): GateRow {
  const findings = row.findings.filter(({ clear }) => clear !== 'time');
  return { ...row, findings, unclear: row.unclear && findings.length > 0 };
}

/**
 * A row in the way: a failed clear that is not kept as unclear, or a deadline already past and not answered that is
 * new or that somebody new would have.
 */
function stands(row: GateRow, timed: boolean): boolean {
  if (row.unclear) return false;
  return row.findings.length > 0 || (timed && row.past?.answered === false);
}

function amended(
  old: FrozenTask | null,
  task: DraftTask,
  row: GateRow,
  { brings, ...ctx }: AmendContext & { readonly brings: readonly string[] },
): FrozenTask {
  const { unclearSince, ...fresh } = freezeTask(task, row, ctx);
  // A row that stays unclear keeps its clock.
  const since = old !== null && old.unclear.length > 0 ? old.unclearSince : unclearSince;
  const stays = fresh.unclear.length > 0 && since !== undefined ? { unclearSince: since } : {};
  const next = { ...fresh, ...stays, brings: fresh.leads.length === 0 ? [] : brings };
  // Nobody has it yet: its deadline is counted from now, as at an issue.
  if (old === null || old.leads.length === 0 || !sameDeadline(old, task)) return next;
  // The deadline was resolved when it was set; an amendment that leaves the phrase leaves the instant to whom it was
  // given. Who comes now has the time that the phrase gives from now on, and no past of the others.
  const { underWay: _past, countedFrom: _from, ...own } = next;
  const brought = next.brings.length === 0 ? {} : { brought: timeOf(fresh) };
  return { ...own, ...timeOf(old), ...brought };
}

const timeOf = ({
  deadlineAt,
  firstDeadlineAt,
  ladderFrom,
  originYear,
  countedFrom,
}: FirstTime): FirstTime => ({
  deadlineAt,
  firstDeadlineAt,
  ladderFrom,
  originYear,
  ...(countedFrom === undefined ? {} : { countedFrom }),
});

function changeOf(old: FrozenTask | null, next: FrozenTask): TaskChange {
  const removed = old?.leads.filter((unit) => !next.leads.includes(unit)) ?? [];
  const moved = old !== null && old.deadlineAt !== next.deadlineAt;
  const wasUnclear = old !== null && old.unclear.length > 0;
  return {
    taskId: next.task.id,
    code: next.task.code,
    title: next.task.title,
    change: next.unclear.length > 0 ? 'unclear' : old === null ? 'added' : wasUnclear ? 'cleared' : 'changed',
    deadline: moved ? { from: old.deadlineAt, to: next.deadlineAt } : null,
    result: old !== null && !same(old.task.result, next.task.result),
    unitsAdded: next.brings,
    unitsRemoved: removed,
  };
}

/** A running assignment of a task that changes. */
export interface RunningAssignment {
  readonly id: string;
  readonly taskId: string;
  readonly unitId: string;
  /** Who led it before its moves; empty where it was never moved. */
  readonly formerUnitIds: readonly string[];
  readonly result: Result;
}

export interface Revising {
  readonly deadline: NewDeadline | null;
  /** The words of a task that has become regular. */
  readonly regular?: Pick<NewDeadline, 'phrase' | 'rule'>;
  /** Null leaves what it has. */
  readonly result: Result | null;
  readonly coordinatingUnitIds: readonly string[];
  readonly monitorUnitId: string;
}

/**
 * What the amendment asks of a running assignment: that it stops with its task or its lead, or is revised; null where
 * it changes nothing of it. One that was moved stands for the lead from whom it came, by whatever moves.
 */
export function revisionOf(
  running: RunningAssignment,
  change: TaskChange,
  before: FrozenDirective,
  next: FrozenDirective,
): Revising | 'task_removed' | 'lead_removed' | null {
  if (change.change === 'removed') return 'task_removed';
  const task = next.tasks.find((one) => one.task.id === change.taskId);
  const old = before.tasks.find((one) => one.task.id === change.taskId);
  if (task === undefined || old === undefined) return null;
  const former = running.formerUnitIds.filter((unit) => old.leads.includes(unit));
  const stoodFor = former.length > 0 ? former : [running.unitId];
  const { unitId } = running;
  // Named now in its own right, it goes on whoever was named before.
  const named = task.leads.includes(unitId) && !old.leads.includes(unitId);
  const lead = named ? unitId : stoodFor.find((unit) => task.leads.includes(unit));
  if (lead === undefined) return 'lead_removed';
  const at = change.deadline?.to ?? null;
  return {
    deadline: at === null ? null : { ...deadlineOf(task), at, from: task.countedFrom ?? next.issuedAt },
    ...(becomesRegular(old, task) ? { regular: deadlineOf(task) } : {}),
    result: resultAfter(running, { old, task, lead, stoodFor }),
    coordinatingUnitIds: task.coordinating.filter((other) => other !== unitId),
    monitorUnitId: task.task.monitorUnitId ?? next.standingAgencyId,
  };
}

/** A dated task that is judged by its reports from here on: nobody is urged for a deadline that is no more. */
const becomesRegular = (old: FrozenTask, task: FrozenTask): boolean =>
  isRegular(task) && !isRegular(old) && old.deadlineAt !== null;

/** A share that a move has divided is nobody's target by the version: it stays, unless one is stated for the unit. */
function resultAfter(
  { unitId, formerUnitIds, result }: RunningAssignment,
  {
    old,
    task,
    lead,
    stoodFor,
  }: { old: FrozenTask; task: FrozenTask; lead: string; stoodFor: readonly string[] },
): Result | null {
  if (task.task.targets.some((target) => target.unitId === unitId)) return targetOf(task.task, unitId);
  const whole = stoodFor.some((unit) => same(result, targetOf(old.task, unit)));
  return formerUnitIds.length === 0 || whole ? targetOf(task.task, lead) : null;
}
