import type { CalendarEdit, OutageGap } from '../assignment/commands.js';
import {
  type Calendar,
  endOfNextWorkingDay,
  isWorkingDate,
  localDate,
  movedLater,
  sameCalendar,
} from '../calendar.js';
import { addDuration } from '../duration.js';
import { type Instant, SECOND } from '../instant.js';
import { broughtForward, type NotBefore, sameSteps } from '../planned.js';
import type { ReportContext, ReportDecision } from './decide.js';
import type { MovedDue, ReportEvent } from './events.js';
import { evolveReport } from './evolve.js';
import { dueInForce, isInTime, JUDGE, latenessOf, type Obligation, reportAt } from './state.js';
import { expectedReportSteps, rungAt } from './steps.js';
import { afterThoseBelow, dueUnder } from './windows.js';

const FOR_EVER = Number.POSITIVE_INFINITY;

/**
 * An edit of the calendar, as for the deadline of an assignment: what a rule explains is counted again and moves
 * later or not at all. A report that was judged late and is in time by the new due instant is judged again.
 */
export function applyCalendarToReport(o: Obligation, edit: CalendarEdit, ctx: ReportContext): ReportDecision {
  const { calendar } = ctx;
  const unchanged = sameCalendar(o.calendar, calendar);
  if (unchanged && sameCalendar(edit.officeBefore, ctx.officeCalendar)) return { events: [] };
  const stays = (due: Instant): boolean => edit.keepsPast && due <= ctx.receivedAt;
  const first = stays(o.dueAt) ? o.dueAt : firstUnder(o, ctx);
  const mendUntil =
    o.mend === null || stays(o.mend.until)
      ? (o.mend?.until ?? null)
      : Math.max(mendUnder(o.mend, edit.before, ctx), first);
  const { events } = moves(o, { first, mendUntil }, ctx, edit.reason, (due) => ({
    type: 'calendar_changed',
    data: { at: ctx.receivedAt, editId: edit.editId, calendar: refOf(calendar), ...due },
    text: { reason: edit.reason, source: edit.source },
  }));
  const announced = announcedFor(o, events, edit, ctx);
  // Only the offices count by what was edited, and nobody has less time for it.
  if (unchanged && sameSteps(announced, o.notBefore ?? [])) return { events: [] };
  return { events: announcing(events, announced) };
}

/** The end of the time to mend, which counts from the return. */
function mendUnder(
  { since, until }: NonNullable<Obligation['mend']>,
  before: Calendar,
  { calendar, reporting }: ReportContext,
): Instant {
  return movedLater(until, addDuration(calendar, since, reporting.mend), before, calendar);
}

/** The same events, with what had been announced for steps that would come earlier now. */
function announcing(events: readonly ReportEvent[], notBefore: readonly NotBefore[]): readonly ReportEvent[] {
  if (notBefore.length === 0) return events;
  return events.map((event) =>
    event.type === 'calendar_changed' ? { ...event, data: { ...event.data, notBefore } } : event,
  );
}

/** Steps that would come earlier by the new calendars than was announced. */
function announcedFor(
  o: Obligation,
  events: readonly ReportEvent[],
  edit: Pick<CalendarEdit, 'before' | 'officeBefore'>,
  ctx: ReportContext,
): NotBefore[] {
  const after = events.reduce((state, event) => evolveReport(state, event, ctx.recordedAt), o);
  const formerly = { ...ctx, calendar: edit.before, officeCalendar: edit.officeBefore };
  return broughtForward(expectedReportSteps(o, formerly), expectedReportSteps(after, ctx, []), o.notBefore);
}

/**
 * The first due instant under another calendar: later or not at all, whatever had moved it before. What stands behind
 * its rule (an outage, those below) and has come to lie on a day off ends with the next working day, as counted time does.
 */
export function firstUnder(o: Obligation, { calendar, policy }: ReportContext): Instant {
  if (o.rule === null) return o.dueAt;
  const is = dueUnder(o.rule, calendar, policy.deadline) ?? o.dueAt;
  if (is >= o.dueAt) return is;
  return isWorkingDate(calendar, localDate(calendar, o.dueAt))
    ? o.dueAt
    : endOfNextWorkingDay(calendar, o.dueAt);
}

/**
 * An outage is not the unit's fault: a due instant inside it moves to the end of the next working day, and what
 * came meanwhile is judged again. Steps that the clock took on what was not owed yet are void.
 */
