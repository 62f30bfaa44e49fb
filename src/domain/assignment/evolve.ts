import { assertNever } from '../errors.js';
import type { Instant } from '../instant.js';
import type { AssignmentEvent, EventOf, Mend, NewDeadline } from './events.js';
import { type Assignment, type Matter, openPause, type Pause } from './state.js';

/** The first event of an assignment makes its state. */
export function born(event: EventOf<'assigned'>, recordedAt: Instant): Assignment {
  return { ...event.data, seq: 1, lastRecordedAt: recordedAt };
}

/** The state after an event; total and pure, so that the record can be folded again from its events. */
export function evolve(before: Assignment, event: AssignmentEvent, recordedAt: Instant): Assignment {
  const after = apply(before, event);
  return { ...after, seq: before.seq + 1, lastRecordedAt: recordedAt };
}

/** Folds a whole life; the record's projection must equal it. */
export function foldAssignment(
  events: readonly { event: AssignmentEvent; recordedAt: Instant }[],
): Assignment {
  let state: Assignment | null = null;
  for (const { event, recordedAt } of events) {
    if (state === null) {
      if (event.type !== 'assigned') throw new Error(`A life begins with assigned, not ${event.type}`);
      state = born(event, recordedAt);
    } else {
      state = evolve(state, event, recordedAt);
    }
  }
  if (state === null) throw new Error('No events to fold');
  return state;
}

function apply(a: Assignment, event: AssignmentEvent): Assignment {
  switch (event.type) {
    case 'assigned':
      throw new Error('assigned can only be the first event');
    case 'acknowledged':
    case 'reported':
    case 'submitted':
    case 'recalled':
    case 'confirmed':
    case 'part_accepted':
    case 'returned':
      return work(a, event);
    case 'suspended':
    case 'resumed':
    case 'stopped':
    case 'superseded':
    case 'carried_over':
    case 'concluded':
    case 'reopened':
    case 'deadline_adjusted':
      return standing(a, event);
    case 'urged':
      return a;
    case 'step_taken':
      return {
        ...a,
        taken: [...a.taken, { step: event.data.step, plannedAt: event.data.plannedAt, voided: false }],
      };
    case 'steps_voided':
      // A voided step stays taken: it is never taken a second time in its cycle.
      return {
        ...a,
        taken: a.taken.map((taken) =>
          event.data.steps.includes(taken.step) ? { ...taken, voided: true } : taken,
        ),
      };
    default:
      return matters(a, event);
  }
}

type WorkEvent = EventOf<
  'acknowledged' | 'reported' | 'submitted' | 'recalled' | 'confirmed' | 'part_accepted' | 'returned'
>;

function work(a: Assignment, event: WorkEvent): Assignment {
  switch (event.type) {
    case 'acknowledged':
      return {
        ...acknowledged(a, event.data.at),
        state: 'acknowledged',
        officerId: event.data.officerId ?? a.officerId,
      };
    case 'reported':
      return {
        ...acknowledged(a, event.data.at),
        state: 'in_progress',
        figure: event.data.figure ?? a.figure,
      };
    case 'submitted':
      return {
        ...acknowledged(a, event.data.submission.at),
        state: 'submitted',
        submission: event.data.submission,
      };
    case 'recalled':
      return { ...a, state: 'in_progress', submission: null };
    case 'confirmed':
      return ended({ ...a, acceptedShare: 1 }, 'confirmed', event.data.at);
    case 'part_accepted':
      return { ...mended(a, event.data.mend), acceptedShare: event.data.share };
    case 'returned':
      return { ...mended(a, event.data.mend), returns: a.returns + 1 };
  }
}

/** Any act of the unit acknowledges. */
function acknowledged(a: Assignment, at: Instant): Assignment {
  return a.acknowledgedAt === null ? { ...a, acknowledgedAt: at } : a;
}

function mended(a: Assignment, mend: Mend): Assignment {
  const base = { ...a, state: 'in_progress' as const, submission: null };
  return mend.movesDue
    ? { ...base, dueAt: mend.until, ladderFrom: null }
    : { ...base, ladderFrom: mend.until };
}

function ended(
  a: Assignment,
  state: 'confirmed' | 'stopped' | 'superseded' | 'carried_over' | 'concluded',
  at: Instant,
): Assignment {
  return { ...closeMatters(closePause(a, at)), state, endedAt: at };
}

