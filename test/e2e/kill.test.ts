import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Narrator } from '../../demo/narrator.js';
import { playStory } from '../../demo/story.js';
import {
  isRunning,
  type ProcessIdentity,
  signalProcess,
  waitForExit,
} from '../../src/db/embedded-process.js';
import { DEMO_POLICY } from '../../src/engine/demo-data.js';
import { type MailCatcher, startMailCatcher } from '../../src/mail/catcher.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld } from '../support/world.js';
import { logsOf, type RunningInstance, startInstance } from './instance.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Generous: what is waited for takes seconds, on a machine that does nothing else. */
const PATIENCE_MS = 60_000;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  const giveUp = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > giveUp) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await sleep(50);
  }
}

/** Everything that is done to a running instance while its story is told. */
class Havoc {
  readonly #running: RunningInstance;
  readonly #mail: MailCatcher;
  /** What was done, in order; a test that disturbed nothing proves nothing. */
  readonly done: string[] = [];

  constructor(running: RunningInstance, mail: MailCatcher) {
    this.#running = running;
    this.#mail = mail;
  }

  async kill(name: 'api' | 'worker' | 'temporal'): Promise<void> {
    const before = this.#process(name);
    expect(signalProcess(before, 'SIGKILL')).toBe(true);
    this.done.push(`killed ${name}`);
    await waitForExit(before, PATIENCE_MS);
  }

  /**
   * Whoever is killed between sending a mail and noting it sends it again, under the same Message-ID: the one
   * window there is. The story looks for mails that came twice, so nothing is killed within it. What waits for an
   * office to open is not under way.
   */
  async untilNoMailIsUnderWay(): Promise<void> {
    await until('every envelope is sent', async () => {
      const [row] = await this.sql<{ waiting: number }>(
        `select (select count(*) from envelope where state = 'ready')::int
              + (select count(*) from item
                  where state = 'waiting' and open_at < now() + interval '10 seconds')::int as waiting`,
      );
      return row?.waiting === 0 ? true : null;
    });
  }

  /** The Temporal server loses all it knew; what should run is started again from the record. */
  async throwTemporalAway(): Promise<void> {
    const before = this.#process('temporal');
    const folder = join(this.#running.settings.DATA_DIR ?? '', 'temporal');
    signalProcess(before, 'SIGKILL');
    await waitForExit(before, PATIENCE_MS);
    rmSync(folder, { recursive: true, force: true });
    this.done.push('threw Temporal away');
    await this.#again('temporal', before);
    await until('dondoc reconcile', async () => {
      const found = await this.#reconcile();
      return found.failed.length === 0 && found.due > 0 ? true : null;
    });
    // The directive and its case, whoever started them again: this command, or the look of a worker that was quicker.
    await until('everything runs that should', async () => {
      const found = await this.#reconcile('--dry-run');
      return found.failed.length === 0 && found.due > 0 && found.running === found.due ? true : null;
    });
    this.done.push('reconciled');
  }

  /** While Temporal is away the API works on, and says that something is missing. */
  async expectWorksWithoutTemporal(): Promise<void> {
    const { instance, settings } = this.#running;
    await until('readiness without Temporal', async () => {
      const answer = await fetch(`http://127.0.0.1:${settings.ADMIN_PORT}/readyz`);
      const report = (await answer.json()) as {
        status: string;
        components: Record<string, { state: string }>;
      };
      expect(answer.status).toBe(200);
      return report.status === 'degraded' && report.components.temporal?.state === 'down' ? true : null;
    });
    const [due] = await this.sql<{ id: string }>(
      `select subject_id as id from planned_step where subject_kind = 'assignment' and step = 'urge'
        order by due_at limit 1`,
    );
    const response = await fetch(`${instance.api}/v1/assignments/${due?.id ?? ''}/urgings`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${instance.signIns[0]?.token ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ channel: 'meeting', text: 'Nhắc tại giao ban' }),
    });
    expect(response.status).toBe(200);
  }

  /** The server stands still while the record goes on: what falls due meanwhile is taken afterwards. */
  async holdTemporal(whileHeld: () => Promise<unknown>): Promise<void> {
    const temporal = this.#process('temporal');
    signalProcess(temporal, 'SIGSTOP');
    try {
      this.done.push('held Temporal');
      await whileHeld();
    } finally {
      signalProcess(temporal, 'SIGCONT');
    }
  }

  /** PostgreSQL is away: callers hear 503 within five seconds and when to come again. */
  async stopPostgres(): Promise<void> {
    await this.untilNoMailIsUnderWay();
    const before = this.#process('postgres');
    signalProcess(before, 'SIGKILL');
    await waitForExit(before, PATIENCE_MS);
    // Until its port is free again it cannot come back.
    const squatter = createServer((socket) => socket.destroy());
    await new Promise<void>((settle, fail) => {
      squatter.once('error', fail);
      squatter.listen(Number(this.#running.settings.PG_PORT), '127.0.0.1', settle);
    });
    try {
      const asked = Date.now();
      const response = await fetch(`${this.#running.instance.api}/v1/directives`, {
        headers: { authorization: `Bearer ${this.#running.instance.signIns[0]?.token ?? ''}` },
      });
      expect(Date.now() - asked).toBeLessThan(5_000);
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await new Promise((settle) => squatter.close(settle));
    }
    this.done.push('stopped postgres');
    await this.#again('postgres', before);
  }

  stopMail(): void {
    // Connections that are kept open would hold the closing up; for a sender the port is closed at once.
    void this.#mail.stopSmtp();
    this.done.push('stopped mail');
  }

  async startMail(): Promise<void> {
    await until('the port of the mail catcher', async () => {
      try {
        await this.#mail.startSmtp();
        return true;
      } catch {
        return null;
      }
    });
  }

  async sql<T extends pg.QueryResultRow>(text: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.#running.databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  #process(name: string): ProcessIdentity {
    const found = this.#running.launched.processes().get(name);
    if (found === undefined || !isRunning(found)) throw new Error(`${name} does not run`);
    return found;
  }

  async #again(name: string, before: ProcessIdentity): Promise<void> {
    await until(`${name} runs again`, () => {
      const now = this.#running.launched.processes().get(name);
      return now !== undefined && now.pid !== before.pid && isRunning(now) ? true : null;
    });
  }

  async #reconcile(...options: string[]): Promise<{ due: number; running: number; failed: unknown[] }> {
    const { DATABASE_URL: _none, ...inherited } = process.env;
    // It finds the servers by the folder of the instance that runs on it.
    const env = { ...inherited, NODE_OPTIONS: '', DATA_DIR: this.#running.settings.DATA_DIR };
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--no-warnings', './dist/src/cli.js', 'reconcile', '--json', ...options],
        { cwd: ROOT, env },
      );
      return JSON.parse(stdout) as { due: number; running: number; failed: unknown[] };
    } catch {
      // The server is still starting.
      return { due: 0, running: 0, failed: [] };
    }
  }
}

