import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { executeAssignments } from '../../src/engine/execute.js';
import { withFiles } from '../../src/engine/file-ports.js';
import { openFiles } from '../../src/files/open.js';
import { startTestApi, type TestApi } from '../http/api-fixture.js';
import { createEmptyDatabase, createTestDatabase } from '../support/database.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  issuedDirective,
  requestOf,
} from '../support/fixtures.js';
import { testServers } from '../support/servers.js';

/** The real program, as an operator runs it. Each run starts one, so a test of many is given time. */
jest.setTimeout(180_000);

const PROGRAM = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let api: TestApi;
let folder: string;
let closed: { DATABASE_URL: string; FILES_DIR: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dondoc-cli-'));
  const filesDir = join(folder, 'files');
  const files = await openFiles({ filesDir, s3Bucket: 'unused', s3Region: 'x' }, 'incoming');
  api = await startTestApi({ wire: (engine) => withFiles(engine, files) });
  closed = { DATABASE_URL: api.database.url, FILES_DIR: filesDir };
  const { justice, health } = api.group.units;
  const tasks = [draftTask({ leadUnitIds: [justice] }), draftTask({ leadUnitIds: [health] })];
  const directive = await issuedDirective(api.engine, api.group, directiveContent(tasks));
  const assignment = (await assignmentsByUnit(api.engine.writer, directive)).get(justice) ?? '';
  const { actor } = api.group.signIn('unit:justice');
  const report = { action: 'report' as const, input: { text: 'Đã làm\u2028một nửa "50%"\n' } };
  accepted(await executeAssignments(api.engine, requestOf(actor), [assignment], report));
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

async function dondoc(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env }, timeout: 60_000 };
  return await new Promise((settle) => {
    execFile(process.execPath, [PROGRAM, ...args], options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      settle({ code, out, err });
    });
  });
}

const query = async <T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
};

