import { relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTool } from './run-tool.js';
import { type Files, ROOT, removeTree, seedTree } from './seeded-tree.js';

const ESLINT = 'eslint/bin/eslint.js';
const BIOME = '@biomejs/biome/bin/biome';
const CONFIGURATIONS = [
  ...['eslint.config.mjs', 'biome.json', 'tsconfig.json', 'tsconfig.base.json', 'tsconfig.main.json'],
  ...['tsconfig.sandbox.json', 'tsconfig.demo.json', 'tsconfig.bench.json', 'tsconfig.test.json'],
];

const lines = (count: number) => Array.from({ length: count }, (_, i) => `x += ${i};`).join('\n');
const ENV = 'no-restricted-syntax';

/** A file per violation: what it shows → its path, its text, the rule that must speak and alone. */
const SEEDS: Readonly<Record<string, readonly [path: string, text: string, rule: string]>> = {
  'a promise nobody waits for': [
    'src/engine/floating.ts',
    'export function run(work: () => Promise<void>): void {\n  work();\n}\n',
    '@typescript-eslint/no-floating-promises',
  ],
  'a promise where nothing is expected': [
    'src/engine/misused.ts',
    'export function run(work: () => Promise<void>): void {\n  [1].forEach(async () => {\n    await work();\n  });\n}\n',
    '@typescript-eslint/no-misused-promises',
  ],
  'a switch that forgets a case': [
    'src/engine/switch.ts',
    "export function of(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  'a type imported as a value': [
    'src/engine/type-import.ts',
    "import { Stats } from 'node:fs';\nexport type X = Stats;\n",
    '@typescript-eslint/consistent-type-imports',
  ],
  'an any': [
    'src/engine/any.ts',
    'export const x = (y: any): string => typeof y;\n',
    '@typescript-eslint/no-explicit-any',
  ],
  'a cast': [
    'src/engine/cast.ts',
    'export const x = (y: unknown): string => y as string;\n',
    '@typescript-eslint/consistent-type-assertions',
  ],
  'a file named by the path of a URL': [
    'test/fixture.ts',
    "export const x = new URL('./x.csv', import.meta.url).pathname;\n",
    ENV,
  ],
  'the environment read by name': ['src/engine/env.ts', 'export const x = process.env.HOME;\n', ENV],
  'the environment taken apart': ['src/engine/env-part.ts', 'export const { env } = process;\n', ENV],
  'the environment imported': ['src/engine/env-import.ts', "export { env } from 'node:process';\n", ENV],
  'the environment imported to be used': [
    'src/engine/env-use.ts',
    "import { env } from 'node:process';\nexport const x = env;\n",
    ENV,
  ],
  'a clock read in the domain': ['src/domain/now.ts', 'export const x = Date.now();\n', ENV],
  'a date made of nothing in the domain': ['src/domain/date.ts', 'export const x = new Date();\n', ENV],
  'a date called in the domain': ['src/domain/call.ts', 'export const x = Date();\n', ENV],
  'chance in the domain': ['src/domain/random.ts', 'export const x = Math.random();\n', ENV],
  'a global that replay cannot repeat': [
    'workflows/globals.ts',
    'export const x = (y: object): object => new WeakRef(y);\n',
    'no-restricted-globals',
  ],
  'a function over 60 lines': [
    'src/engine/long-function.ts',
    `export function run(): number {\n  let x = 0;\n${lines(60)}\n  return x;\n}\n`,
    'max-lines-per-function',
  ],
  'a file over 400 lines': [
    'src/engine/long-file.ts',
    Array.from({ length: 401 }, (_, i) => `export const a${i} = ${i};`).join('\n'),
    'max-lines',
  ],
};

/** What the rules must let pass. */
const ALLOWED: Files = {
  'src/config.ts': 'export const x = process.env.HOME;\n',
  'src/domain/given.ts': 'export const x = (at: number): Date => new Date(at);\n',
  'src/engine/long-comment.ts': `${'// why\n'.repeat(500)}export const x = 1;\n`,
};

interface FileReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null }[];
}

let root = '';
const rulesByFile = new Map<string, readonly (string | null)[]>();

beforeAll(async () => {
  const seeded = Object.fromEntries(Object.values(SEEDS).map(([path, text]) => [path, text]));
  root = seedTree({ ...seeded, ...ALLOWED }, CONFIGURATIONS);
  const { output } = await runTool(ESLINT, ['.', '--format', 'json'], root);
  for (const { filePath, messages } of JSON.parse(output) as FileReport[]) {
    rulesByFile.set(relative(root, filePath), [...new Set(messages.map(({ ruleId }) => ruleId))]);
  }
});

afterAll(() => removeTree(root));

describe('typed lint', () => {
  test('finds nothing in the tree', async () => {
    expect(await runTool(ESLINT, ['.'], ROOT)).toEqual({ code: 0, output: '' });
    // Only against hanging: a slow machine takes five minutes for what a quick one does in one and a half.
  }, 600_000);

  test.each(Object.entries(SEEDS))('catches %s', (_title, [path, , rule]) => {
    expect(rulesByFile.get(path)).toEqual([rule]);
  });

  test.each(Object.keys(ALLOWED))('lets %s pass', (path) => {
    expect(rulesByFile.get(path)).toEqual([]);
  });
});

describe('format and plain lint', () => {
  test('find nothing in the tree', async () => {
    const { code, output } = await runTool(BIOME, ['check', '--error-on-warnings', '.'], ROOT);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });

  test.each([
    ['noExplicitAny', 'export const x = (y: any): string => typeof y;\n'],
    ['noNonNullAssertion', 'export const x = (y: string | null): string => y!;\n'],
    ['format', 'export const   x = 1\n'],
  ])('catch %s', async (rule, text) => {
    const tree = seedTree({ 'src/engine/a.ts': text }, ['biome.json']);
    const { code, output } = await runTool(BIOME, ['check', '.'], tree);
    removeTree(tree);
    expect(code).not.toBe(0);
    expect(output).toContain(rule);
  });
});
