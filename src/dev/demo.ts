import { openPool } from '../db/pool.js';
import { type DemoSignIn, loadDemo } from '../engine/demo-data.js';
import { demoSecret } from '../engine/demo-secret.js';

export type { DemoSignIn } from '../engine/demo-data.js';

/**
 * Loads the invented province, unless it is there already, and returns its sign-ins.
 *
 * @param databaseUrl connection of the owner.
 * @param dataDir where the secret of the sign-ins is kept.
 */
export async function loadDemoData(databaseUrl: string, dataDir: string): Promise<readonly DemoSignIn[]> {
  const pool = openPool({ url: databaseUrl, max: 1, name: 'dondoc-demo-data' });
  try {
    const { signIns } = await loadDemo(pool, { secret: await demoSecret(dataDir) });
    return signIns;
  } finally {
    await pool.end();
  }
}
