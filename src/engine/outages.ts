import type pg from 'pg';
import { databaseNow } from '../db/lock-store.js';
import {
  assignmentsInside,
  casesInside,
  claimOutage,
  closeOutage,
  insertOutage,
  latestOutages,
  lockAcceptance,
  moveOutageOn,
  noteOutage,
  type OpenOutage,
  saveAcceptance,
} from '../db/outage-store.js';
import { lockRegime } from '../db/regime-store.js';
import { uppersAfterOutage } from '../db/report-level-store.js';
import { obligationParents, obligationsInside } from '../db/report-store.js';
import { withTransaction } from '../db/transaction.js';
import { SYSTEM } from '../domain/actor.js';
import type { OutageGap } from '../domain/assignment/commands.js';
import type { Assignment } from '../domain/assignment/state.js';
import type { Instant } from '../domain/instant.js';
import type { Circumstances, CircumstancesFor } from './changes.js';
import type { Engine } from './engine.js';
import { runEach, type SubjectResult } from './execute.js';
import { runReferral } from './execute-referral.js';
import { isOwnFault, isPassing } from './faults.js';
import { newId } from './ids.js';
import { iso, isoOrNull, look, type Viewer } from './read/view.js';
import { countIn, runFollowers } from './report-levels.js';
import { runEachReport } from './reports.js';

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
  const { find, excuse, most, next } = STAGES[outage.stage];
  const piece = Math.min(limit, most);
  const ids = await find(client, outage, piece);
  const now = Math.floor(await databaseNow(client));
  const at = (last: Instant): Circumstances => ({
    actor: SYSTEM,
    document: null,
    receivedAt: now,
    happenedAt: now,
    recordedAt: Math.max(now, last),
  });
  const counts = { moved: 0, rejudged: 0, setAside: 0 };
  const command = {
    action: 'excuse_outage' as const,
    input: { outageId: outage.id, from: outage.from_at, to: outage.to_at },
  };
  const results = ids.length === 0 ? [] : await excuse(client, ids, command, at, counts);
  for (const [id, result] of results) {
    if ('version' in result) continue;
    counts.setAside += 1;
    engine.log.error({ [outage.stage]: id, outage: outage.id, err: result }, 'an outage left one aside');
  }
  await noteOutage(client, outage.id, ids.at(-1) ?? null, counts);
  // The last that was found may have put somebody above behind.
  if (ids.length === 0) {
    if (next === null) await closeOutage(client, outage.id);
    else await moveOutageOn(client, outage.id, next);
  }
  return true;
}

type Excuse = (
  client: pg.PoolClient,
  ids: readonly string[],
  command: { readonly action: 'excuse_outage'; readonly input: OutageGap },
  at: CircumstancesFor,
  counts: { moved: number; rejudged: number },
) => Promise<Iterable<[string, SubjectResult]>>;

interface Stage {
  readonly find: typeof assignmentsInside;
  readonly excuse: Excuse;
  /** Subjects in one transaction. */
  readonly most: number;
  readonly next: OpenOutage['stage'] | null;
}

const excuseAssignments: Excuse = async (client, ids, command, at, counts) => {
  const before = new Map<string, Assignment>();
  const results = await runEach(
    client,
    ids,
    'excuse_outage',
    at,
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
  return results;
};

const excuseReports: Excuse = (client, ids, command, at, counts) =>
  byRegime(client, ids, (regimeId, own) =>
    runEachReport(
      client,
      regimeId,
      own,
      at,
      (state) => Promise.resolve({ command, calendar: state.calendar }),
      countIn(counts),
    ),
  );

const excuseLevels: Excuse = (client, ids, { input: gap }, at, counts) =>
  byRegime(client, ids, (regimeId, own) =>
    runFollowers(client, regimeId, own, { kind: 'outage', gap }, at, countIn(counts)),
  );

async function byRegime(
  client: pg.PoolClient,
  ids: readonly string[],
  run: (regimeId: string, ids: readonly string[]) => Promise<Iterable<[string, SubjectResult]>>,
): Promise<[string, SubjectResult][]> {
  const parents = await obligationParents(client, ids);
  const regimes = [...new Set(parents.map(({ regimeId }) => regimeId))].sort();
  // All regimes before anything below them, as everywhere.
  for (const regimeId of regimes) await lockRegime(client, regimeId, 'shared');
  const all: [string, SubjectResult][] = [];
  for (const regimeId of regimes) {
    const own = parents.filter((parent) => parent.regimeId === regimeId).map(({ id }) => id);
    all.push(...(await run(regimeId, own)));
  }
  return all;
}

const excuseCases: Excuse = async (client, ids, command, at, counts) => {
  const all: [string, SubjectResult][] = [];
  for (const id of ids) {
    const result = await runReferral(client, id, command, at);
    if (result === null) continue;
    if ('version' in result) counts.moved += 1;
    all.push([id, result]);
  }
  return all;
};

/** A case locks what it rests on first, so that each has a transaction of its own: the order of locks holds. */
const STAGES: Readonly<Record<OpenOutage['stage'], Stage>> = {
  assignments: { find: assignmentsInside, excuse: excuseAssignments, most: BATCH, next: 'reports' },
  reports: { find: obligationsInside, excuse: excuseReports, most: BATCH, next: 'levels' },
  levels: { find: uppersAfterOutage, excuse: excuseLevels, most: BATCH, next: 'cases' },
  cases: { find: casesInside, excuse: excuseCases, most: 1, next: null },
};

async function skipOne(engine: Engine, error: unknown): Promise<void> {
  await withTransaction(engine.writer, async (client) => {
    const outage = await claimOutage(client);
    if (outage === null) return;
    const { find, next } = STAGES[outage.stage];
    const [id] = await find(client, outage, 1);
    engine.log.error({ [outage.stage]: id, outage: outage.id, err: error }, 'an outage left one aside');
    if (id === undefined && next !== null) await moveOutageOn(client, outage.id, next);
    else if (id === undefined) await closeOutage(client, outage.id);
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
