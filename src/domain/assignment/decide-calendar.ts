import {
  addWorkingTime,
  type Calendar,
  endOfNextWorkingDay,
  sameCalendar,
  workingTimeBetween,
} from '../calendar.js';
import { resolveDeadline } from '../deadline/resolve.js';
import type { DeadlinePolicy } from '../deadline/rule.js';
import type { DecisionContext } from '../decision.js';
import { addDuration } from '../duration.js';
import type { Instant } from '../instant.js';
import { broughtForward, type Kept, type NotBefore, sameSteps } from '../planned.js';
import type { CalendarEdit, OutageGap } from './commands.js';
import type { AssignmentDecision } from './decide.js';
import type { AssignmentEvent, Moved } from './events.js';
import type { Assignment } from './state.js';
import { isEnded } from './state.js';
import { expectedSteps, rungInstant } from './steps.js';

/**
 * An edit of the calendar (design §3). What came from a rule is computed again and moves later or not at all; a
 * deadline set by hand stays. What was recorded as late and is no longer late is judged again, and the steps
 * that would not have been taken are marked void, with the reason.
 */
export function applyCalendar(a: Assignment, edit: CalendarEdit, ctx: DecisionContext): AssignmentDecision {
  const { calendar } = ctx;
  const unchanged = sameCalendar(a.calendar, calendar);
  if (unchanged && sameCalendar(edit.officeBefore, ctx.officeCalendar)) return { events: [] };
  const past = edit.keepsPast && a.dueAt !== null && a.dueAt <= ctx.receivedAt;
  const {
    deadlineAt,
    dueAt,
    ladderFrom,
    kept = [],
  } = past ? a : recounted(a, edit.before, calendar, ctx.policy.deadline);
  const rejudged = judgedAgain(a, dueAt, calendar);
  const next = { ...a, dueAt, ladderFrom };
  const announced = announcedFor(a, { ...a, deadlineAt, dueAt, ladderFrom }, edit, ctx);
  // Only the offices count by what was edited, and nobody has less time for it.
  if (unchanged && sameSteps(announced, a.notBefore ?? [])) return { events: [] };
  return {
    events: [
      {
        type: 'calendar_changed',
        data: {
          at: ctx.receivedAt,
          editId: edit.editId,
          calendar: { id: calendar.id, version: calendar.version },
          deadlineAt,
          dueAt,
          ladderFrom,
          rejudged,
          ...(announced.length === 0 ? {} : { notBefore: announced }),
          ...(kept.length === 0 ? {} : { kept }),
          previous: { calendar: a.calendar, deadlineAt: a.deadlineAt, dueAt: a.dueAt },
        },
        text: { reason: edit.reason, source: edit.source },
      },
      ...notOwed(next, rejudged !== null, edit.reason, ctx),
    ],
  };
}

/** Steps that would come earlier by the new calendars than was announced: of an answer, an escalation. */
function announcedFor(
  before: Assignment,
  after: Assignment,
  edit: CalendarEdit,
  ctx: DecisionContext,
): NotBefore[] {
  const formerly = { ...ctx, calendar: edit.before, officeCalendar: edit.officeBefore };
  return broughtForward(expectedSteps(before, formerly), expectedSteps(after, ctx, []), before.notBefore);
}

/** The first state of an assignment whose unit has another calendar than the one its directive was issued under. */
export function underCalendar(
  data: Omit<Assignment, 'seq' | 'lastRecordedAt'>,
  before: Calendar,
  calendar: Calendar,
  policy: DeadlinePolicy,
): Omit<Assignment, 'seq' | 'lastRecordedAt'> {
  if (sameCalendar(before, calendar)) return data;
  const { deadlineAt, dueAt, ladderFrom } = recounted(data, before, calendar, policy);
  return {
    ...data,
    calendar: { id: calendar.id, version: calendar.version },
    firstDeadlineAt: data.firstDeadlineAt === data.deadlineAt ? deadlineAt : data.firstDeadlineAt,
    deadlineAt,
    dueAt,
    ladderFrom,
  };
}

type Dated = Pick<
  Assignment,
  'deadline' | 'deadlineAt' | 'dueAt' | 'ladderFrom' | 'cycleSince' | 'mendSince' | 'kept'
>;

interface Recounted {
  readonly deadlineAt: Instant | null;
  readonly dueAt: Instant | null;
  readonly ladderFrom: Instant | null;
  readonly kept: readonly Kept[];
}

/** `until` is so much working time after `from`: the same amount after `newFrom`. */
type Recount = (until: Instant, from: Instant, newFrom: Instant) => Instant;

function recounted(a: Dated, before: Calendar, after: Calendar, policy: DeadlinePolicy): Recounted {
  const kept = new Map<Instant, Kept>();
  // Counted from where the last calendar has it: a day that comes and goes again must not add up.
  const later: Recount = (until, from, newFrom) => {
    const was = a.kept?.find((one) => one.until === until)?.as ?? until;
    const as = recount(was, from, newFrom, before, after);
    const end = Math.max(until, as);
    if (end > as) kept.set(end, { until: end, as });
    return end;
  };
  const deadlineAt = deadlineUnder(a, before, after, policy);
  const handLadder = a.deadline.byHand && a.ladderFrom === a.deadlineAt;
  return {
    deadlineAt,
    dueAt: dueUnder(a, deadlineAt, later),
    // The end of the time to mend counts from the return; a ladder that follows a deadline set by hand stays.
    ladderFrom:
      a.ladderFrom === null || handLadder ? a.ladderFrom : later(a.ladderFrom, a.cycleSince, a.cycleSince),
    kept: [...kept.values()],
  };
}

