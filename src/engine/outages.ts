import type pg from 'pg';
import { databaseNow } from '../db/lock-store.js';
import {
  assignmentsInside,
  claimOutage,
  closeOutage,
  insertOutage,
  latestOutages,
  lockAcceptance,
  noteOutage,
  type OpenOutage,
  saveAcceptance,
} from '../db/outage-store.js';
import { withTransaction } from '../db/transaction.js';
import { SYSTEM } from '../domain/actor.js';
import type { Assignment } from '../domain/assignment/state.js';
import { isOwnFault, isPassing } from './conduct.js';
import type { Engine } from './engine.js';
import { runEach } from './execute.js';
import { newId } from './ids.js';
import { iso, isoOrNull, look, type Viewer } from './read/view.js';

const BATCH = 500;

/**
 * Tells that this process can accept commands. Being a write, it can only be told while the database accepts writes.
 * Where nobody has told so for longer than the margin, the first one back records the gap, in the same transaction
 * and under the lock of the one row: a restart that another process covers leaves none, and two that come back
 * together record one. Answers with whether a gap was found.
 */
export async function tellAcceptance(engine: Engine, process: string, marginMs: number): Promise<boolean> {
  return withTransaction(engine.writer, async (client) => {
    const before = await lockAcceptance(client);
    const isGap = before !== null && before.ageMs > marginMs;
    if (isGap) {
      const from = Math.floor(before.now - before.ageMs);
      const outage = { id: newId(), from, to: Math.floor(before.now), noticedBy: process };
      await insertOutage(client, outage);
      engine.log.warn({ ...outage }, 'commands could not be accepted for a while; deadlines inside it move');
    }
    await saveAcceptance(client, process, marginMs);
    return isGap;
  });
}

/**
 * Moves the next deadlines that lie inside an outage; false where there is none. As with edits of calendars, the row
 * holds the cursor and is held by one process at a time, and steps wait until it is closed.
 */
export async function workOnOutages(engine: Engine): Promise<boolean> {
  for (let limit = BATCH; ; limit = Math.max(1, Math.floor(limit / 8))) {
    try {
      return await withTransaction(engine.writer, (client) => nextPiece(engine, client, limit));
    } catch (error) {
      if (isPassing(error) || !isOwnFault(error)) throw error;
      if (limit > 1) continue;
      await skipOne(engine, error);
      return true;
    }
  }
}

async function nextPiece(engine: Engine, client: pg.PoolClient, limit: number): Promise<boolean> {
  const outage = await claimOutage(client);
  if (outage === null) return false;
  const ids = await assignmentsInside(client, outage, limit);
  await noteOutage(client, outage.id, ids.at(-1) ?? null, await excuse(engine, client, ids, outage));
  if (ids.length < limit) await closeOutage(client, outage.id);
  return true;
}

async function excuse(engine: Engine, client: pg.PoolClient, ids: readonly string[], outage: OpenOutage) {
  const counts = { moved: 0, rejudged: 0, setAside: 0 };
  if (ids.length === 0) return counts;
  const now = Math.floor(await databaseNow(client));
  const before = new Map<string, Assignment>();
  const command = {
    action: 'excuse_outage' as const,
    input: { outageId: outage.id, from: outage.from_at, to: outage.to_at },
  };
  const results = await runEach(
    client,
    ids,
    'excuse_outage',
    (last) => ({
      actor: SYSTEM,
      document: null,
      receivedAt: now,
      happenedAt: now,
      recordedAt: Math.max(now, last),
    }),
    async (state) => {
      before.set(state.id, state);
      return { command, calendar: state.calendar };
    },
    {
      accepted: (after) => {
        const was = before.get(after.id);
        if (was === undefined || was.seq === after.seq) return;
        counts.moved += 1;
        if (was.submission?.late === true && after.submission?.late === false) counts.rejudged += 1;
      },
    },
  );
  for (const [id, result] of results) {
    if ('version' in result) continue;
    counts.setAside += 1;
    engine.log.error({ assignment: id, outage: outage.id, err: result }, 'an outage left one aside');
  }
  return counts;
}

async function skipOne(engine: Engine, error: unknown): Promise<void> {
  await withTransaction(engine.writer, async (client) => {
    const outage = await claimOutage(client);
    if (outage === null) return;
    const [id] = await assignmentsInside(client, outage, 1);
    engine.log.error({ assignment: id, outage: outage.id, err: error }, 'an outage left one aside');
    if (id === undefined) await closeOutage(client, outage.id);
    else await noteOutage(client, outage.id, id, { moved: 0, rejudged: 0, setAside: 1 });
  });
}

/** The latest outages, for everybody to see. */
export async function getOutages(engine: Engine, viewer: Viewer) {
  const rows = await look(engine, viewer, latestOutages);
  return rows.map((row) => ({
    id: row.id,
    from: iso(row.from_at),
    to: iso(row.to_at),
    moved: row.moved,
    rejudged: row.rejudged,
    closedAt: isoOrNull(row.closed_at),
  }));
}
