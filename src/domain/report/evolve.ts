import type { Instant } from '../instant.js';
import type { MovedDue, ReportEvent, ReportEventOf } from './events.js';
import type { Obligation, ReportedProgress } from './state.js';

export function obligationBorn(event: ReportEventOf<'opened'>, recordedAt: Instant): Obligation {
  return { ...event.data, seq: 1, lastRecordedAt: recordedAt };
}

/** The state after an event; total and pure. */
export function evolveReport(before: Obligation, event: ReportEvent, recordedAt: Instant): Obligation {
  return { ...apply(before, event), seq: before.seq + 1, lastRecordedAt: recordedAt };
}

export function foldReport(
  events: readonly { readonly event: ReportEvent; readonly recordedAt: Instant }[],
): Obligation {
  const [first, ...others] = events;
  if (first?.event.type !== 'opened') throw new Error('A life begins with opened');
  return others.reduce(
    (state, { event, recordedAt }) => evolveReport(state, event, recordedAt),
    obligationBorn(first.event, first.recordedAt),
  );
}

function apply(o: Obligation, event: ReportEvent): Obligation {
  switch (event.type) {
    case 'opened':
      throw new Error('opened can only be the first event');
    case 'submitted':
      return submitted(o, event.data);
    case 'restated':
      return {
        ...o,
        restatements: o.restatements + 1,
        progress: merged(
          o.progress,
          event.data.changes.map(({ assignmentId, after }) => ({ assignmentId, ...after })),
        ),
      };
    case 'returned':
      return returned(o, event.data);
    case 'excuse_asked':
      return { ...o, excuse: { askedAt: event.data.at, state: 'asked' } };
    case 'step_acknowledged':
    case 'text_destroyed':
      return o;
    case 'excuse_refused':
      return { ...o, excuse: o.excuse === null ? null : { ...o.excuse, state: 'refused' } };
    case 'excused':
      return {
        ...o,
        excuse: { askedAt: o.excuse?.askedAt ?? event.data.at, state: 'granted' },
        settled: { state: 'excused', at: event.data.at },
      };
    case 'calendar_changed':
      return {
        ...moved(o, event.data),
        calendar: event.data.calendar,
        notBefore: event.data.notBefore ?? [],
      };
    case 'outage_excused':
      return moved(o, event.data);
    case 'lapsed':
      return { ...o, settled: { state: 'lapsed', ...event.data } };
    case 'urging_ended':
      return { ...o, urgingEndedAt: event.data.at };
    case 'judged':
    case 'step_taken': {
      const { step, cycle, plannedAt } = event.data;
      return { ...o, taken: [...o.taken, { step, cycle, plannedAt, voided: false }] };
    }
    case 'steps_voided': {
      const { steps, cycle } = event.data;
      return {
        ...o,
        taken: o.taken.map((taken) =>
          taken.cycle === cycle && steps.includes(taken.step) ? { ...taken, voided: true } : taken,
        ),
      };
    }
  }
}

/** A paper that came before the late report takes its place; the figures of what came later stay the later ones. */
function submitted(
  o: Obligation,
  { at, judged, dueAt, progress, replaces }: ReportEventOf<'submitted'>['data'],
): Obligation {
  const report = { at, judged, dueAt, returned: null };
  if (replaces !== true)
    return { ...o, received: [...o.received, report], progress: merged(o.progress, progress) };
  return { ...o, received: [...o.received.slice(0, -1), report], progress: merged(progress, o.progress) };
}

/** What had come is judged by the due instant that moved, where it was judged by it before. */
function moved(o: Obligation, { first, mendUntil, previous }: MovedDue): Obligation {
  const judgedBy = (dueAt: Instant): Instant => {
    if (mendUntil !== null && dueAt === previous.mendUntil) return mendUntil;
    return dueAt === previous.first ? first : dueAt;
  };
  return {
    ...o,
    dueAt: first,
    mend: o.mend === null || mendUntil === null ? o.mend : { ...o.mend, until: mendUntil },
    received: o.received.map((one) => ({ ...one, dueAt: judgedBy(one.dueAt) })),
  };
}

function returned(
  o: Obligation,
  { at, formOnly, mendUntil, first, calendar }: ReportEventOf<'returned'>['data'],
): Obligation {
  const last = o.received.at(-1);
  if (last === undefined) throw new Error('Nothing has come that could be returned');
  return {
    ...o,
    calendar,
    dueAt: first ?? o.dueAt,
    // As everywhere, a return keeps the cycle; a new due instant begins another.
    ...(mendUntil === null ? {} : { cycle: o.cycle + 1, notBefore: [] }),
    received: [...o.received.slice(0, -1), { ...last, returned: { at, formOnly } }],
    mend: mendUntil === null ? o.mend : { since: at, until: mendUntil },
  };
}

function merged(
  before: readonly ReportedProgress[],
  later: readonly ReportedProgress[],
): readonly ReportedProgress[] {
  if (later.length === 0) return before;
  const values = new Map(before.map((one) => [one.assignmentId, one]));
  for (const one of later) values.set(one.assignmentId, one);
  return [...values.values()];
}
