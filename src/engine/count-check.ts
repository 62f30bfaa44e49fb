import type pg from 'pg';
import { lockAssignments } from '../db/assignment-store.js';
import {
  assignmentPage,
  deleteLives,
  loadLives,
  loadSpans,
  type MoveRow,
  type SpanRow,
  saveSpanStarts,
  writeSpans,
  wrongMoves,
} from '../db/count-store.js';
import { forgetSums, wrongSums } from '../db/fold-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { withTransaction } from '../db/transaction.js';
import type { AssignmentEvent } from '../domain/assignment/events.js';
import { foldAssignment } from '../domain/assignment/evolve.js';
import { movesBetween } from '../domain/figures/moves.js';
import { type Span, spansOf } from '../domain/figures/spans.js';
import type { Engine } from './engine.js';
import { moveRow } from './lives.js';

/** What the counts are made of, held against the events that they come from. */
export interface CountCheck {
  readonly assignments: number;
  /** Assignments whose spans or moves are not what their events say. */
  readonly wrongLives: readonly string[];
  /** Periods whose sums are not what their moves add up to. */
  readonly wrongSums: readonly string[];
}

const PAGE = 500;
const MOST = 1_000;

type Life = readonly { event: AssignmentEvent; recordedAt: number }[];

/**
 * Computes the spans of every assignment again from its events, its moves from its spans, and every sum from the
 * moves. With `repair` what differs is written anew: lives from their events, each under its lock, and the sums by
 * forgetting them, so that the fold adds them up again; until then counts are made of the moves alone.
 */
export async function checkCounts(
  engine: Pick<Engine, 'writer'>,
  options: { readonly repair?: boolean } = {},
): Promise<CountCheck> {
  const wrong = new Set<string>();
  let assignments = 0;
  for (let after: string | null = null; ; ) {
    const ids: string[] = await assignmentPage(engine.writer, after, PAGE);
    assignments += ids.length;
    for (const id of await wrongSpans(engine, ids)) wrong.add(id);
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) break;
  }
  for (const id of await wrongMoves(engine.writer, MOST)) wrong.add(id);
  const sums = await inOneSnapshot(engine, async (client) => await wrongSums(client, MOST));
  const wrongLives = [...wrong].sort();
  if (options.repair === true && (wrongLives.length > 0 || sums.length > 0)) await repair(engine, wrongLives);
  return { assignments, wrongLives, wrongSums: sums };
}

/** So that a command, or the fold, between two reads is no difference. */
async function inOneSnapshot<T>(
  { writer }: Pick<Engine, 'writer'>,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withTransaction(writer, async (client) => {
    await client.query('set transaction isolation level repeatable read');
    return work(client);
  });
}

async function wrongSpans(engine: Pick<Engine, 'writer'>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  return inOneSnapshot(engine, async (client) => {
    const lives = await loadLives(client, ids);
    const spans = await loadSpans(client, ids);
    return ids.filter((id) => !sameLife(spansOf(lives.get(id) ?? []), spans.get(id) ?? []));
  });
}

function sameLife(one: readonly Span[], other: readonly Span[]): boolean {
  const text = (life: readonly Span[]): string =>
    JSON.stringify(life.map((span) => [span.from, span.to, span.class, span.dueAt, span.late]));
  return text(one) === text(other);
}

async function repair(engine: Pick<Engine, 'writer'>, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = ids.slice(start, start + PAGE);
    await withTransaction(engine.writer, async (client) => {
      await lockDirectivesOf(client, page, 'shared');
      await lockAssignments(client, page);
      const lives = await loadLives(client, page);
      await deleteLives(client, page);
      await writeAnew(client, [...lives.values()]);
    });
  }
  await withTransaction(engine.writer, forgetSums);
}

async function writeAnew(db: Queryable, lives: readonly Life[]): Promise<void> {
  const saved: SpanRow[] = [];
  const moves: MoveRow[] = [];
  const starts: { id: string; since: number }[] = [];
  for (const life of lives) {
    const state = foldAssignment(life);
    let spans: readonly Span[] = [];
    for (let known = 1; known <= life.length; known += 1) {
      const next = spansOf(life.slice(0, known));
      const recordedAt = life[known - 1]?.recordedAt ?? state.lastRecordedAt;
      moves.push(...movesBetween(spans, next).map((move) => ({ ...moveRow(state, move), recordedAt })));
      spans = next;
    }
    saved.push(...spans.map((span) => ({ state, span })));
    starts.push({ id: state.id, since: spans.at(-1)?.from ?? state.assignedAt });
  }
  await writeSpans(db, { saved, removed: [], moves });
  await saveSpanStarts(db, starts);
}
