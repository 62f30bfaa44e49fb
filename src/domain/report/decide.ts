import type { CalendarEdit, OutageGap } from '../assignment/commands.js';
import { textOf } from '../assignment/decide-work.js';
import { toSecond } from '../assignment/lateness.js';
import { type CaseContext, isPapered } from '../decision.js';
import { addDuration } from '../duration.js';
import { type Refusal, refuse } from '../errors.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { ReportingPolicy } from '../policy.js';
import type { ReportEvent } from './events.js';
import { type LapseGround, lapseEvents } from './lapse.js';
import {
  applyCalendarToReport,
  excuseReportOutage,
  firstUnder,
  followBelow,
  type MovedBelow,
} from './moves.js';
import {
  dueInForce,
  isInTime,
  JUDGE,
  type Obligation,
  type ReportedProgress,
  reportAt,
  stateAt,
} from './state.js';
import { type ReportCandidate, reportCandidates } from './steps.js';
import {
  documentNeeded,
  nothingAsked,
  permitsReport,
  type ReportAction,
  reportStateRefusal,
} from './table.js';

export interface ReportInputs {
  submit: { text: string; progress: readonly ReportedProgress[] };
  restate: { reason: string; progress: readonly ReportedProgress[] };
  return: { reason: string; formOnly: boolean };
  ask_excuse: { reason: string };
  excuse: { reason: string };
  refuse_excuse: { reason: string };
}

export type ReportCommand =
  | { [A in ReportAction]: { readonly action: A; readonly input: ReportInputs[A] } }[ReportAction]
  | { readonly action: 'note'; readonly note: SubjectNote }
  /** The regime, its last directive or the unit ended; the decision was taken there, and the context knows it. */
  | { readonly action: 'lapse' }
  /** The calendar was edited, or the unit has another one. */
  | { readonly action: 'apply_calendar'; readonly input: CalendarEdit }
  /** An outage has ended: what fell due in it moves. */
  | { readonly action: 'excuse_outage'; readonly input: OutageGap }
  /** One of these has moved those below: who sums up is not due before them. */
  | { readonly action: 'follow_below'; readonly input: MovedBelow }
  /** The clock: takes every step that is due at `receivedAt`. */
  | { readonly action: 'take_steps' };

export interface ReportContext extends CaseContext {
  readonly reporting: ReportingPolicy;
  /** Why nothing may be owed any more, as the record says under the lock. */
  readonly grounds: readonly LapseGround[];
}

export type ReportDecision = { readonly events: readonly ReportEvent[] } | Refusal;

/** Judges a command on what a unit owes for one period. */
export function decideReport(o: Obligation, command: ReportCommand, ctx: ReportContext): ReportDecision {
  if (command.action === 'take_steps') return takeSteps(o, ctx);
  if (command.action === 'lapse') return { events: lapseEvents(o, ctx) };
  if (command.action === 'apply_calendar') return applyCalendarToReport(o, command.input, ctx);
  if (command.action === 'excuse_outage') return excuseReportOutage(o, command.input, ctx);
  if (command.action === 'follow_below') return followBelow(o, command.input, ctx);
  if (command.action === 'note') return { events: [command.note] };
  return (
    permitsReport(ctx.actor, command.action, o, ctx.directive, isPapered(ctx)) ??
    reportStateRefusal(command.action, stateAt(o, actsAt(o, command.action, ctx))) ??
    nothingAsked(command.action, o) ??
    instantRefusal(o, command.action, ctx) ??
    act(o, command, ctx)
  );
}

/** A paper that had come before the deadline is judged in the state of that time; what is settled is not asked for again. */
function actsAt(o: Obligation, action: ReportAction, ctx: ReportContext): Instant {
  const asks = action === 'ask_excuse' && o.settled === null;
  return action === 'submit' || asks ? ctx.happenedAt : ctx.receivedAt;
}

/** What a person does; the rest is the clock's, or follows from something else. */
export type PersonReportCommand = Extract<ReportCommand, { action: ReportAction }>;

