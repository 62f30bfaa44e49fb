import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import openapiTS, { astToString } from 'openapi-typescript';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { withFiles } from '../../src/engine/file-ports.js';
import { issueBatch } from '../../src/engine/issue.js';
import { openFiles } from '../../src/files/open.js';
import { moveClock } from '../support/fixtures.js';
import { openFolder } from '../support/folders.js';
import { QUICK_POLICY } from '../support/world.js';
import { ROOT } from '../unit/architecture/seeded-tree.js';
import { startTestApi, type TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;
const PROGRAM = join(ROOT, 'test/fixtures/client/main-job.mts');
const OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  noEmitOnError: true,
  skipLibCheck: true,
  types: ['node'],
  rootDir: '.',
  outDir: 'out',
};

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = openFolder('client');
  const store = {
    filesDir: join(folder, 'files'),
    s3Bucket: 'unused',
    s3Region: 'x',
    clamdAddress: undefined,
  };
  const files = await openFiles(store, 'incoming');
  api = await startTestApi({ policy: QUICK_POLICY, wire: (engine) => withFiles(engine, files) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { body } = await api.call('GET', '/openapi.json');
  writeFileSync(join(folder, 'schema.ts'), astToString(await openapiTS(body)));
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Compiles a client against the generated types; what the compiler has to say about it. */
async function compile(name: string, text: string): Promise<string> {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'main-job.mts'), text.replaceAll("'./schema.js'", "'../schema.js'"));
  const project = join(folder, `${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: OPTIONS, include: [`${name}/*.mts`] }));
  const child = fork(join(ROOT, 'node_modules/typescript/bin/tsc'), ['-p', project], { stdio: 'pipe' });
  return await outputOf(child);
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

/** The worker and the clock, as far as the client asks them to go on. */
async function goOn(asked: string): Promise<void> {
  const [what, first = '', second = ''] = asked.split(':');
  const through = async (pass: () => Promise<{ more: boolean }>): Promise<void> => {
    for (let more = true; more; ) ({ more } = await pass());
  };
  if (what === 'issue') await issueBatch(api.engine, first);
  else if (what === 'regime') await conductRegime(api.engine, first, NEVER);
  else if (what === 'case') {
    await moveClock(api.database, DAY);
    await through(async () => await conductReferral(api.engine, first, NEVER));
  } else {
    await moveClock(api.database, Number(first) * DAY);
    await through(async () => await conductDirective(api.engine, second, NEVER));
  }
}

async function play(): Promise<string[]> {
  const token = (who: Parameters<TestApi['group']['signIn']>[0]): string => api.group.signIn(who).token;
  const child = fork(join(folder, 'out/client/main-job.mjs'), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: {
      API: api.url,
      STANDING_AGENCY: token('standing_agency'),
      JUSTICE: token('unit:justice'),
      HEALTH: token('unit:health'),
      SUPERVISOR: token('supervisor'),
      HOME_AFFAIRS: token('home_affairs'),
    },
  });
  const faults: string[] = [];
  child.on('message', (asked) => {
    goOn(typeof asked === 'string' ? asked : '').then(
      () => child.send('done'),
      (error: unknown) => {
        faults.push(String(error));
        child.kill();
      },
    );
  });
  return [...(await outputOf(child)).trim().split('\n'), ...faults];
}

describe('a client generated from the OpenAPI document', () => {
  test('is compiled against its types, and plays the main job', async () => {
    expect(await compile('client', readFileSync(PROGRAM, 'utf8'))).toBe('');
    expect(await play()).toEqual([
      'imported 2 tasks',
      'directive is issued',
      'assignment is acknowledged, submit allowed',
      'assignment is in_progress, submit allowed',
      'assignment is submitted',
      'assignment is in_progress, submit allowed',
      'assignment is submitted',
      'own confirmation: forbidden',
      'assignment is confirmed',
      'report is received_on_time',
      'steps taken: acknowledgement, refer, remind, supervisor, urge',
      'case is objected',
      'case is objected',
      'case is rejected',
      'case is referred',
      'case is acknowledged',
      'closing with open work: transition_not_allowed',
      'directive is closed',
      'counts of 1 directive',
    ]);
  });

  test('that misspells a path, leaves a field out, adds one, forgets the key or reads what is not there is not compiled', async () => {
    const seeded = [
      ["'/v1/assignments/{id}/confirm'", "'/v1/assignments/{id}/confirms'"],
      ["{ reason: 'Thiếu phụ lục' }", '{}'],
      ["{ channel: 'telephone', text", "{ channel: 'telephone', more: 1, text"],
      ["body: { reason: 'Tổng kết', carryOver: true }", "body: { reason: 'Tổng kết', carryOver: 1 }"],
      [
        "agency.POST('/v1/directives/{id}/issue', { params: { path: { id }, header: header() }",
        "agency.POST('/v1/directives/{id}/issue', { params: { path: { id } }",
      ],
      ['closed.state', 'closed.states'],
      ["refused.error?.code ?? 'accepted'", "refused.error?.code === 'duplicate_code'"],
    ] as const;
    const text = readFileSync(PROGRAM, 'utf8');
    for (const [right] of seeded) expect(text).toContain(right);
    const wrong = seeded.reduce((before, [right, mistake]) => before.replace(right, mistake), text);
    const lines = (await compile('wrong', wrong)).split('\n').filter((line) => line.includes('error TS'));
    expect(lines.length).toBeGreaterThanOrEqual(seeded.length);
  });
});
