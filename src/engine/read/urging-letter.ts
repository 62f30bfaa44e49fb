import type pg from 'pg';
import { frozenPolicy } from '../../db/directive-store.js';
import { type EscalationRow, type LetterRow, letterParties } from '../../db/read/escalations.js';
import { assignmentFacts, type LifeRow } from '../../db/read/events.js';
import { foldAssignment } from '../../domain/assignment/evolve.js';
import type { Assignment } from '../../domain/assignment/state.js';
import { isEnded } from '../../domain/assignment/state.js';
import type { Calendar } from '../../domain/calendar.js';
import { addDuration } from '../../domain/duration.js';
import type { DirectivePolicy } from '../../domain/policy.js';
import { daysLate, type UrgingFacts } from '../../domain/urging-letter.js';
import type { Engine } from '../engine.js';
import { calendarOf } from '../settings.js';
import { letterView, type SignedLetter, type UrgingLetterView } from './letter-view.js';
import { CAUSES, matterWords } from './matter-words.js';
import { reportLetterOf } from './report-letter.js';
import { iso, type Viewer } from './view.js';

/** The assignment when the letter was drafted, what became of it, and the signed letter where there is one. */
interface Drafted {
  readonly then: Assignment;
  readonly now: Assignment;
  readonly signed: SignedLetter | null;
  readonly urgedAt: readonly number[];
}

/**
 * The letter that a step of the ladder drafted, from the facts as they stood then. Null for other steps, where the
 * viewer may not read the whole life of the assignment, and for a unit as long as the letter is only a draft.
 */
export async function letterOf(
  engine: Engine,
  client: pg.PoolClient,
  viewer: Viewer,
  row: EscalationRow,
): Promise<UrgingLetterView | null> {
  const { assignment_id: assignmentId, directive_id: directiveId } = row;
  if (row.kind !== 'urging_letter') return null;
  if (row.subject_kind === 'obligation') return await reportLetterOf(client, viewer, row);
  if (assignmentId === null || directiveId === null) return null;
  const drafted = draftedBy(await assignmentFacts(client, assignmentId), row);
  const parties = await letterParties(client, assignmentId, row.taken_at);
  // What judges is frozen in the version, which units do not read.
  const policy = await frozenPolicy(engine.writer, directiveId);
  if (drafted === null || parties === null || policy === null) return null;
  const calendar = await calendarOf(client, drafted.then.calendar);
  const state = stateOf(row, drafted, policy);
  if (viewer.actor.role === 'unit' && state !== 'sent' && state !== 'signed') return null;
  return viewOf(row, { drafted, parties, policy, calendar, state });
}

/** Folds the life up to the step: what was decided since says nothing of what was known then. */
function draftedBy(life: readonly LifeRow[], row: EscalationRow): Drafted | null {
  const place = life.findIndex(
    ({ event }) =>
      event.type === 'step_taken' && event.data.step === row.step && event.data.cycle === row.cycle,
  );
  if (place < 0) return null;
  const facts = life.map(({ event, recorded_at }) => ({ event, recordedAt: recorded_at }));
  const sent = life.slice(place + 1).flatMap(({ event, document }, index) => {
    if (event.type !== 'letter_sent') return [];
    // A later cycle has a letter of its own.
    const { cycle } = foldAssignment(facts.slice(0, place + 1 + index));
    if (cycle !== row.cycle) return [];
    return [{ number: event.data.number, date: event.data.date, signer: document?.signer ?? null }];
  });
  const then = foldAssignment(facts.slice(0, place + 1));
  return {
    then,
    now: foldAssignment(facts),
    signed: sent[0] ?? null,
    urgedAt: urgings(life.slice(0, place), then, row.cycle),
  };
}

function stateOf(
  row: EscalationRow,
  { now, signed }: Drafted,
  policy: DirectivePolicy,
): UrgingLetterView['state'] {
  if (signed !== null) return 'signed';
  if (policy.urgingLetter.form === 'drafted') return row.message === 'sent' ? 'sent' : 'dropped';
  const waits = now.cycle === row.cycle && now.letter?.sentAt === null && !isEnded(now.state);
  return waits && row.voided_at === null ? 'awaiting_signature' : 'dropped';
}

interface Parts {
  readonly drafted: Drafted;
  readonly parties: LetterRow;
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  readonly state: UrgingLetterView['state'];
}

function viewOf(row: EscalationRow, parts: Parts): UrgingLetterView | null {
  const { drafted, parties, policy, calendar, state } = parts;
  const facts = factsOf(row, parts);
  if (facts === null) return null;
  const awaits = state === 'awaiting_signature';
  return {
    ...letterView({ facts, calendar, parties, state, signed: drafted.signed }),
    signBy: awaits ? iso(addDuration(calendar, row.taken_at, policy.urgingLetter.sign)) : null,
  };
}

function factsOf(row: EscalationRow, { drafted, parties, policy, calendar }: Parts): UrgingFacts | null {
  const { then } = drafted;
  const deadlineAt = then.ladderFrom ?? then.dueAt;
  if (deadlineAt === null) return null;
  return {
    workingGroup: parties.group_name,
    issuer: parties.issuer.name,
    unit: parties.unit.name,
    head: parties.head,
    about: {
      kind: 'task',
      directive: {
        number: parties.directive_number,
        title: parties.directive_title,
        date: parties.document_date,
      },
      code: parties.task_code,
      title: parties.task_title,
      phrase: then.deadline.phrase,
      firstDeadlineAt: then.firstDeadlineAt,
      causes: then.matters
        .filter((matter) => matter.kind === 'cause')
        .map((matter) => ({ cause: CAUSES[matter.cause].vi, state: matterWords(matter).vi })),
    },
    deadlineAt,
    asOf: row.taken_at,
    late: daysLate(calendar, deadlineAt, row.taken_at),
    urgedAt: drafted.urgedAt,
    basis: policy.urgingLetter.basis ?? null,
  };
}

/** The urgings of the ladder in this cycle as they were taken, and one outside of the system that stood for them. */
function urgings(before: readonly LifeRow[], { taken, urgedAt }: Assignment, cycle: number): number[] {
  const voided = new Set(taken.filter((step) => step.voided).map(({ step }) => step));
  const rungs = before.flatMap(({ event }) =>
    event.type === 'step_taken' &&
    event.data.kind === 'urge' &&
    event.data.cycle === cycle &&
    !voided.has(event.data.step)
      ? [event.data.takenAt]
      : [],
  );
  return [...rungs, ...(urgedAt === null ? [] : [urgedAt])].sort((one, other) => one - other);
}