function act(o: Obligation, command: PersonReportCommand, ctx: ReportContext): ReportDecision {
  const at = ctx.happenedAt;
  switch (command.action) {
    case 'submit':
      return submit(o, command.input, ctx);
    case 'restate':
      return restate(o, command.input, at);
    case 'return':
      return giveBack(o, command.input, ctx);
    case 'ask_excuse':
      return {
        events: [
          { type: 'excuse_asked', data: { at }, ...textOf({ reason: command.input.reason }) },
          ...overtaken(o, at, above(ctx), 'The unit had asked to be excused before.'),
        ],
      };
    case 'excuse':
      if (ctx.document === null) return documentNeeded();
      // Valid from when it is entered: what the list showed before stays what it showed.
      return {
        events: [
          { type: 'excused', data: { at: ctx.receivedAt }, ...textOf({ reason: command.input.reason }) },
        ],
      };
    case 'refuse_excuse':
      return {
        events: [{ type: 'excuse_refused', data: { at }, ...textOf({ reason: command.input.reason }) }],
      };
  }
}

/** A paper counts in the place of a late report that stands or was given back, if it had come before that. */
function takesPlace({ received }: Obligation, at: Instant): boolean {
  const last = received.at(-1);
  return last !== undefined && at < last.at && !isInTime(last);
}

/** Judged at the instant it came, or at its first coming where only its form had been wrong. */
function submit(o: Obligation, input: ReportInputs['submit'], ctx: ReportContext): ReportDecision {
  const at = ctx.happenedAt;
  const last = o.received.at(-1);
  const replaces = takesPlace(o, at);
  const waiting = reportAt(o, Number.POSITIVE_INFINITY);
  if (waiting !== null && !replaces) return alreadyThere(waiting.at);
  const form = !replaces && last?.returned?.formOnly === true ? last : null;
  const judged = form?.judged ?? at;
  const dueAt = form?.dueAt ?? dueInForce(o, at);
  const events: ReportEvent[] = [
    {
      type: 'submitted',
      data: { at, judged, dueAt, progress: input.progress, ...(replaces ? { replaces } : {}) },
      ...textOf({ text: input.text }),
    },
  ];
  // In time it undoes the judgement as well; late, only what was taken after it came.
  const inTime = toSecond(judged) <= dueAt;
  const reason = inTime ? 'The report had come in time.' : 'The report had come before these steps.';
  events.push(...overtaken(o, inTime ? judged : at, (step) => inTime || step !== JUDGE, reason, at));
  return { events };
}

/** The rungs that an unanswered request to be excused holds back. */
function above({ reporting }: ReportContext): (step: string) => boolean {
  const held = reporting.ladder.filter(({ kind }) => kind !== 'reminder' && kind !== 'urge');
  return (step) => held.some((rung) => rung.step === step);
}

/** What the clock did since, before it was known: marked void, never erased. */
function overtaken(
  o: Obligation,
  since: Instant,
  which: (step: string) => boolean,
  reason: string,
  at: Instant = since,
): ReportEvent[] {
  const steps = o.taken
    .filter(
      (taken) => taken.cycle === o.cycle && !taken.voided && taken.plannedAt > since && which(taken.step),
    )
    .map((taken) => taken.step);
  if (steps.length === 0) return [];
  return [{ type: 'steps_voided', data: { at, steps, cycle: o.cycle }, text: { reason } }];
}

function restate(o: Obligation, input: ReportInputs['restate'], at: Instant): ReportDecision {
  const changes = input.progress.map(({ assignmentId, ...after }) => {
    const known = o.progress.find((one) => one.assignmentId === assignmentId);
    const before = known === undefined ? null : { percent: known.percent, figure: known.figure };
    return { assignmentId, before, after };
  });
  return { events: [{ type: 'restated', data: { at, changes }, ...textOf({ reason: input.reason }) }] };
}