type StandingEvent = EventOf<
  | 'suspended'
  | 'resumed'
  | 'stopped'
  | 'superseded'
  | 'carried_over'
  | 'concluded'
  | 'reopened'
  | 'deadline_adjusted'
>;

function standing(a: Assignment, event: StandingEvent): Assignment {
  const { at } = event.data;
  switch (event.type) {
    case 'suspended':
      return openedPause(
        { ...a, state: 'suspended', resumeTo: resumable(a) },
        { kind: 'suspension', from: at, to: null, matterId: null },
      );
    case 'resumed': {
      const { dueAt, deadlineAt, newDeadline } = event.data;
      const resumed = {
        ...closePause(a, at, (pause) => pause.kind === 'suspension'),
        state: a.resumeTo ?? 'in_progress',
        resumeTo: null,
        dueAt,
        deadlineAt,
      };
      return newDeadline
        ? { ...resumed, ladderFrom: null, firstDeadlineAt: a.firstDeadlineAt ?? deadlineAt }
        : resumed;
    }
    case 'stopped':
      return ended(a, 'stopped', at);
    case 'superseded':
      return { ...ended(a, 'superseded', at), supersededBy: event.data.by };
    case 'carried_over':
      return ended(a, 'carried_over', at);
    case 'concluded':
      return ended(a, 'concluded', at);
    case 'reopened':
      return {
        ...withDeadline(a, event.data.deadline, event.data.cycle, at),
        state: 'in_progress',
        submission: null,
        endedAt: null,
      };
    case 'deadline_adjusted': {
      const { deadline, cycle, latenessStands } = event.data;
      const adjusted = withDeadline(a, deadline, cycle, at);
      // Where lateness so far stands, the old deadline goes on judging and the ladder follows the new one.
      return latenessStands ? { ...adjusted, dueAt: a.dueAt, ladderFrom: deadline.at } : adjusted;
    }
  }
}

function resumable(a: Assignment): Assignment['resumeTo'] {
  return a.state === 'assigned' || a.state === 'acknowledged' || a.state === 'submitted'
    ? a.state
    : 'in_progress';
}

/** A new deadline begins a new cycle; the first deadline is kept for ever. */
function withDeadline(a: Assignment, deadline: NewDeadline, cycle: number, at: Instant): Assignment {
  return {
    ...a,
    deadline: { phrase: deadline.phrase, rule: deadline.rule, byHand: true },
    firstDeadlineAt: a.firstDeadlineAt ?? deadline.at,
    deadlineAt: deadline.at,
    dueAt: deadline.at,
    ladderFrom: null,
    cycle,
    cycleSince: at,
    // Ladder steps belong to their cycle; the steps of matters carry unique names and stay.
    taken: a.taken.filter((taken) => taken.step.includes(':')),
  };
}

type MatterEvent = Exclude<
  AssignmentEvent,
  WorkEvent | StandingEvent | EventOf<'assigned' | 'urged' | 'step_taken' | 'steps_voided'>
>;

