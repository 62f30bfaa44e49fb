import type { Instant } from '../instant.js';
import type { AssignmentEvent, EventOf, MatterEvent, Mend, NewDeadline } from './events.js';
import { acknowledged, added, brought, changed, obstacleAnswered, questions } from './evolve-matters.js';
import { bound, ended, formerLife, resumable, superseded, takenOver, withFigure } from './lives.js';
import { beginPause, endPauses, resumeObstacles } from './pauses.js';
import { settledElsewhere } from './settle.js';
import { type Assignment, completeAssignment, type Matter } from './state.js';

/** The first event of an assignment makes its state. */
export function born(event: EventOf<'assigned'>, recordedAt: Instant): Assignment {
  return completeAssignment({ ...event.data, seq: 1, lastRecordedAt: recordedAt });
}

/** The state after an event; total and pure, so that the record can be folded again from its events. */
export function evolve(before: Assignment, event: AssignmentEvent, recordedAt: Instant): Assignment {
  const after = apply(before, event, recordedAt);
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

function apply(a: Assignment, event: AssignmentEvent, recordedAt: Instant): Assignment {
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
    case 'revised':
      return standing(a, event);
    case 'calendar_changed':
    case 'outage_excused':
      return moved(a, event);
    case 'document_confirmed':
      return bound(a, event);
    case 'taken_over':
      return takenOver(a, event);
    case 'moved_settled':
      return settledElsewhere(a, event);
    case 'urged':
      return event.data.counts ? { ...a, urgedAt: event.data.at } : a;
    case 'letter_sent':
      return a.letter === null ? a : { ...a, letter: { ...a.letter, sentAt: event.data.at } };
    case 'step_acknowledged':
    case 'text_destroyed':
      return a;
    case 'step_taken':
      return {
        ...a,
        letter: event.data.unsigned === true ? drafted(event.data) : a.letter,
        taken: [...a.taken, { step: event.data.step, plannedAt: event.data.plannedAt, voided: false }],
      };
    case 'steps_voided':
      // A voided step stays on record and did not stand: it is owed again when nothing holds it any more.
      return {
        ...a,
        letter: isDraftOf(a.letter, event.data.steps) ? null : a.letter,
        taken: a.taken.map((taken) =>
          event.data.steps.includes(taken.step) ? { ...taken, voided: true } : taken,
        ),
      };
    default:
      return matters(a, event, recordedAt);
  }
}

const drafted = ({ takenAt, step }: EventOf<'step_taken'>['data']): Assignment['letter'] => ({
  draftedAt: takenAt,
  sentAt: null,
  step,
});

/** A letter that nobody has signed yet, of a step that did not stand. */
const isDraftOf = (letter: Assignment['letter'], steps: readonly string[]): boolean =>
  letter?.step !== undefined && letter.sentAt === null && steps.includes(letter.step);

/** What moved of itself: by the calendar or for an outage. The cycle stays, and the first deadline too. */
function moved(a: Assignment, event: EventOf<'calendar_changed' | 'outage_excused'>): Assignment {
  const { dueAt, ladderFrom, rejudged } = event.data;
  const judged = { ...a, dueAt, ladderFrom, submission: a.submission && { ...a.submission, ...rejudged } };
  if (event.type === 'calendar_changed') {
    const { calendar, deadlineAt, notBefore = [], kept = [] } = event.data;
    return { ...judged, calendar, deadlineAt, notBefore, kept };
  }
  const matters = new Map(event.data.matters.map(({ matterId, dueAt: until }) => [matterId, until]));
  return {
    ...judged,
    matters: judged.matters.map((matter) => {
      const until = matters.get(matter.id);
      return until !== undefined && 'dueAt' in matter ? { ...matter, dueAt: until } : matter;
    }),
  };
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
        ...withFigure(a, event.data.figure),
      };
    case 'submitted':
      return {
        // The clock of a running obstacle ends with the submission: from here on it is judged by its own instant.
        ...added(endPauses(acknowledged(a, event.data.submission.at), event.data.submission.at), event.data),
        state: 'submitted',
        submission: event.data.submission,
        turn: a.turn + 1,
      };
    case 'recalled': {
      const from = a.submission?.at ?? event.data.at;
      return resumeObstacles(
        { ...added(a, event.data), state: 'in_progress', submission: null, turn: a.turn + 1 },
        from,
      );
    }
    case 'confirmed':
      return ended({ ...a, acceptedShare: 1, turn: a.turn + 1 }, 'confirmed', event.data.at);
    case 'part_accepted':
      return { ...mended(a, event.data.mend, event.data.at), acceptedShare: event.data.share };
    case 'returned':
      return { ...mended(a, event.data.mend, event.data.at), returns: a.returns + 1 };
  }
}

