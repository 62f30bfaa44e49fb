import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTool } from './run-tool.js';
import { type Files, ROOT, removeTree, seedTree } from './seeded-tree.js';

const CONFIGURATIONS = ['tsconfig.base.json', 'tsconfig.sandbox.json'];
const TSC = 'typescript/bin/tsc';
const PROBE = 'workflows/probe-of-the-sandbox.ts';

/** What workflow and domain code must not have, and the compiler's word for refusing it. */
const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  process: ['export const x = process.env;', 'TS2591'],
  Buffer: ["export const x = Buffer.from('x');", 'TS2591'],
  require: ["export const x = require('fs');", 'TS2591'],
  'a Node module': ["import { readFileSync } from 'node:fs';\nexport const x = readFileSync;", 'TS2591'],
  console: ['console.log(1);\nexport {};', 'TS2584'],
  fetch: ["export const x = fetch('http://x');", 'TS2304'],
  setTimeout: ['export const x = setTimeout(() => 1, 1);', 'TS2304'],
  performance: ['export const x = performance.now();', 'TS2304'],
  crypto: ['export const x = crypto.randomUUID();', 'TS2304'],
  'the database': ["import { b } from '../db/b.js';\nexport const x = b;", 'TS6307'],
};
const fileOf = (name: string) => `src/domain/${name.replaceAll(' ', '-')}.ts`;
const trees: string[] = [];

afterAll(() => trees.forEach(removeTree));

describe('the sandbox project', () => {
  let seeded = '';

  beforeAll(async () => {
    const files: Files = Object.fromEntries(
      Object.entries(REFUSED).map(([name, [text]]) => [fileOf(name), `${text}\n`]),
    );
    seeded = await compile({ ...files, 'src/db/b.ts': 'export const b = 1;\n' }, []);
  });

  test.each(Object.entries(REFUSED))('has no %s', (name, [, code]) => {
    expect(seeded).toMatch(new RegExp(`^${fileOf(name)}[(].*error ${code}:`, 'm'));
  });

  test('still has no Node types when the real rules, contract and workflows are in it', async () => {
    // One import of a type that leads to @types/node would give `process` to the whole program, silently.
    const real = ['src/domain', 'activities/contract.ts', 'workflows'].filter((path) =>
      existsSync(join(ROOT, path)),
    );
    const output = await compile({ [PROBE]: 'export const x = process.env;\n' }, real);
    expect(output).toMatch(new RegExp(`^${PROBE}[(].*error TS2591:`, 'm'));
  });
});

async function compile(files: Files, copied: readonly string[]): Promise<string> {
  const root = seedTree(files, CONFIGURATIONS);
  trees.push(root);
  for (const path of copied) cpSync(join(ROOT, path), join(root, path), { recursive: true });
  const { output } = await runTool(
    TSC,
    ['-p', 'tsconfig.sandbox.json', '--noEmit', '--pretty', 'false'],
    root,
  );
  return output;
}