describe('dondoc', () => {
  test('says what it can do, suggests what was meant, and completes in shells', async () => {
    const help = await dondoc(['--help']);
    for (const name of ['doctor', 'backup', 'restore', 'export', 'import', 'issue', 'verify', 'dead-letters'])
      expect(help.out).toContain(name);
    expect((await dondoc(['backup', '--help'])).out).toContain('Example');
    const typo = await dondoc(['verfy']);
    expect([typo.code, typo.err]).toEqual([1, expect.stringContaining('Did you mean verify?')]);
    const { out } = await dondoc(['completion', 'bash']);
    const words = await new Promise<string>((settle) => {
      const ask = `${out}\nCOMP_WORDS=(dondoc dead-letters r); COMP_CWORD=2; _dondoc; echo "\${COMPREPLY[@]}"`;
      execFile('bash', ['-c', ask], (_, text) => settle(text.trim()));
    });
    expect(words).toBe('retry');
    expect((await dondoc(['completion', 'zsh'])).out).toContain('"dondoc dead-letters") offered=(list retry');
  });

  test('finds the servers of the instance that runs on its data folder, unless it is told of others', async () => {
    const dataDir = await mkdtemp(join(folder, 'instance-'));
    const settings = { DATABASE_URL: api.database.url, FILES_DIR: closed.FILES_DIR };
    await writeFile(join(dataDir, 'instance.json'), JSON.stringify({ api: api.url, settings }));
    expect(await dondoc(['verify', '--json'], { DATA_DIR: dataDir })).toMatchObject({ code: 0 });
    const told = { DATA_DIR: dataDir, DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' };
    expect((await dondoc(['verify'], told)).err).toContain('127.0.0.1:9/none cannot be reached');
    await writeFile(join(dataDir, 'instance.json'), '{');
    const broken = await dondoc(['verify'], { DATA_DIR: dataDir });
    expect([broken.code, broken.err]).toEqual([
      1,
      expect.stringMatching(/instance\.json cannot be read .*DATABASE_URL/),
    ]);
  });

  test('doctor tells each thing, what to do about it, and ends with 2 where one is at fault', async () => {
    const bare = await dondoc(['doctor', '--json']);
    expect([bare.code, JSON.parse(bare.out).well]).toEqual([2, false]);
    expect(bare.out).toContain('DATABASE_URL is needed');
    const { temporalAddress, temporalNamespace, workflowBundle } = testServers();
    const env = {
      ...closed,
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: temporalNamespace,
      TEMPORAL_TASK_QUEUE: `doctor-${randomUUID()}`,
      WORKFLOW_BUNDLE: workflowBundle,
      SMTP_URL: 'smtp://127.0.0.1:9',
    };
    const some = JSON.parse((await dondoc(['doctor', '--json'], env)).out) as {
      findings: { what: string; state: string; advice?: string }[];
    };
    const states = Object.fromEntries(some.findings.map(({ what, state }) => [what, state]));
    expect(states).toMatchObject({
      'Node.js': 'ok',
      configuration: 'ok',
      database: 'ok',
      migrations: 'ok',
      roles: 'ok',
      clock: 'ok',
      Temporal: 'ok',
      Schedule: 'warning',
      'workflow bundle': 'ok',
      worker: 'warning',
      mail: 'fault',
    });
    for (const { state, advice } of some.findings) if (state !== 'ok') expect(advice).toMatch(/\w/);
    const empty = await createEmptyDatabase();
    try {
      const found = await dondoc(['doctor'], { ...env, DATABASE_URL: empty.url });
      expect(found.out).toMatch(/FAULT {4}migrations: 0 of \d+ have run\n +→ Run dondoc migrate/);
    } finally {
      await empty.drop();
    }
  });

  test('says which database it cannot reach, without its password', async () => {
    const run = await dondoc(['verify'], { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:9/none' });
    expect(run.code).toBe(1);
    expect(run.err).toContain('127.0.0.1:9/none cannot be reached');
    expect(run.err).not.toContain('hidden');
  });
});

describe('the record', () => {
  test('is verified and anchored by the program', async () => {
    const verified = await dondoc(['verify'], closed);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('as it was written')]);
    expect((await dondoc(['anchor'], closed)).out).toContain('NOT signed');
    expect((await dondoc(['anchor'], closed)).out).toContain('Nothing was written');
  });

  test('goes out as lines of JSON, each export in the access log', async () => {
    const { code, out } = await dondoc(['export', '--group', api.group.code], closed);
    expect(code).toBe(0);
    const lines = out.split('\n').filter((line) => line !== '');
    const [{ n } = { n: 0 }] = await query<{ n: number }>(
      api.database.url,
      'select count(*)::int as n from event',
    );
    expect(lines).toHaveLength(n);
    const events = lines.map((line) => JSON.parse(line) as { number: number; type: string; text: unknown });
    expect(events.find(({ type }) => type === 'reported')?.text).toEqual({
      text: 'Đã làm\u2028một nửa "50%"\n',
    });
    const file = join(folder, 'events.jsonl');
    const none = await dondoc(['export', '--to', '2020-01-01', '--out', file, '--json'], closed);
    expect(JSON.parse(none.out)).toEqual({ events: 0, file });
    expect((await dondoc(['export', '--out', file], closed)).err).toContain('exists');
    expect((await dondoc(['export', '--from', 'gestern'], closed)).err).toContain('is no date');
    const logged = await query(api.database.url, "select from access_log where action = 'exported'");
    expect(logged.length).toBeGreaterThanOrEqual(2);
  });

  test('is backed up, and restored only whole and into an empty database, where it verifies', async () => {
    const kept = join(folder, 'kept');
    // Directives and assignments refer to each other where one carries on another's.
    await query(
      api.database.url,
      'update directive set parent_assignment_id = (select min(id::text)::uuid from assignment)',
    );
    const made = await dondoc(['backup', kept, '--json'], closed);
    expect([made.code, made.err]).toEqual([0, '']);
    expect((await dondoc(['backup', kept], closed)).err).toContain('is not empty');
    expect((await dondoc(['restore', kept], closed)).err).toContain('The database is not empty');
    const other = await createEmptyDatabase();
    try {
      const env = { DATABASE_URL: other.url };
      const back = await dondoc(['restore', kept, '--json'], env);
      expect([back.code, back.err]).toEqual([0, '']);
      expect(JSON.parse(back.out)).toMatchObject({ faults: [], epoch: 2 });
      const tables = ['event', 'assignment', 'directive', 'access_log', 'anchor', 'person', 'count_move'];
      for (const table of tables) {
        const text = `select count(*)::int as n, coalesce(max(t::text), '') as most from (select (to_jsonb(x) - 'xid')::text from ${table} x) t`;
        expect([table, ...(await query(other.url, text))]).toEqual([
          table,
          ...(await query(api.database.url, text)),
        ]);
      }
      const [next] = await query<{ ahead: boolean }>(
        other.url,
        "select nextval(pg_get_serial_sequence('event', 'number')) > max(number) as ahead from event",
      );
      expect(next?.ahead).toBe(true);
    } finally {
      await other.drop();
    }
  });

  test('is backed up with its uploaded files, which come back whole or not at all, and one that is lost is named', async () => {
    const token = api.group.signIn('unit:justice').token;
    const upload = async (text: string): Promise<string> => {
      const body = new FormData();
      body.append('file', new Blob([`%PDF-1.7\n${text}\n%%EOF\n`]), 'a.pdf');
      return (await api.call('POST', '/v1/files', { token, body })).body.sha256;
    };
    const [sha256, second] = [await upload('bằng chứng'), await upload('thứ hai')];
    const kept = join(folder, 'kept-with-files');
    const made = await dondoc(['backup', kept, '--json'], closed);
    expect(JSON.parse(made.out)).toMatchObject({ files: { contents: 2 }, lost: [] });
    const other = await createEmptyDatabase();
    const env = { DATABASE_URL: other.url, FILES_DIR: join(folder, 'restored') };
    try {
      const file = join(kept, 'files', sha256);
      const content = await readFile(file);
      await writeFile(file, 'another');
      const refused = await dondoc(['restore', kept], env);
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('nothing was restored')]);
      expect(await query(other.url, 'select from event')).toEqual([]);
      await writeFile(file, content);
      const back = await dondoc(['restore', kept, '--json'], env);
      expect([back.code, back.err]).toEqual([0, '']);
      const stored = await readdir(join(folder, 'restored', 'kept'), {
        recursive: true,
        withFileTypes: true,
      });
      const found = await Promise.all(
        stored
          .filter((entry) => entry.isFile())
          .map(async (entry) => await readFile(join(entry.parentPath, entry.name))),
      );
      expect(found).toHaveLength(2);
      expect(found.some((each) => each.equals(content))).toBe(true);
      // Under the very keys of the record, so that a download finds them.
      const keys = await query<{ key: string }>(other.url, 'select key from file_content order by key');
      const names = stored.filter((entry) => entry.isFile()).map((entry) => entry.name);
      expect(names.sort()).toEqual(keys.map(({ key }) => key));
    } finally {
      await other.drop();
    }
    const [row] = await query<{ key: string }>(
      api.database.url,
      `select key from file_content where sha256 = decode('${second}', 'hex')`,
    );
    const key = row?.key ?? '';
    const path = join(closed.FILES_DIR, 'kept', key.slice(0, 2), key.slice(2, 4), key);
    const content = await readFile(path);
    await rm(path);
    const partly = await dondoc(['backup', join(folder, 'kept-in-part')], closed);
    expect([partly.code, partly.out]).toEqual([
      2,
      expect.stringContaining(`The content ${second} is not in`),
    ]);
    await writeFile(path, content);
  });

  test('that was touched in its backup is not taken for whole', async () => {
    const touched = join(folder, 'touched');
    expect((await dondoc(['backup', touched], closed)).code).toBe(0);
    const file = join(touched, 'event.jsonl.gz');
    const text = gunzipSync(await readFile(file)).toString();
    await writeFile(file, gzipSync(text.replace('một nửa', 'tất cả')));
    const other = await createTestDatabase();
    try {
      const run = await dondoc(['restore', touched], { DATABASE_URL: other.url });
      expect([run.code, run.err]).toEqual([1, expect.stringContaining('nothing was restored')]);
      expect(await query(other.url, 'select from event')).toEqual([]);
    } finally {
      await other.drop();
    }
    await rm(join(touched, 'manifest.json'));
    expect((await dondoc(['restore', touched], closed)).err).toContain('holds no whole backup');
    expect((await readdir(touched)).length).toBeGreaterThan(10);
  });
});

