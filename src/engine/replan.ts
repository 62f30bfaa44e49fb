import { openAssignmentPage } from '../db/assignment-store.js';
import type { Queryable } from '../db/pool.js';
import { openObligations } from '../db/report-store.js';
import { withTransaction } from '../db/transaction.js';
import { conductorsDue } from '../db/wake-store.js';
import { CLOCK } from '../domain/actor.js';
import type { Circumstances } from './changes.js';
import type { Engine } from './engine.js';
import { runAssignments, type SubjectResult } from './execute.js';
import { runReferral } from './execute-referral.js';
import { isOwnFault, isPassing } from './faults.js';
import { runReports } from './reports.js';

const PAGE = 500;

/** The clock before all time: it finds nothing due, so only the planning of `execute` is left. */
export const beforeAllTime = (lastRecordedAt: number): Circumstances => ({
  actor: CLOCK,
  document: null,
  receivedAt: 0,
  happenedAt: 0,
  recordedAt: lastRecordedAt,
});

/**
 * Plans every open assignment, running case and open report again from its state, by the same door as everything else:
 * lost or wrong planned steps are put right, steps that were set aside get another try, and a conductor that
 * is armed too late gets a wake. Answers with how many subjects were planned.
 */
export async function replanAll(engine: Engine): Promise<number> {
  let planned = 0;
  for (let after: string | null = null; ; ) {
    const ids: string[] = await openAssignmentPage(engine.writer, after, PAGE);
    planned += await replanApart(engine, 'assignment', ids, (client, some) =>
      runAssignments(client, some, { action: 'take_steps' }, beforeAllTime),
    );
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) break;
  }
  for (let after: string | null = null; ; ) {
    const ids: string[] = await conductorsDue(engine.writer, 'referral', after, PAGE);
    for (const one of ids) {
      planned += await replanApart(engine, 'referral', [one], async (client, [id = one]) => {
        const result = await runReferral(client, id, { action: 'take_steps' }, beforeAllTime);
        return new Map(result === null ? [] : [[id, result]]);
      });
    }
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) break;
  }
  for (let after: string | null = null; ; ) {
    const page: { id: string; regimeId: string }[] = await openObligations(engine.writer, null, after, PAGE);
    for (const regimeId of new Set(page.map((row) => row.regimeId))) {
      const ids = page.filter((row) => row.regimeId === regimeId).map(({ id }) => id);
      planned += await replanApart(engine, 'obligation', ids, (client, some) =>
        runReports(client, regimeId, some, { action: 'take_steps' }, beforeAllTime),
      );
    }
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) break;
  }
  engine.notify();
  return planned;
}

/**
 * Plans some subjects in one transaction. What cannot be planned is named, and the others are planned all the same: of
 * many, each half is tried by itself. Answers with how many were planned.
 */
async function replanApart(
  engine: Engine,
  kind: 'assignment' | 'referral' | 'obligation',
  ids: readonly string[],
  plan: (db: Queryable, ids: readonly string[]) => Promise<ReadonlyMap<string, SubjectResult>>,
): Promise<number> {
  if (ids.length === 0) return 0;
  const name = (id: string | undefined, err: unknown): void =>
    engine.log.error({ subject: kind, id, err }, 'a subject could not be planned');
  try {
    const results = [...(await withTransaction(engine.writer, (client) => plan(client, ids)))];
    const failed = results.filter(([, result]) => !('version' in result));
    for (const [id, result] of failed) name(id, 'thrown' in result ? result.thrown : result);
    return results.length - failed.length;
  } catch (error) {
    if (isPassing(error)) throw error;
    if (ids.length === 1) {
      if (!isOwnFault(error)) throw error;
      name(ids[0], error);
      return 0;
    }
    const half = Math.ceil(ids.length / 2);
    const first = await replanApart(engine, kind, ids.slice(0, half), plan);
    return first + (await replanApart(engine, kind, ids.slice(half), plan));
  }
}