export function excuseReportOutage(o: Obligation, gap: OutageGap, ctx: ReportContext): ReportDecision {
  const { excuses, longerThan } = ctx.policy.outage;
  if (o.settled !== null || !excuses) return { events: [] };
  if (addDuration(ctx.calendar, gap.from, longerThan) > gap.to) return { events: [] };
  const until = endOfNextWorkingDay(ctx.calendar, gap.to);
  const inside = (at: Instant): boolean => at >= gap.from && at <= gap.to;
  const { mend } = o;
  if (!inside(o.dueAt) && (mend === null || !inside(mend.until))) return { events: [] };
  const first = inside(o.dueAt) ? until : o.dueAt;
  const mendUntil = mend === null ? null : inside(mend.until) ? until : mend.until;
  const reason = 'Hệ thống gián đoạn khi đến hạn báo cáo';
  return moves(o, { first, mendUntil }, ctx, reason, (due) => ({
    type: 'outage_excused',
    data: { at: ctx.receivedAt, ...gap, ...due },
  }));
}

/** What moved some of those below, and the last of their first due instants since. */
export interface MovedBelow {
  readonly last: Instant;
  readonly by:
    | { readonly kind: 'edit'; readonly edit: Pick<CalendarEdit, 'editId' | 'reason' | 'source'> }
    | { readonly kind: 'outage'; readonly gap: OutageGap };
}

/**
 * Who sums up is due a working day after the last of those below, as when the period was opened, also where an edit
 * or an outage reached only some of them. What came in time has no need of it, and the time to mend is nobody else's.
 */
export function followBelow(o: Obligation, { last, by }: MovedBelow, ctx: ReportContext): ReportDecision {
  const first = afterThoseBelow(o.dueAt, last, ctx.calendar);
  if (o.settled !== null || latenessOf(o) === false || first === o.dueAt) return { events: [] };
  const mendUntil = o.mend === null ? null : Math.max(o.mend.until, first);
  if (by.kind === 'outage') {
    const reason = 'Hệ thống gián đoạn khi các đơn vị cấp dưới đến hạn báo cáo';
    return moves(o, { first, mendUntil }, ctx, reason, (due) => ({
      type: 'outage_excused',
      data: { at: ctx.receivedAt, ...by.gap, below: last, ...due },
    }));
  }
  const { editId, reason, source } = by.edit;
  const { events } = moves(o, { first, mendUntil }, ctx, reason, (due) => ({
    type: 'calendar_changed',
    data: { at: ctx.receivedAt, editId, calendar: refOf(ctx.calendar), below: last, ...due },
    text: { reason, source },
  }));
  // The calendars are those of its last move; what had been announced by then still holds.
  const same = { before: ctx.calendar, officeBefore: ctx.officeCalendar };
  return { events: announcing(events, announcedFor(o, events, same, ctx)) };
}

function moves(
  o: Obligation,
  to: Pick<MovedDue, 'first' | 'mendUntil'>,
  ctx: ReportContext,
  reason: string,
  eventOf: (due: MovedDue) => ReportEvent,
): { readonly events: readonly ReportEvent[] } {
  const previous = {
    dueAt: dueInForce(o, FOR_EVER),
    first: o.dueAt,
    mendUntil: o.mend?.until ?? null,
    calendar: o.calendar,
  };
  const dueAt = o.mend === null ? to.first : (to.mendUntil ?? o.mend.until);
  const event = eventOf({ ...to, dueAt, rejudged: false, previous });
  const next = evolveReport(o, event, ctx.recordedAt);
  const rejudged = isLateReport(o) && !isLateReport(next);
  return { events: [eventOf({ ...to, dueAt, rejudged, previous }), ...notOwed(next, reason, ctx)] };
}

function isLateReport(o: Obligation): boolean {
  const report = reportAt(o, FOR_EVER);
  return report !== null && !isInTime(report);
}

/** Steps after the due instant that would lie ahead now, or that a report in time would have stopped: void. */
function notOwed(next: Obligation, reason: string, ctx: ReportContext): ReportEvent[] {
  const report = reportAt(next, FOR_EVER);
  const inTime = report !== null && isInTime(report);
  const due = dueInForce(next, FOR_EVER);
  const owedAt = new Map(
    ctx.reporting.ladder
      .filter((rung) => rung.when === 'after')
      .map((rung) => [rung.step, rungAt(rung, due, ctx.calendar)]),
  ).set(JUDGE, due + SECOND);
  const isOwed = (step: string): boolean => {
    const at = owedAt.get(step);
    return at === undefined || (!inTime && at <= ctx.receivedAt);
  };
  const steps = next.taken
    .filter(({ step, cycle, voided }) => !voided && cycle === next.cycle && !isOwed(step))
    .map(({ step }) => step);
  if (steps.length === 0) return [];
  return [{ type: 'steps_voided', data: { at: ctx.receivedAt, steps, cycle: next.cycle }, text: { reason } }];
}

const refOf = ({ id, version }: Calendar) => ({ id, version });
