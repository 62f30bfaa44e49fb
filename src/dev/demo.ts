import type pg from 'pg';
import { identityByToken } from '../db/identity-store.js';
import { databaseNow } from '../db/lock-store.js';
import { openPool } from '../db/pool.js';
import { type DemoSignIn, loadDemo } from '../engine/demo-data.js';
import { loadDemoReports } from '../engine/demo-reports.js';
import { demoSecret } from '../engine/demo-secret.js';
import type { Engine } from '../engine/engine.js';
import { tokenDigest } from '../engine/token.js';
import { createLogger } from '../log.js';

export type { DemoSignIn } from '../engine/demo-data.js';

/** Loads by commands, before any program runs: nobody need hear of it. */
function engineOver(pool: pg.Pool): Engine {
  const log = createLogger({ service: 'demo', level: 'silent' });
  return {
    writer: pool,
    reader: pool,
    log,
    limits: { stepBatch: 500, issueBatch: 500 },
    notify: () => undefined,
  };
}

/** An administrator may have revoked some, or ended the demonstration altogether. */
async function stillWorking(pool: pg.Pool, signIns: readonly DemoSignIn[]): Promise<DemoSignIn[]> {
  const found = await Promise.all(
    signIns.map(async ({ token }) => await identityByToken(pool, tokenDigest(token), { demo: true })),
  );
  return signIns.filter((_, place) => found[place] !== null);
}

/**
 * Loads the invented province, unless it is there already, and returns those of its sign-ins that still work.
 *
 * @param databaseUrl connection of the owner.
 * @param dataDir where the secret of the sign-ins is kept.
 */
export async function loadDemoData(databaseUrl: string, dataDir: string): Promise<readonly DemoSignIn[]> {
  const pool = openPool({ url: databaseUrl, max: 4, name: 'dondoc-demo-data' });
  try {
    const { signIns, reporters } = await loadDemo(pool, { secret: await demoSecret(dataDir) });
    await loadDemoReports(engineOver(pool), reporters, await databaseNow(pool));
    return await stillWorking(pool, signIns);
  } finally {
    await pool.end();
  }
}