/** Steps count from the end of the time to mend; reminders that lay before the return are not owed. */
function mended(a: Assignment, mend: Mend, at: Instant): Assignment {
  const back = {
    ...a,
    state: 'in_progress' as const,
    submission: null,
    turn: a.turn + 1,
    cycleSince: Math.max(a.cycleSince, at),
  };
  return resumeObstacles(
    mend.movesDue
      ? { ...back, dueAt: mend.until, ladderFrom: null, mendSince: at }
      : { ...back, ladderFrom: mend.until },
    at,
  );
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
  | 'revised'
>;

function standing(a: Assignment, event: StandingEvent): Assignment {
  const { at } = event.data;
  switch (event.type) {
    case 'suspended':
      return beginPause(
        { ...a, state: 'suspended', resumeTo: resumable(a) },
        { kind: 'suspension', from: at, to: null, matterId: null },
      );
    case 'resumed': {
      const { deadline } = event.data;
      const resumed = {
        ...added(
          endPauses(a, at, (pause) => pause.kind === 'suspension'),
          event.data,
        ),
        state: a.resumeTo ?? ('in_progress' as const),
        resumeTo: null,
      };
      // A new deadline begins a new cycle: under the old one its steps may all be taken, and nobody would urge.
      return deadline === null ? resumed : withDeadline(resumed, deadline, a.cycle + 1, at);
    }
    case 'stopped':
      return ended(a, 'stopped', at);
    case 'superseded':
      return superseded(a, event);
    case 'carried_over': {
      const { into } = event.data;
      return { ...ended(a, 'carried_over', at), ...(into === null ? {} : { carriedInto: into }) };
    }
    case 'concluded':
      return ended(a, 'concluded', at);
    case 'reopened':
      return {
        ...withDeadline(a, event.data.deadline, event.data.cycle, at),
        ...formerLife(a),
        provisional: a.provisional && event.data.confirmed !== true,
        state: 'in_progress',
        submission: null,
        turn: a.turn + 1,
        acceptedShare: 0,
        endedAt: null,
      };
    case 'revised': {
      const { result, coordinatingUnitIds, monitorUnitId } = event.data;
      return { ...retimed(a, event.data), result: result ?? a.result, coordinatingUnitIds, monitorUnitId };
    }
    case 'deadline_adjusted': {
      const { deadline, cycle, latenessStands } = event.data;
      const adjusted = withDeadline(a, deadline, cycle, at);
      // Where lateness so far stands, the old deadline goes on judging and the ladder follows the new one.
      return latenessStands
        ? { ...adjusted, dueAt: a.dueAt, ladderFrom: Math.max(deadline.at, at) }
        : adjusted;
    }
  }
}

/** With a deadline of the directive, as at issue: it goes on following the calendar; or with none any more. */
function retimed(a: Assignment, { deadline, regular, cycle, at }: EventOf<'revised'>['data']): Assignment {
  if (deadline !== null) return { ...ruled(withDeadline(a, deadline, cycle, at)), recurrence: 'one_off' };
  if (regular === undefined) return a;
  return {
    ...a,
    ...freshCycle(a, cycle, at),
    recurrence: 'regular',
    deadline: { ...regular, byHand: false, from: at },
    deadlineAt: null,
    dueAt: null,
    ladderFrom: null,
  };
}

/** The first deadline is kept for ever. */
function dated(a: Assignment, deadline: NewDeadline, at: Instant): Assignment {
  return {
    ...a,
    deadline: { phrase: deadline.phrase, rule: deadline.rule, byHand: true, from: deadline.from ?? at },
    firstDeadlineAt: a.firstDeadlineAt ?? deadline.at,
    deadlineAt: deadline.at,
    dueAt: deadline.at,
    ladderFrom: null,
  };
}

function ruled(a: Assignment): Assignment {
  return { ...a, deadline: { ...a.deadline, byHand: false } };
}

/** A new deadline begins a new cycle. One that is past already judges, but no step is taken for what lies behind. */
function withDeadline(a: Assignment, deadline: NewDeadline, cycle: number, at: Instant): Assignment {
  return {
    ...dated(a, deadline, at),
    ladderFrom: deadline.at < at ? at : null,
    ...freshCycle(a, cycle, at),
  };
}

function freshCycle(
  a: Assignment,
  cycle: number,
  at: Instant,
): Pick<Assignment, 'cycle' | 'cycleSince' | 'letter' | 'urgedAt' | 'taken' | 'notBefore'> {
  // Ladder steps belong to their cycle; those of matters, and of acknowledging, belong to the assignment.
  const stays = ({ step }: { readonly step: string }): boolean =>
    step.includes(':') || step === 'acknowledgement';
  return {
    cycle,
    cycleSince: at,
    letter: null,
    urgedAt: null,
    taken: a.taken.filter(stays).map((taken) => ({ cycle: a.cycle, ...taken })),
    ...(a.notBefore === undefined ? {} : { notBefore: a.notBefore.filter(stays) }),
  };
}

/** What holds or moves the deadline; questions do neither. */
function matters(a: Assignment, event: MatterEvent, recordedAt: Instant): Assignment {
  const { at, matterId: id } = event.data;
  const base = { id, openedAt: at, askedAt: recordedAt, openedSeq: a.seq + 1 };
  switch (event.type) {
    case 'contested': {
      const contest: Matter = { ...base, kind: 'contest', state: 'contested', reason: event.data.reason };
      return beginPause(
        { ...acknowledged(a, at), state: 'contested', matters: [...a.matters, contest] },
        { kind: 'contest', from: at, to: null, matterId: id },
      );
    }
    case 'contest_answered': {
      const answered = changed(
        endPauses(a, at, (pause) => pause.matterId === id),
        id,
        'contest',
        { state: event.data.answer },
      );
      // Who contests knows of the assignment: it goes back as acknowledged.
      return event.data.answer === 'rejected'
        ? { ...added(answered, event.data), state: 'acknowledged' }
        : answered;
    }
    case 'extension_requested':
      return brought(a, {
        ...base,
        kind: 'extension',
        state: 'requested',
        askedFor: event.data.askedFor,
        phrase: event.data.phrase,
        inTime: event.data.inTime,
        grantedTo: null,
      });
    case 'extension_withdrawn':
      return changed(a, id, 'extension', { state: 'withdrawn' });
    case 'extension_decided': {
      const { granted, deadline, cycle } = event.data;
      const decided = changed(
        a,
        id,
        'extension',
        granted && deadline ? { state: 'granted', grantedTo: deadline.at } : { state: 'refused' },
      );
      return granted && deadline ? withDeadline(decided, deadline, cycle, at) : decided;
    }
    case 'obstacle_raised':
      return brought(a, {
        ...base,
        kind: 'obstacle',
        state: 'raised',
        cause: event.data.cause,
        holderUnitId: event.data.holderUnitId,
        ...(event.data.outside === undefined ? {} : { outside: event.data.outside }),
      });
    case 'obstacle_answered':
      return obstacleAnswered(a, event, recordedAt);
    default:
      return questions(a, event, recordedAt);
  }
}
