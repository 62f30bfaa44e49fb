import type { Queryable } from '../db/pool.js';
import type { AssignmentEvent } from '../domain/assignment/events.js';
import { followedFrom, pastEvents } from '../domain/assignment/past.js';
import { type AssignmentSeed, historyOf } from '../domain/directive/freeze.js';
import type { ResolvedFact } from '../domain/directive/past.js';
import type { Instant } from '../domain/instant.js';
import { type AssignmentChange, type Circumstances, changeAssignment } from './changes.js';
import { flush } from './flush.js';
import { newId } from './ids.js';
import type { Settings } from './settings.js';

/** An assignment that was made a moment ago, and the task whose past it has. */
export interface MadeAssignment {
  readonly change: AssignmentChange;
  readonly seed: AssignmentSeed;
  readonly settings: Settings;
}

interface Recording {
  /** Of the issue; each fact has its own instant in it. */
  readonly at: Circumstances;
  readonly armed: ReadonlyMap<string, Instant>;
}

/** No message is sent for what lies in the past. */
export function untold(change: AssignmentChange): AssignmentChange {
  return { ...change, rows: { ...change.rows, items: [] } };
}

/**
 * Writes the past of work that is under way, by the same door as everything else: each fact happened then and is
 * recorded now. One round per fact, set-wise over all assignments, because each cuts a span at its own instant.
 */
export async function recordPast(
  db: Queryable,
  made: readonly MadeAssignment[],
  recording: Recording,
): Promise<void> {
  if (made.length === 0) return;
  const lives = made.map(({ change, seed, settings }) => ({ change, settings, facts: historyOf(seed) }));
  const longest = Math.max(...lives.map(({ facts }) => facts.length));
  for (let round = 0; round <= longest; round += 1) {
    const changes: AssignmentChange[] = [];
    for (const life of lives) {
      const fact = life.facts[round];
      if (fact === undefined && round !== life.facts.length) continue;
      const next = fact === undefined ? handOver(life, recording) : happened(life, fact, recording);
      if (next === null) continue;
      life.change = next;
      changes.push(next);
    }
    await flush(db, { assignments: changes, referrals: [], armed: recording.armed });
  }
}

interface Life {
  readonly change: AssignmentChange;
  readonly settings: Settings;
}

function happened(
  { change, settings }: Life,
  fact: ResolvedFact,
  { at }: Recording,
): AssignmentChange | null {
  const { recordedAt } = at;
  const events = pastEvents(change.after, fact, { calendar: settings.calendar, recordedAt, newId });
  return follow(change, events, { ...at, happenedAt: fact.at, document: fact.document }, settings);
}

function handOver({ change, settings }: Life, { at }: Recording): AssignmentChange | null {
  return follow(change, followedFrom(change.after, at.happenedAt), at, settings);
}

function follow(
  { after, headHash, spanSince, brushes, referralId }: AssignmentChange,
  events: readonly AssignmentEvent[],
  at: Circumstances,
  settings: Settings,
): AssignmentChange | null {
  if (events.length === 0) return null;
  const since = brushes.at(-1)?.from ?? spanSince ?? after.assignedAt;
  const change = changeAssignment(
    { state: after, headHash, spanSince: since, referralId },
    events,
    at,
    settings,
  );
  return untold(change);
}
