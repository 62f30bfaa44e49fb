import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { replay } from '../support/conducting.js';
import { testServers } from '../support/servers.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'test/replay/histories');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const historyOf = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));

const trees: string[] = [];
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** The workflows as they are, but for one change to one file. */
async function mutated(file: string, from: string, to: string): Promise<{ code: string }> {
  const root = mkdtempSync(join(tmpdir(), 'dondoc-mutated-'));
  trees.push(root);
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const path of ['package.json', 'workflows', 'activities/contract.ts']) {
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  const path = join(root, 'workflows', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} holds no "${from}": the mutation must be written anew`);
  writeFileSync(path, text.replace(from, to));
  const logger = new DefaultLogger('ERROR');
  return await bundleWorkflowCode({ workflowsPath: join(root, 'workflows/index.ts'), logger });
}

describe('stored histories', () => {
  test.each(FILES)('%s is replayed by the workflows as they are now', async (name) => {
    await replay(testServers().workflowBundle, historyOf(name));
  });

  test('are named workflow.what.date.json', () => {
    expect(FILES.filter((name) => !/^[a-z-]+[.][a-z-]+[.]\d{4}-\d\d-\d\d[.]json$/.test(name))).toEqual([]);
  });
});

describe('a mutated workflow fails the replay', () => {
  test.each([
    [
      'that does not issue first',
      'directive.ts',
      'if (!issued) conductor',
      'if (issued) conductor',
      'directive',
    ],
    [
      'that waits before it asks',
      'directive.ts',
      'return await conductDirective',
      'await condition(() => false, 5); return await conductDirective',
      'directive',
    ],
    [
      'that asks once more at its end',
      'referral.ts',
      'if (pass?.ended) break;',
      'if (pass?.ended) { await conductReferral(input.id, 0); break; }',
      'referral',
    ],
    ['that does not wait after a failure', 'anchor.ts', 'await sleep(wait);', '', 'anchor'],
    [
      'that does not wait after a pass',
      'conductor.ts',
      'await condition(() => this.#changed, wait);',
      '',
      'referral',
    ],
  ])('%s', async (_, file, from, to, workflow) => {
    const bundle = await mutated(file, from, to);
    const names = FILES.filter((name) => name.startsWith(`${workflow}.`));
    const outcomes = await Promise.allSettled(
      names.map(async (name) => await replay(bundle, historyOf(name))),
    );
    const broken = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [String(outcome.reason)] : [],
    );
    expect(broken.filter((reason) => reason.includes('Determinism'))).not.toEqual([]);
  });
});
