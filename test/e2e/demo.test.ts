import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Narrator, StepError } from '../../demo/narrator.js';
import { openFolder } from '../support/folders.js';
import { logsOf, type RunningInstance, startInstance } from './instance.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Played {
  readonly code: number | null;
  readonly output: string;
}

/** The demonstration as a process of its own; only its compiling is left out. */
async function play(dataDir: string): Promise<Played> {
  const args = ['--no-warnings', '--import', './test/support/register-ts.mjs', './demo/main.ts'];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, NODE_OPTIONS: '', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((settle) => {
    child.once('close', settle);
  });
  return { code, output };
}

/** What the audience is promised to see. */
const TOLD = [
  '61 accounted for',
  'bốn rõ',
  'acknowledges',
  'reports: 20 of 42',
  'returns it',
  'mended',
  'grants it by a numbered document',
  'the clock stands still',
  'on paper',
  'reminder',
  'urging_letter',
  'a case is proposed',
  'rejects the objection',
  'outcome recorded',
  'is closed',
  'Lịch sử đôn đốc',
  'mails about this directive, each once',
  '46 on time + 1 late + 0 open = 47',
];

describe('npm run demo', () => {
  let running: RunningInstance;

  beforeAll(async () => {
    running = await startInstance();
  });

  afterAll(async () => {
    await running.end();
  });

  test.each(['a first time', 'again on the same server'])(
    'plays the whole story %s, without colours where it is no terminal',
    async () => {
      const { code, output } = await play(running.settings.DATA_DIR ?? '');
      // Shown only where it failed: which step, and what the processes said.
      if (code !== 0) throw new Error(`${output}\n${logsOf(running)}`);
      for (const words of TOLD) expect(output).toContain(words);
      expect(output).not.toContain('\u001b[');
      expect(Number(/^(\d+) steps in \d/m.exec(output)?.[1])).toBeGreaterThan(45);
    },
    240_000,
  );
});

describe('the demonstration', () => {
  test('says what to do where nothing runs', async () => {
    const { code, output } = await play(openFolder('nothing'));
    expect(code).toBe(1);
    expect(output).toContain('npm start');
  });

  test('names the step that did not happen', async () => {
    let told = '';
    const write = (text: string): void => {
      told += text;
    };
    const narrator = new Narrator({ write, colours: false });
    const step = narrator.step(
      'the sun rises',
      async () => await Promise.reject(new Error('clouds')),
      String,
    );
    await expect(step).rejects.toMatchObject({ step: 'the sun rises', message: 'clouds' });
    await expect(step).rejects.toBeInstanceOf(StepError);
    expect(told).toContain('✗ the sun rises');
  });
});
