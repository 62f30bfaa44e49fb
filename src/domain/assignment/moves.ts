import { workingTimeBetween } from '../calendar.js';
import { UNIT_WORDS } from '../deadline/explain.js';
import { type DecisionContext, futureDeadlineFrom, withinParent } from '../decision.js';
import { addDuration, type Duration } from '../duration.js';
import { isRefusal, type Refusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { AssignmentInputs } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import { overtaken, textOf } from './decide-work.js';
import type { EventOf, MoveKind, NewDeadline } from './events.js';
import { isLate } from './lateness.js';
import { endPauses, heldBy, openPauses } from './pauses.js';
import { dividedResults } from './shares.js';
import { type Assignment, isEnded, isPending, type Matter, type Submission } from './state.js';

type MoveInput = AssignmentInputs['move'];

/** How long a successor has where lateness stays behind and nobody named a date. */
const DEFAULT_CLOCK: Duration = { value: 10, unit: 'wd' };

/**
 * Moves assignments of one task to successors, n to m: split with their targets divided, merged, or to a caretaker.
 * Each source is superseded by all successors; the first one brings them into the record. Facts and lateness so far
 * stay with the former lead; what waits or is pending goes along, and nobody becomes late by it.
 */
export function move(a: Assignment, input: MoveInput, ctx: DecisionContext): AssignmentDecision {
  const sources = input.together?.sources ?? [a];
  const ids = input.together?.successorIds ?? input.to.map(() => ctx.newId());
  const unfit = misfit(sources, input, ctx);
  if (unfit !== null) return unfit;
  const results = dividedResults(sources, input);
  if (isRefusal(results)) return results;
  const deadline = clockOf(sources, input, ctx);
  if (isRefusal(deadline)) return deadline;
  const units = input.to.map(({ unitId }) => unitId);
  const carried = a.matters.filter((matter) => goesAlong(matter, units)).map(({ id }) => id);
  const superseded: EventOf<'superseded'> = {
    type: 'superseded',
    data: { at: ctx.happenedAt, by: ids, how: kindOf(sources, input), carried },
    ...textOf({ reason: input.reason }),
  };
  const events = [superseded, ...overtaken(a, ctx, 'The assignment had been moved before.')];
  if (sources[0]?.id !== a.id) return { events };
  const spawned = input.to.map(({ unitId }, index) => {
    const id = ids[index] ?? ctx.newId();
    const result = results[index] ?? a.result;
    return {
      kind: 'assignment' as const,
      id,
      events: [successor(sources, { id, unitId, result, deadline, input }, ctx)],
    };
  });
  return { events, spawned };
}

/** What a reorganisation takes from its lead: who decides that has decided it there; what has ended stays behind. */
export function reorganise(a: Assignment, input: MoveInput, ctx: DecisionContext): AssignmentDecision {
  return isEnded(a.state) ? { events: [] } : move(a, input, ctx);
}

function kindOf(sources: readonly Assignment[], { to, caretaker }: MoveInput): MoveKind {
  if (caretaker === true) return 'caretaker';
  if (sources.length > 1) return 'merged';
  return to.length > 1 ? 'split' : 'moved';
}

/** What cannot be one move, with what to do instead. */
function misfit(
  sources: readonly Assignment[],
  { to, caretaker }: MoveInput,
  ctx: DecisionContext,
): Refusal | null {
  const units = new Set(to.map(({ unitId }) => unitId));
  if (units.size !== to.length || to.length === 0) {
    return refuse('reference_unknown', {
      vi: 'Mỗi đơn vị nhận chỉ nêu một lần.',
      en: 'Name each successor once.',
    });
  }
  const stays = sources.some(({ unitId }) => units.has(unitId));
  const late = sources.some((source) => isLate(source, ctx.receivedAt));
  if (stays && (late || (sources.length === 1 && to.length === 1))) {
    return refuse('reference_unknown', {
      vi: 'Đơn vị mới trùng đơn vị cũ; đơn vị đang chậm không thể tự giao lại cho mình.',
      en: 'The new lead is the present one; who is late is not given its own work anew.',
    });
  }
  if (caretaker === true && to.length > 1) {
    return refuse('transition_not_allowed', {
      vi: 'Tạm giao thì giao cho một đơn vị; chia cho nhiều đơn vị thì bỏ «caretaker».',
      en: 'A caretaker is one unit; to divide it among several leave out "caretaker".',
    });
  }
  return unlike(sources);
}

/** What is merged becomes one: it cannot wait for its confirmer in one part and be worked on in another. */
function unlike(sources: readonly Assignment[]): Refusal | null {
  const [first] = sources;
  const mixed = (of: (a: Assignment) => unknown): boolean =>
    sources.some((source) => of(source) !== (first === undefined ? null : of(first)));
  if (mixed((a) => a.taskId) || mixed((a) => a.recurrence)) {
    return refuse('transition_not_allowed', {
      vi: 'Chỉ gộp các lần giao của cùng một nhiệm vụ.',
      en: 'Only assignments of one task are merged.',
    });
  }
  if (mixed((a) => a.submission !== null) || mixed((a) => a.state === 'suspended')) {
    return refuse('transition_not_allowed', {
      vi: 'Có phần đang chờ xác nhận hoặc tạm dừng, có phần không: chuyển từng phần, hoặc xử lý phần đó trước rồi mới gộp.',
      en: 'Some of them wait for confirmation or are suspended and others are not: move them one by one, or settle those first and merge then.',
    });
  }
  return null;
}

/** The deadline is kept, unless one is given; lateness stays behind, so who takes over late work has a clock of its own. */
function clockOf(
  sources: readonly Assignment[],
  input: MoveInput,
  ctx: DecisionContext,
): NewDeadline | null | Refusal {
  if (input.deadline !== undefined)
    return withinParent(futureDeadlineFrom(input.deadline, ctx), input.parentDocument, ctx);
  if (!sources.some((source) => isLate(source, ctx.receivedAt))) return null;
  const duration = ctx.policy.successorClock ?? DEFAULT_CLOCK;
  const at = addDuration(ctx.calendar, ctx.receivedAt, duration);
  // Merged with what has longer: nobody loses time by the lateness of another.
  if (sources.some(({ dueAt }) => dueAt !== null && dueAt > at)) return null;
  const phrase = `${duration.value} ${UNIT_WORDS[duration.unit].vi} (thời gian cho đơn vị tiếp nhận, ${ctx.policy.id} v${ctx.policy.version})`;
  return { phrase, rule: null, at };
}

/** A stated cause speaks of the former lead's lateness; a contest ends with the move; nobody contributes to itself. */
function goesAlong(matter: Matter, units: readonly string[]): boolean {
  if (!isPending(matter)) return false;
  if (matter.kind === 'contribution') return !units.includes(matter.askedUnitId);
  return matter.kind !== 'cause' && matter.kind !== 'contest';
}

interface Heir {
  readonly id: string;
  readonly unitId: string;
  readonly result: Assignment['result'];
  readonly deadline: NewDeadline | null;
  readonly input: MoveInput;
}

/** What is pending goes along under new ids; `names` says which old id became which. */
function mattersAlong(
  sources: readonly Assignment[],
  unitId: string,
  notBefore: Instant | null,
  ctx: DecisionContext,
): { matters: Matter[]; names: ReadonlyMap<string, string> } {
  const names = new Map<string, string>();
  const matters = sources.flatMap((source) =>
    source.matters
      .filter((matter) => goesAlong(matter, [unitId]))
      .map((matter) => {
        const id = ctx.newId();
        names.set(matter.id, id);
        return inherited(matter, { id, unitId, notBefore });
      }),
  );
  return { matters, names };
}

/** A lead that begins: nobody there has seen it, is in charge of it or was urged. */
const NEW_LEAD = {
  acknowledgedAt: null,
  officerId: null,
  urgedAt: null,
  endedAt: null,
  supersededBy: [],
} as const;

function successor(
  sources: readonly Assignment[],
  { id, unitId, result, deadline, input }: Heir,
  ctx: DecisionContext,
): EventOf<'assigned'> {
  const at = ctx.happenedAt;
  const due = deadline === null ? keptDeadline(sources, ctx) : newDeadline(sources, deadline, at);
  const {
    seq: _seq,
    lastRecordedAt: _recorded,
    formerLife: _former,
    followedFrom: _from,
    firstFigure: _first,
    notBefore: _announced,
    ...kept
  } = due.base;
  const alone = sources.length === 1 && input.to.length === 1;
  const { matters, names } = mattersAlong(sources, unitId, deadline === null ? null : at, ctx);
  const submission = waiting(sources, due.dueAt, deadline === null ? null : at, ctx);
  const suspended = sources.every(({ state }) => state === 'suspended');
  const working = submission === null ? 'assigned' : 'submitted';
  return {
    type: 'assigned',
    data: {
      ...kept,
      ...NEW_LEAD,
      id,
      unitId,
      coordinatingUnitIds: [...new Set(sources.flatMap((source) => source.coordinatingUnitIds))].filter(
        (unit) => unit !== unitId,
      ),
      result,
      originYear: Math.min(...sources.map(({ originYear }) => originYear)),
      state: suspended ? 'suspended' : working,
      resumeTo: suspended ? working : null,
      assignedAt: at,
      deadline: due.deadline,
      deadlineAt: due.deadlineAt,
      dueAt: due.dueAt,
      ladderFrom: due.ladderFrom,
      cycle: due.cycle,
      cycleSince: due.cycleSince,
      ...stepsAlong(sources, due.base, deadline !== null, names),
      submission,
      returns: Math.max(...sources.map(({ returns }) => returns)),
      turn: Math.max(...sources.map(({ turn }) => turn)),
      acceptedShare: alone ? kept.acceptedShare : Math.min(...sources.map((one) => one.acceptedShare)),
      pauses: pausesAlong(sources, names, at, deadline !== null),
      matters,
      letter: deadline === null && sources.length === 1 ? kept.letter : null,
      predecessorId: sources[0]?.id ?? null,
      ...(sources.length > 1 ? { predecessorIds: sources.map((source) => source.id) } : {}),
      ...(input.caretaker === true ? { caretaker: true } : {}),
      // Recorded after the day on which it counts: nobody is asked for what lies before.
      ...(at < ctx.receivedAt ? { followedFrom: ctx.receivedAt } : {}),
      ...figuresAlong(due.base, alone),
    },
  };
}

/** Divided or merged work begins without a figure: the sum of others was never its own. */
function figuresAlong(
  { figure, firstFigure }: Assignment,
  alone: boolean,
): Pick<Assignment, 'figure' | 'firstFigure'> {
  if (!alone) return { figure: null };
  return firstFigure === undefined ? { figure } : { figure, firstFigure };
}

interface DueAfter
  extends Pick<Assignment, 'deadline' | 'deadlineAt' | 'dueAt' | 'ladderFrom' | 'cycle' | 'cycleSince'> {
  /** The source whose deadline it is. */
  readonly base: Assignment;
}

/** Of several deadlines the latest, so that nobody becomes late by a merging; what a contest held is added. */
function keptDeadline(
  sources: readonly Assignment[],
  { calendar, happenedAt: at }: DecisionContext,
): DueAfter {
  const held = sources.map((source) => {
    const closing = openPauses(source).filter((pause) => pause.kind === 'contest');
    return { source, ...heldBy(source, closing, at, calendar) };
  });
  const {
    source: base,
    dueAt,
    ladderFrom,
  } = held.reduce((best, one) =>
    (one.dueAt ?? Number.NEGATIVE_INFINITY) > (best.dueAt ?? Number.NEGATIVE_INFINITY) ? one : best,
  );
  const { deadline, deadlineAt, cycle, cycleSince } = base;
  return { base, deadline, deadlineAt, dueAt, ladderFrom, cycle, cycleSince };
}

function newDeadline(sources: readonly Assignment[], deadline: NewDeadline, at: Instant): DueAfter {
  const base = sources.reduce((best, one) => (one.cycle > best.cycle ? one : best));
  return {
    base,
    deadline: { phrase: deadline.phrase, rule: deadline.rule, byHand: true, from: at },
    deadlineAt: deadline.at,
    dueAt: deadline.at,
    ladderFrom: null,
    cycle: base.cycle + 1,
    cycleSince: at,
  };
}

/**
 * The steps of the ladder are inherited with the deadline; one of its own brings a ladder of its own. Clocks of what
 * goes along have run already where they have run. A new lead has its own window to acknowledge and to contest.
 */
function stepsAlong(
  sources: readonly Assignment[],
  base: Assignment,
  anew: boolean,
  names: ReadonlyMap<string, string>,
): Pick<Assignment, 'taken' | 'notBefore'> {
  const ladder = (source: Assignment): boolean => source === base && !anew;
  const taken = sources.flatMap((source) => along(source.taken, ladder(source), names));
  const notBefore = sources.flatMap((source) => along(source.notBefore ?? [], ladder(source), names));
  return notBefore.length === 0 ? { taken } : { taken, notBefore };
}

/** Steps of what goes along, under its new ids; and with `ladder` those of the ladder. */
function along<T extends { readonly step: string }>(
  steps: readonly T[],
  ladder: boolean,
  names: ReadonlyMap<string, string>,
): T[] {
  return steps
    .filter(({ step }) => step.includes(':') || (ladder && step !== 'acknowledgement'))
    .map((one) => {
      const [kind = '', about = '', ...rest] = one.step.split(':');
      const renamed = names.get(about);
      return renamed === undefined ? one : { ...one, step: [kind, renamed, ...rest].join(':') };
    });
}

function inherited(
  matter: Matter,
  { id, unitId, notBefore }: { id: string; unitId: string; notBefore: Instant | null },
): Matter {
  const base = { ...matter, id, openedSeq: 1, movedFrom: matter.id };
  // Under a clock of its own, time that stood still before it is none of the successor's.
  if (base.kind !== 'obstacle') return base;
  return {
    ...base,
    openedAt: Math.max(base.openedAt, notBefore ?? base.openedAt),
    holderUnitId: base.holderUnitId === unitId ? null : base.holderUnitId,
  };
}

function pausesAlong(
  sources: readonly Assignment[],
  names: ReadonlyMap<string, string>,
  at: Instant,
  anew: boolean,
): Assignment['pauses'] {
  return sources
    .flatMap((source) => endPauses(source, at, (pause) => pause.kind === 'contest').pauses)
    .map((pause) => ({
      ...pause,
      from: anew && pause.to === null ? at : pause.from,
      matterId: pause.matterId === null ? null : (names.get(pause.matterId) ?? pause.matterId),
    }))
    .sort((one, other) => one.from - other.from);
}

/** A result that waits goes along, judged by the deadline that the successor has. */
function waiting(
  sources: readonly Assignment[],
  dueAt: Instant | null,
  clockFrom: Instant | null,
  { calendar }: DecisionContext,
): Submission | null {
  const results = sources.flatMap(({ submission }) => submission ?? []);
  const [first] = results;
  if (first === undefined) return null;
  const last = results.reduce((best, one) => (one.at > best.at ? one : best), first);
  const late = dueAt !== null && last.at > dueAt;
  return {
    ...last,
    recordedAt: Math.max(...results.map(({ recordedAt }) => recordedAt)),
    late,
    leftMs: late || dueAt === null ? 0 : workingTimeBetween(calendar, clockFrom ?? last.at, dueAt),
    evidence: [...new Set(results.flatMap(({ evidence }) => evidence))],
  };
}