describe('over HTTP', () => {
  test('a plan is previewed, made a draft and issued with a token alone', async () => {
    const { token } = api.group.signIn('standing_agency');
    const env = { DONDOC_TOKEN: token, DONDOC_URL: api.url };
    const plan = join(folder, 'plan.csv');
    await writeFile(
      plan,
      'STT;Nội dung nhiệm vụ;Đơn vị chủ trì;Thời hạn;Kết quả\n1;Rà soát dữ liệu;Sở Tư pháp;trước 20/6/2099;Báo cáo\n',
    );
    const about = ['--number', '9/KH', '--document-date', '2025-01-06', '--title', 'Kế hoạch'];
    const seen = await dondoc(['import', plan, ...about], env);
    expect([seen.code, seen.err, seen.out]).toEqual([0, '', expect.stringContaining('nothing was made')]);
    const made = await dondoc(['import', plan, ...about, '--apply', '--json'], env);
    const { directive } = JSON.parse(made.out) as { directive: string };
    const issued = await dondoc(['issue', directive, '--json'], env);
    expect(issued.err).toBe('');
    expect(JSON.parse(issued.out)).toMatchObject({ id: directive, state: 'issued', planned: 1 });
    expect((await dondoc(['issue', directive, '--json'], env)).out).toBe(issued.out);
    await appendFile(plan, '2;Việc khác;Sở Không Có;;\n');
    const blocked = await dondoc(['import', plan, ...about], env);
    expect([blocked.code, blocked.out]).toEqual([2, expect.stringContaining('line 3:')]);
    expect((await dondoc(['import', plan, ...about, '--apply'], env)).code).toBe(2);
  });

  test('refusals are told in words, with what to do', async () => {
    expect((await dondoc(['issue', 'x'])).err).toContain('DONDOC_TOKEN');
    const away = await dondoc(['issue', 'x', '--url', 'http://127.0.0.1:9', '--token', 'x']);
    expect([away.code, away.err]).toEqual([1, expect.stringContaining('does not answer')]);
    const unknown = await dondoc(['issue', '01890000-0000-7000-8000-000000000001', '--url', api.url], {
      DONDOC_TOKEN: api.group.signIn('standing_agency').token,
    });
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('(not_found)')]);
  });
});

describe('dead letters', () => {
  test('are shown and sent again', async () => {
    await query(
      api.database.url,
      `insert into envelope (id, working_group_id, channel, recipient_kind, address, locale, message_id, subject, body_text, body_html,
                             state, attempts, next_at, created_at, last_error)
       select gen_random_uuid(), id, 'email', 'unit', 'sai@example.test', 'vi', 'm1', 'Nhắc', 't', 'h', 'dead', 5, now(), now(), '550 no such user'
         from working_group`,
    );
    const listed = await dondoc(['dead-letters', 'list', '--json'], closed);
    const [letter] = JSON.parse(listed.out) as { id: string; lastError: string }[];
    expect(letter?.lastError).toBe('550 no such user');
    expect((await dondoc(['dead-letters', 'retry'], closed)).code).toBe(1);
    const retried = await dondoc(['dead-letters', 'retry', letter?.id ?? '', '--json'], closed);
    expect(JSON.parse(retried.out)).toEqual({ retried: 1 });
    expect((await dondoc(['dead-letters'], closed)).out).toContain('There are no dead letters');
  });
});