/** The rule read under the new calendar; what the old one does not explain was set otherwise, and stays. */
function deadlineUnder(a: Dated, before: Calendar, after: Calendar, policy: DeadlinePolicy): Instant | null {
  const { rule, byHand, from } = a.deadline;
  if (a.deadlineAt === null || rule === null || byHand) return a.deadlineAt;
  const under = (calendar: Calendar): Instant | null =>
    resolveDeadline(rule, { issuedAt: from, calendar, policy }).at;
  const [was, is] = [under(before), under(after)];
  // Earlier than recorded: an edit before this one took days off away again, and nothing moved back.
  if (was === null || is === null || was > a.deadlineAt) return a.deadlineAt;
  return Math.max(a.deadlineAt, is);
}

/** Beyond the deadline lies working time that was held, or given to mend: it is counted again from where it began. */
function dueUnder(a: Dated, deadlineAt: Instant | null, later: Recount): Instant | null {
  if (a.dueAt === null || a.deadlineAt === null || deadlineAt === null) return a.dueAt;
  // Where lateness stands the old deadline goes on judging.
  if (a.dueAt < a.deadlineAt) return a.dueAt;
  if (a.dueAt === a.deadlineAt) return Math.max(a.dueAt, deadlineAt);
  const mended = mendingFrom(a);
  return mended === null
    ? later(a.dueAt, a.deadlineAt, deadlineAt)
    : Math.max(later(a.dueAt, mended, mended), deadlineAt);
}

/** Where the time to mend began, also before the deadline; none of an earlier deadline than the one set. */
function mendingFrom({ deadline, deadlineAt, cycleSince, mendSince }: Dated): Instant | null {
  if (mendSince !== undefined && mendSince >= deadline.from) return mendSince;
  return deadlineAt !== null && cycleSince > deadlineAt ? cycleSince : null;
}

function recount(
  until: Instant,
  from: Instant,
  newFrom: Instant,
  before: Calendar,
  after: Calendar,
): Instant {
  if (until <= from) return until;
  const worked = workingTimeBetween(before, from, until);
  const was = addWorkingTime(before, from, worked);
  const is = addWorkingTime(after, newFrom, worked);
  return was === is ? until : is;
}

/** A result recorded as late that the new deadline has in time. */
function judgedAgain(a: Assignment, dueAt: Instant | null, calendar: Calendar): Moved['rejudged'] {
  const { submission } = a;
  if (submission === null || !submission.late || dueAt === null || submission.at > dueAt) return null;
  return { late: false, leftMs: workingTimeBetween(calendar, submission.at, dueAt) };
}

/** Steps after the deadline that would lie ahead now, or that a result in time would have stopped: void. */
function notOwed(next: Assignment, inTime: boolean, reason: string, ctx: DecisionContext): AssignmentEvent[] {
  const anchor = next.ladderFrom ?? next.dueAt;
  if (anchor === null) return [];
  const ahead = ctx.policy.ladder
    .filter((rung) => rung.when === 'after' && (inTime || rungInstant(rung, anchor, ctx) > ctx.receivedAt))
    .map((rung) => rung.step);
  const steps = next.taken
    .filter((taken) => !taken.voided && ahead.includes(taken.step))
    .map((taken) => taken.step);
  if (steps.length === 0) return [];
  return [{ type: 'steps_voided', data: { at: ctx.receivedAt, steps, cycle: next.cycle }, text: { reason } }];
}

/**
 * An outage is not the unit's fault (design §3): a deadline inside it moves to the end of the next working day,
 * whoever set it, and so do the answers that were asked for. A result that came meanwhile is judged again.
 */
export function excuseOutage(a: Assignment, gap: OutageGap, ctx: DecisionContext): AssignmentDecision {
  const { excuses, longerThan } = ctx.policy.outage;
  if (!excuses || addDuration(ctx.calendar, gap.from, longerThan) > gap.to) return { events: [] };
  const until = endOfNextWorkingDay(ctx.calendar, gap.to);
  const inside = (at: Instant | null): boolean => at !== null && at >= gap.from && at <= gap.to;
  const move = (at: Instant | null): Instant | null => (inside(at) ? until : at);
  const matters = isEnded(a.state) ? [] : questionsInside(a, inside, until);
  if (!inside(a.dueAt) && !inside(a.ladderFrom) && matters.length === 0) return { events: [] };
  const [dueAt, ladderFrom] = [move(a.dueAt), move(a.ladderFrom)];
  const rejudged = judgedAgain(a, dueAt, ctx.calendar);
  const reason = 'Hệ thống gián đoạn khi đến hạn';
  return {
    events: [
      {
        type: 'outage_excused',
        data: {
          at: ctx.receivedAt,
          ...gap,
          previous: { dueAt: a.dueAt },
          matters,
          dueAt,
          ladderFrom,
          rejudged,
        },
      },
      ...notOwed({ ...a, dueAt, ladderFrom }, rejudged !== null, reason, ctx),
    ],
  };
}

function questionsInside(
  a: Assignment,
  inside: (at: Instant) => boolean,
  until: Instant,
): { matterId: string; dueAt: Instant }[] {
  return a.matters.flatMap((matter) =>
    (matter.kind === 'contribution' || matter.kind === 'explanation') &&
    matter.state === 'asked' &&
    inside(matter.dueAt)
      ? [{ matterId: matter.id, dueAt: until }]
      : [],
  );
}
