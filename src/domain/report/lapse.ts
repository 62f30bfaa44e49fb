import type { Instant } from '../instant.js';
import type { ReportContext } from './decide.js';
import type { ReportEvent } from './events.js';
import { currentVersion, type Regime } from './regime.js';
import { type LapseReason, latenessOf, type Obligation, type ReportStateName, stateAt } from './state.js';

/** Why nothing is owed any more, and from which instant on. */
export interface LapseGround {
  readonly reason: LapseReason;
  readonly since: Instant;
}

/**
 * What each ground takes away. A directive that was withdrawn, a unit that is no more and a request that was taken
 * back leave nothing to report; behind a closing, and a regime's end by decision, the figures of a window that had
 * closed before are still expected.
 */
const TAKES: Readonly<Record<LapseReason, readonly ReportStateName[]>> = {
  regime_ended: ['not_due'],
  directive_closed: ['not_due'],
  directive_withdrawn: ['not_due', 'due'],
  request_ended: ['not_due', 'due'],
  unit_abolished: ['not_due', 'due'],
};

/** What the regime itself says of the periods that were opened under one of its versions. */
export function groundsOf(regime: Regime, version: number): LapseGround[] {
  const grounds: LapseGround[] = [];
  for (const one of regime.uncovered ?? []) {
    if (one.version === version) grounds.push({ reason: one.reason, since: one.since });
  }
  if (regime.endedBy === 'decision' && regime.endedAt !== null) {
    const { kind } = currentVersion(regime).definition.schedule;
    grounds.push({ reason: kind === 'ad_hoc' ? 'request_ended' : 'regime_ended', since: regime.endedAt });
  }
  return grounds;
}

/** Whether a ground leaves neither something to send nor somebody to send it. */
const endsUrging = ({ reason }: LapseGround): boolean => TAKES[reason].includes('due');

/**
 * Judged by instants, as a report is: what was still owed when a ground arose lapses from then on, also where the
 * clock had judged it before the ground was recorded, and the steps it took after are void. What had fallen due
 * before stays, as its own row, and is not urged any more.
 */
export function lapseEvents(o: Obligation, { grounds, receivedAt }: ReportContext): ReportEvent[] {
  // What came in time is a fact in the unit's favour.
  if (o.settled !== null || latenessOf(o) === false) return [];
  const risen = grounds.filter(({ since }) => since <= receivedAt);
  const lapses = risen
    .flatMap((ground) => {
      const at = lapsesAt(o, ground);
      return at === null ? [] : [{ at, reason: ground.reason }];
    })
    .sort((one, other) => one.at - other.at);
  const [first] = lapses;
  if (first === undefined) return urgingEnds(o, risen, receivedAt);
  const events: ReportEvent[] = [{ type: 'lapsed', data: first }];
  const steps = o.taken
    .filter(({ cycle, voided, plannedAt }) => cycle === o.cycle && !voided && plannedAt > first.at)
    .map(({ step }) => step);
  if (steps.length === 0) return events;
  const data = { at: receivedAt, steps, cycle: o.cycle };
  return [...events, { type: 'steps_voided', data, text: { reason: 'Nothing was owed any more.' } }];
}

function urgingEnds(o: Obligation, risen: readonly LapseGround[], at: Instant): ReportEvent[] {
  const ground = risen.find(endsUrging);
  if (ground === undefined || o.urgingEndedAt !== undefined || stateAt(o, at) !== 'missing') return [];
  return [{ type: 'urging_ended', data: { at, reason: ground.reason } }];
}

/** The instant from which on it lapses; a report that was returned later is owed anew, and lapses then. */
function lapsesAt(o: Obligation, { reason, since }: LapseGround): Instant | null {
  const returned = o.mend !== null && o.mend.since > since ? [o.mend.since] : [];
  const owed = [...returned, since].find((at) => TAKES[reason].includes(stateAt(o, at)));
  return owed === undefined ? null : Math.max(owed, o.opensAt);
}
