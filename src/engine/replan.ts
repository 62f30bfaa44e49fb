import { openAssignmentPage } from '../db/assignment-store.js';
import { openObligations } from '../db/report-store.js';
import { withTransaction } from '../db/transaction.js';
import { conductorsDue } from '../db/wake-store.js';
import { CLOCK } from '../domain/actor.js';
import type { Circumstances } from './changes.js';
import { isOwnFault, isPassing } from './conduct.js';
import type { Engine } from './engine.js';
import { runAssignments } from './execute.js';
import { runReferral } from './execute-referral.js';
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
    if (ids.length > 0) {
      await withTransaction(engine.writer, (client) =>
        runAssignments(client, ids, { action: 'take_steps' }, beforeAllTime),
      );
    }
    planned += ids.length;
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) break;
  }
  for (let after: string | null = null; ; ) {
    const ids: string[] = await conductorsDue(engine.writer, 'referral', after, PAGE);
    for (const id of ids) planned += await replanCase(engine, id);
    after = ids.at(-1) ?? null;
    if (ids.length < PAGE) break;
  }
  for (let after: string | null = null; ; ) {
    const page: { id: string; regimeId: string }[] = await openObligations(engine.writer, null, after, PAGE);
    for (const regimeId of new Set(page.map((row) => row.regimeId))) {
      const ids = page.filter((row) => row.regimeId === regimeId).map(({ id }) => id);
      await withTransaction(engine.writer, (client) =>
        runReports(client, regimeId, ids, { action: 'take_steps' }, beforeAllTime),
      );
    }
    planned += page.length;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) break;
  }
  engine.notify();
  return planned;
}

/** One case that cannot be planned is named, and the others are planned all the same. */
async function replanCase(engine: Engine, id: string): Promise<0 | 1> {
  try {
    const result = await withTransaction(engine.writer, (client) =>
      runReferral(client, id, { action: 'take_steps' }, beforeAllTime),
    );
    if (result !== null && 'version' in result) return 1;
    engine.log.error({ referral: id, err: result }, 'a case could not be planned');
  } catch (error) {
    if (isPassing(error) || !isOwnFault(error)) throw error;
    engine.log.error({ referral: id, err: error }, 'a case could not be planned');
  }
  return 0;
}