/** Counts from when it is entered, whatever date its paper bears; who had been in time gets time to mend. */
function giveBack(o: Obligation, input: ReportInputs['return'], ctx: ReportContext): ReportDecision {
  const at = ctx.receivedAt;
  const { formOnly, reason } = input;
  const report = reportAt(o, at);
  // What was late follows the edits of the calendar, and goes on to do so.
  const late = { at, formOnly, mendUntil: null, calendar: o.calendar };
  const data = report !== null && isInTime(report) ? { at, formOnly, ...timeToMend(o, at, ctx) } : late;
  return { events: [{ type: 'returned', data, ...textOf({ reason }) }] };
}

/** Never less than the unit had by the calendar of today, which is not applied to what had come in time. */
function timeToMend(o: Obligation, at: Instant, ctx: ReportContext) {
  const { calendar, reporting } = ctx;
  const first = firstUnder(o, ctx);
  const had =
    o.mend === null ? first : Math.max(o.mend.until, addDuration(calendar, o.mend.since, reporting.mend));
  const mendUntil = Math.max(had, addDuration(calendar, at, reporting.mend));
  return { mendUntil, first, calendar: { id: calendar.id, version: calendar.version } };
}

function takeSteps(o: Obligation, ctx: ReportContext): ReportDecision {
  if (ctx.actor.kind !== 'clock') {
    return refuse('forbidden', { vi: 'Chỉ đồng hồ thực hiện bước này.', en: 'Only the clock takes steps.' });
  }
  // Nothing is judged or urged that is not owed any more, whoever comes first.
  const lapsed = lapseEvents(o, ctx);
  if (lapsed.length > 0) return { events: lapsed };
  const due = reportCandidates(o, ctx)
    .filter((candidate) => candidate.at <= ctx.receivedAt)
    .sort((one, other) => one.at - other.at);
  return { events: due.map((candidate) => stepEvent(o, candidate, due, ctx)) };
}

/** After an outage every missed step is recorded, and only the highest message of each receiver is sent. */
function stepEvent(
  o: Obligation,
  candidate: ReportCandidate,
  all: readonly ReportCandidate[],
  ctx: ReportContext,
): ReportEvent {
  const { step, kind, to, at, policyText, calendar } = candidate;
  const later = all.slice(all.indexOf(candidate) + 1).filter((one) => one.kind !== 'clock');
  const sends = kind === 'clock' ? to : to.filter((one) => !later.some((higher) => higher.to.includes(one)));
  const fact = {
    step,
    kind,
    cycle: o.cycle,
    plannedAt: at,
    takenAt: ctx.receivedAt,
    to,
    sends,
    policyText,
    calendar: `${calendar.id} v${calendar.version}`,
  };
  if (step !== JUDGE) return { type: 'step_taken', data: fact };
  const state = reportAt(o, ctx.receivedAt) === null ? ('missing' as const) : ('received_late' as const);
  return { type: 'judged', data: { ...fact, state } };
}

/** What is recorded from a document lies neither in the future nor before the period was opened, or what it answers. */
function instantRefusal(o: Obligation, action: ReportAction, ctx: ReportContext): Refusal | null {
  const replaces = action === 'submit' && takesPlace(o, ctx.happenedAt);
  const came = o.received.at(replaces ? -2 : -1);
  const asked = action === 'refuse_excuse' ? (o.excuse?.askedAt ?? 0) : 0;
  const earliest = Math.max(o.opensAt, came?.returned?.at ?? came?.at ?? 0, asked);
  if (ctx.happenedAt >= earliest && ctx.happenedAt <= ctx.receivedAt) return null;
  if (ctx.happenedAt === ctx.receivedAt) return null;
  return refuse('happened_in_future', {
    vi: 'Ngày đến của văn bản ở tương lai, hoặc trước khi kỳ báo cáo ở trạng thái hiện tại.',
    en: 'The arrival of the document lies in the future, or before the report came to its present state.',
  });
}

function alreadyThere(at: Instant): Refusal {
  return refuse(
    'transition_not_allowed',
    {
      vi: 'Đã có báo cáo của kỳ này; để sửa số liệu hãy dùng «restate».',
      en: 'The report of this period is there already; to correct figures, restate it.',
    },
    { extra: { receivedAt: new Date(at).toISOString() } },
  );
}
