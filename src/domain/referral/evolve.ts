import type { Instant } from '../instant.js';
import type { ReferralEvent, ReferralEventOf } from './events.js';
import { isReferralEnded, type Referral, type ReferralStateName } from './state.js';

export function referralBorn(event: ReferralEventOf<'proposed'>, recordedAt: Instant): Referral {
  return { ...event.data, seq: 1, lastRecordedAt: recordedAt };
}

/** The state of a case after an event; total and pure. */
export function evolveReferral(before: Referral, event: ReferralEvent, recordedAt: Instant): Referral {
  return { ...apply(before, event), seq: before.seq + 1, lastRecordedAt: recordedAt };
}

export function foldReferral(
  events: readonly { readonly event: ReferralEvent; readonly recordedAt: Instant }[],
): Referral {
  const [first, ...others] = events;
  if (first?.event.type !== 'proposed') throw new Error('A case begins with proposed');
  return others.reduce(
    (state, { event, recordedAt }) => evolveReferral(state, event, recordedAt),
    referralBorn(first.event, first.recordedAt),
  );
}

function apply(r: Referral, event: ReferralEvent): Referral {
  const moved = (state: ReferralStateName, at: Instant): Referral => ({
    ...r,
    state,
    since: at,
    endedAt: isReferralEnded(state) ? at : null,
  });
  switch (event.type) {
    case 'proposed':
      throw new Error('proposed can only be the first event');
    case 'objected': {
      const objected = moved('objected', event.data.recordedAt ?? event.data.at);
      return { ...objected, objections: r.objections + 1, opinionGiven: false };
    }
    case 'opinion_given':
      return { ...r, opinionGiven: true };
    case 'objection_decided':
      return moved(event.data.upheld ? 'upheld' : 'rejected', event.data.at);
    case 'facts_renewed':
      return {
        ...moved('proposed', event.data.at),
        facts: event.data.facts,
        windowEndsAt: event.data.windowEndsAt,
        windowFrom: event.data.at,
      };
    case 'calendar_changed':
      return countedAgain(r, event.data);
    case 'outage_excused':
      // From when it was proposed, not from now: what the case waits for else does not begin again.
      return { ...r, state: 'proposed', windowEndsAt: event.data.windowEndsAt };
    case 'release_awaited':
      return { ...moved('awaiting_release', event.data.at), facts: event.data.facts };
    case 'referred':
      return { ...moved('referred', event.data.at), facts: event.data.facts, referredAt: event.data.at };
    case 'supplement_requested':
      return moved('returned_for_supplement', event.data.at);
    case 'supplemented':
      return moved('referred', event.data.at);
    case 'acknowledged':
      return moved('acknowledged', event.data.at);
    case 'outcome_recorded':
      return moved('outcome_recorded', event.data.at);
    case 'outcome_corrected':
      return moved('corrected', event.data.at);
    case 'facts_corrected':
      return { ...r, corrections: [...(r.corrections ?? []), event.data] };
    case 'withdrawn':
      return moved('withdrawn', event.data.at);
    case 'lapsed':
      return moved('lapsed', event.data.at);
    case 'held':
      return { ...r, held: true };
    case 'unheld':
      return { ...r, held: false };
    case 'step_acknowledged':
    case 'text_destroyed':
      return r;
    case 'step_taken':
      return { ...r, taken: [...r.taken, event.data.step] };
  }
}

const countedAgain = (
  r: Referral,
  { windowEndsAt, reopens, notBefore }: ReferralEventOf<'calendar_changed'>['data'],
): Referral => ({ ...r, state: reopens ? 'proposed' : r.state, windowEndsAt, notBefore });