/** Before which step what is done. The unit's time to object is short, so nothing is disturbed within it. */
function disturbances(havoc: Havoc): Readonly<Record<string, () => Promise<void>>> {
  const silent = 'Sở Nông nghiệp và Môi trường';
  const passed = async (step: string): Promise<true> =>
    await until(`${step} is due`, async () => {
      const [row] = await havoc.sql<{ passed: boolean }>(
        `select exists (select from planned_step where subject_kind = 'assignment' and step = '${step}'
                         and due_at < now() - interval '4 seconds') as passed`,
      );
      return row?.passed === true ? true : null;
    });
  return {
    'the plan is previewed': async () => await havoc.kill('api'),
    'Sở Tư pháp reports progress': async () => await havoc.stopPostgres(),
    'Sở Tài chính asks for an extension': async () => await havoc.kill('temporal'),
    'Sở Giáo dục và Đào tạo raises an obstacle': async () => await Promise.resolve(havoc.stopMail()),
    'the ladder of the policy is read': async () => await havoc.kill('worker'),
    // Commands are accepted meanwhile, and of the two rungs that pass each is taken once.
    [`${silent}: urge`]: async () => {
      await havoc.holdTemporal(async () => {
        await passed('urge');
        await havoc.expectWorksWithoutTemporal();
      });
    },
    [`${silent}: urging-letter`]: async () => await havoc.startMail(),
    'the objection is rejected': async () => await havoc.throwTemporalAway(),
    'Home Affairs acknowledges': async () => await havoc.kill('api'),
    [`${silent} submits at last`]: async () => {
      await havoc.untilNoMailIsUnderWay();
      await havoc.kill('worker');
    },
  };
}

async function tell(running: RunningInstance, mail: MailCatcher, havoc: Havoc): Promise<void> {
  let told = '';
  const acts = disturbances(havoc);
  const narrator = new Narrator({
    write: (text) => {
      told += text;
    },
    colours: false,
    before: async (step) => await acts[step]?.(),
  });
  try {
    const instance = { ...running.instance, mailbox: mail.pageUrl ?? null };
    await playStory(instance, narrator, { withPlanOf61: false });
  } catch (error) {
    throw new Error(`${told}\n${running.launched.output.slice(-3_000)}\n${logsOf(running)}`, {
      cause: error,
    });
  }
}

describe('the story', () => {
  test('ends right, with no step and no mail twice, whatever is killed, stopped or thrown away meanwhile', async () => {
    const mail = await startMailCatcher({ smtpPort: 0, pagePort: 0 });
    closing.push(async () => await mail.stop());
    const running = await startInstance({ SMTP_URL: mail.smtpUrl });
    closing.push(async () => await running.end());
    const havoc = new Havoc(running, mail);

    await tell(running, mail, havoc);

    expect(havoc.done).toEqual([
      'killed api',
      'stopped postgres',
      'killed temporal',
      'stopped mail',
      'killed worker',
      'held Temporal',
      'threw Temporal away',
      'reconciled',
      'killed api',
      'killed worker',
    ]);
    await untilMailIsSent(havoc, mail);
    expect(await havoc.sql('select step from planned_step where set_aside_at is not null')).toEqual([]);
    const world = await createWorld(running.databaseUrl, DEMO_POLICY, undefined, { existing: true });
    closing.push(async () => await world.close());
    expect(await brokenInvariants(world)).toEqual([]);
  }, 400_000);
});

/** What the record calls sent is what arrived: each envelope once, by its Message-ID. */
async function untilMailIsSent(havoc: Havoc, mail: MailCatcher): Promise<void> {
  await until('every envelope is sent', async () => {
    const rows = await havoc.sql<{ message_id: string; state: string }>(
      'select message_id, state from envelope order by message_id',
    );
    if (rows.some(({ state }) => state === 'ready')) return null;
    const arrived = mail.messages().map(({ messageId }) => messageId ?? '');
    expect(arrived.toSorted()).toEqual(rows.map(({ message_id }) => message_id));
    return true;
  });
}