function matters(a: Assignment, event: MatterEvent): Assignment {
  const { at, matterId: id } = event.data;
  const base = { id, openedAt: at, openedSeq: a.seq + 1 };
  switch (event.type) {
    case 'contested': {
      const before = a.state === 'assigned' ? ('assigned' as const) : ('acknowledged' as const);
      const contest: Matter = {
        ...base,
        kind: 'contest',
        state: 'contested',
        reason: event.data.reason,
        before,
      };
      return openedPause(
        { ...a, state: 'contested', matters: [...a.matters, contest] },
        { kind: 'contest', from: at, to: null, matterId: id },
      );
    }
    case 'contest_answered': {
      const contest = a.matters.find((matter) => matter.id === id);
      const back = contest?.kind === 'contest' ? contest.before : 'acknowledged';
      const answered = changed(
        closePause(a, at, (pause) => pause.matterId === id),
        id,
        { state: event.data.answer },
      );
      return event.data.answer === 'rejected'
        ? { ...answered, state: back, dueAt: event.data.dueAt }
        : answered;
    }
    case 'extension_requested':
      return added(a, {
        ...base,
        kind: 'extension',
        state: 'requested',
        askedFor: event.data.askedFor,
        phrase: event.data.phrase,
        inTime: event.data.inTime,
        grantedTo: null,
      });
    case 'extension_withdrawn':
      return changed(a, id, { state: 'withdrawn' });
    case 'extension_decided': {
      const { granted, deadline, cycle } = event.data;
      const decided = changed(
        a,
        id,
        granted && deadline ? { state: 'granted', grantedTo: deadline.at } : { state: 'refused' },
      );
      return granted && deadline ? withDeadline(decided, deadline, cycle, at) : decided;
    }
    case 'obstacle_raised':
      return added(a, {
        ...base,
        kind: 'obstacle',
        state: 'raised',
        cause: event.data.cause,
        holderUnitId: event.data.holderUnitId,
      });
    case 'obstacle_answered':
      return obstacleAnswered(a, event);
    case 'cause_stated':
      return added(a, {
        ...base,
        kind: 'cause',
        state: 'stated',
        cause: event.data.cause,
        objective: event.data.objective,
      });
    case 'cause_decided':
      return changed(a, id, { state: event.data.confirmed ? 'confirmed_objective' : 'refused' });
    case 'contribution_asked':
      return added(a, {
        ...base,
        kind: 'contribution',
        state: 'asked',
        askedUnitId: event.data.askedUnitId,
        dueAt: event.data.dueAt,
      });
    case 'contribution_answered':
      return changed(a, id, { state: event.data.state });
    case 'explanation_asked':
      return added(a, { ...base, kind: 'explanation', state: 'asked', dueAt: event.data.dueAt });
    case 'explanation_answered':
      return changed(a, id, { state: event.data.state });
    default:
      return assertNever(event);
  }
}

function obstacleAnswered(a: Assignment, event: EventOf<'obstacle_answered'>): Assignment {
  const { at, matterId: id, answer, holderUnitId, dueAt } = event.data;
  const state = changed(a, id, { state: answer, holderUnitId });
  if (answer === 'accepted') {
    // Accepted, it stops the clock from the raising, not from the answer.
    const obstacle = a.matters.find((matter) => matter.id === id);
    return openedPause(state, { kind: 'obstacle', from: obstacle?.openedAt ?? at, to: null, matterId: id });
  }
  const held = a.pauses.some((pause) => pause.matterId === id && pause.to === null);
  return held ? { ...closePause(state, at, (pause) => pause.matterId === id), dueAt } : state;
}

function added(a: Assignment, matter: Matter): Assignment {
  // A matter is an act of the unit too, and any act acknowledges.
  const known =
    a.state === 'assigned' && matter.kind !== 'explanation'
      ? { ...acknowledged(a, matter.openedAt), state: 'acknowledged' as const }
      : a;
  return { ...known, matters: [...known.matters, matter] };
}

/** Changes fields of one matter; the union is kept by its own `kind`, which no change touches. */
function changed(
  a: Assignment,
  id: string,
  fields: { state: string; grantedTo?: Instant; holderUnitId?: string | null },
): Assignment {
  return {
    ...a,
    // The cast joins the discriminated union again: `fields.state` comes from the event of the same kind.
    matters: a.matters.map((matter) => (matter.id === id ? ({ ...matter, ...fields } as Matter) : matter)),
  };
}

function openedPause(a: Assignment, pause: Pause): Assignment {
  return { ...a, pauses: [...a.pauses, pause] };
}

function closePause(a: Assignment, at: Instant, which: (pause: Pause) => boolean = () => true): Assignment {
  if (openPause(a) === null) return a;
  return {
    ...a,
    pauses: a.pauses.map((pause) =>
      pause.to === null && which(pause) ? { ...pause, to: Math.max(at, pause.from) } : pause,
    ),
  };
}

/** What is pending when an assignment ends lapses. */
function closeMatters(a: Assignment): Assignment {
  return {
    ...a,
    matters: a.matters.map((matter) => {
      if (matter.kind === 'extension' && matter.state === 'requested')
        return { ...matter, state: 'lapsed' as const };
      if (
        matter.kind === 'obstacle' &&
        (matter.state === 'raised' || matter.state === 'accepted' || matter.state === 'forwarded')
      ) {
        return { ...matter, state: 'lapsed' as const };
      }
      return matter;
    }),
  };
}
