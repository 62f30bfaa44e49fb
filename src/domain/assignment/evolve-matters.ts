import type { Instant } from '../instant.js';
import type { EventOf } from './events.js';
import { beginPause, endPauses, type Held } from './pauses.js';
import type { Assignment, Matter } from './state.js';

/** Any act of the unit acknowledges. */
export function acknowledged(a: Assignment, at: Instant): Assignment {
  return a.acknowledgedAt === null ? { ...a, acknowledgedAt: at } : a;
}

/** Held time, added by the decider to what judges and to what the ladder counts from. */
export function added(a: Assignment, { dueAt, ladderFrom }: Held): Assignment {
  return { ...a, dueAt, ladderFrom };
}

type QuestionEvent = EventOf<
  | 'cause_stated'
  | 'cause_decided'
  | 'contribution_asked'
  | 'contribution_answered'
  | 'explanation_asked'
  | 'explanation_answered'
>;

/** Causes, contributions and explanations: they move no deadline. */
export function questions(a: Assignment, event: QuestionEvent, recordedAt: Instant): Assignment {
  const { at, matterId: id } = event.data;
  const base = { id, openedAt: at, askedAt: recordedAt, openedSeq: a.seq + 1 };
  switch (event.type) {
    case 'cause_stated':
      return brought(a, {
        ...base,
        kind: 'cause',
        state: 'stated',
        cause: event.data.cause,
        objective: event.data.objective,
      });
    case 'cause_decided':
      return changed(a, id, 'cause', {
        state: event.data.confirmed ? 'confirmed_objective' : 'refused',
        ...(event.data.by === undefined ? {} : { decided: { by: event.data.by, at } }),
      });
    case 'contribution_asked':
      return brought(a, {
        ...base,
        kind: 'contribution',
        state: 'asked',
        askedUnitId: event.data.askedUnitId,
        dueAt: event.data.dueAt,
      });
    case 'contribution_answered':
      return changed(a, id, 'contribution', {
        state: event.data.state,
        ...(event.data.state === 'overdue' ? {} : { answeredAt: at }),
      });
    case 'explanation_asked':
      return brought(a, { ...base, kind: 'explanation', state: 'asked', dueAt: event.data.dueAt });
    case 'explanation_answered':
      return changed(a, id, 'explanation', { state: event.data.state });
  }
}

/** Accepted it holds the clock from its raising; resolved, refused or withdrawn it lets go. */
export function obstacleAnswered(
  a: Assignment,
  event: EventOf<'obstacle_answered'>,
  recordedAt: Instant,
): Assignment {
  const { at, matterId: id, answer } = event.data;
  const state = changed(a, id, 'obstacle', {
    state: answer,
    ...(answer === 'forwarded' ? handedOn(a, event, recordedAt) : { holderUnitId: event.data.holderUnitId }),
  });
  const held = state.pauses.some((pause) => pause.matterId === id);
  if (answer !== 'accepted' && answer !== 'forwarded') {
    return added(
      endPauses(state, at, (pause) => pause.matterId === id),
      event.data,
    );
  }
  if (answer === 'forwarded' || held) return state;
  // Accepted, it stops the clock from the raising, not from the answer; a submission that waits has ended it.
  const from = a.matters.find((matter) => matter.id === id)?.openedAt ?? at;
  const begun = beginPause(state, { kind: 'obstacle', from, to: null, matterId: id });
  if (a.submission === null) return begun;
  return added(
    endPauses(begun, a.submission.at, (pause) => pause.matterId === id),
    event.data,
  );
}

/** Another holder, whose clock counts from the forwarding: what went before is none of theirs. */
function handedOn(
  a: Assignment,
  { data: { matterId, holderUnitId, outside } }: EventOf<'obstacle_answered'>,
  recordedAt: Instant,
): Partial<MatterOf<'obstacle'>> {
  const before = a.matters.find((matter) => matter.id === matterId);
  const forwards = (before !== undefined && isOf(before, 'obstacle') ? (before.forwards ?? 0) : 0) + 1;
  return { holderUnitId, outside: outside ?? null, forwards, askedAt: recordedAt };
}

/** Something is brought up beside the work. */
export function brought(a: Assignment, matter: Matter): Assignment {
  // A matter is an act of the unit too, and any act acknowledges.
  const known =
    a.state === 'assigned' && matter.kind !== 'explanation'
      ? { ...acknowledged(a, matter.openedAt), state: 'acknowledged' as const }
      : a;
  return { ...known, matters: [...known.matters, matter] };
}

/** Changes fields of one matter, which the event names together with its kind. */
export function changed<Kind extends Matter['kind']>(
  a: Assignment,
  id: string,
  kind: Kind,
  fields: Partial<MatterOf<Kind>>,
): Assignment {
  return {
    ...a,
    matters: a.matters.map((matter) =>
      matter.id === id && isOf(matter, kind) ? { ...matter, ...fields } : matter,
    ),
  };
}

type MatterOf<Kind extends Matter['kind']> = Extract<Matter, { readonly kind: Kind }>;

function isOf<Kind extends Matter['kind']>(matter: Matter, kind: Kind): matter is MatterOf<Kind> {
  return matter.kind === kind;
}
