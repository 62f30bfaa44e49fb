import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { call } from '../http/api-fixture.js';
import { until } from '../support/conducting.js';
import { freePorts } from '../support/ports.js';
import { type CommitProxy, startCommitProxy } from './commit-proxy.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The API as it is started in service, without Temporal and mail, with a proxy on its way to the database. */
export class ApiProcess {
  readonly url: string;
  readonly proxy: CommitProxy;
  readonly #child: ChildProcess;
  readonly #admin: string;
  #output = '';

  private constructor(child: ChildProcess, proxy: CommitProxy, ports: { http: number; admin: number }) {
    this.#child = child;
    this.proxy = proxy;
    this.url = `http://127.0.0.1:${ports.http}`;
    this.#admin = `http://127.0.0.1:${ports.admin}`;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#output += text.toString();
      });
    }
  }

  static async start(databaseUrl: string): Promise<ApiProcess> {
    const url = new URL(databaseUrl);
    const proxy = await startCommitProxy({ host: url.hostname, port: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const [http = 0, admin = 0] = await freePorts(2);
    const child = spawn(process.execPath, ['--import', './test/support/register-ts.mjs', 'src/api.ts'], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH ?? '',
        NODE_ENV: 'test',
        TEST_CLOCK: 'true',
        DATABASE_URL: url.href,
        HTTP_PORT: String(http),
        ADMIN_PORT: String(admin),
        TEMPORAL_ADDRESS: '127.0.0.1:9',
        SMTP_URL: 'smtp://127.0.0.1:9',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ApiProcess(child, proxy, { http, admin });
  }

  async ready(): Promise<this> {
    const answers = async (): Promise<boolean> => {
      if (this.#child.exitCode !== null) throw new Error(`It does not start:\n${this.#output}`);
      const answer = await call(this.#admin, 'GET', '/readyz').catch(() => null);
      return answer?.status === 200;
    };
    await until('the API is ready', answers, 100_000);
    return this;
  }

  /** As kill -9 does, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await gone;
    }
    await this.proxy.close();
  }
}
