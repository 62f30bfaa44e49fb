import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { type Files, ROOT, removeTree, seedTree } from './seeded-tree.js';
import { filesBelow } from './source-files.js';

interface Configuration extends IFlattenedRuleSet {
  readonly options: ICruiseOptions;
}

// The configuration is CommonJS because that is what the tool's own command line loads.
const configuration = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as Configuration;
const ruleNames = (configuration.forbidden ?? []).map((rule) => rule.name);
const PRODUCT = ['src', 'workflows', 'activities'];
const AROUND = ['demo', 'bench', 'test'];
/** Everything directly in src is a process, or what processes hand down. */
const TOP_FILES = /^src\/(api|worker|migrate|dev|cli|config|log)[.]ts$/;
const holdsCode = (folder: string) => filesBelow([folder], (path) => path.endsWith('.ts')).length > 0;
const trees: string[] = [];

afterAll(() => trees.forEach(removeTree));

/** One violation of each rule, as small as it can be. */
const VIOLATIONS: Readonly<Record<string, Files>> = {
  'no-cycles': {
    'src/engine/a.ts': "import { b } from './b.js';\nexport const a = () => b;\n",
    'src/engine/b.ts': "import { a } from './a.js';\nexport const b = () => a;\n",
  },
  'no-unresolvable': { 'src/engine/a.ts': "import { b } from './nowhere.js';\nexport const a = b;\n" },
  'no-dev-dependencies-in-product': {
    'src/engine/a.ts': "import yaml from 'yaml';\nexport const a = yaml;\n",
  },
  'domain-imports-only-itself': edge('src/domain/a.ts', 'src/engine/b.ts'),
  'domain-needs-no-package': {
    'src/domain/a.ts': "import { readFileSync } from 'node:fs';\nreadFileSync('x');\n",
  },
  'domain-parses-only-in-schemas': {
    'src/domain/a.ts': "import { z } from 'zod';\nexport const a = z.string();\n",
  },
  'domain-logic-imports-no-schema': edge('src/domain/a.ts', 'src/domain/b.schema.ts'),
  'contracts-import-only-domain': edge('src/contracts/a.ts', 'src/db/b.ts'),
  'contracts-need-only-zod': {
    'src/contracts/a.ts': "import { v7 } from 'uuid';\nexport const a = v7();\n",
  },
  'db-imports-only-domain': edge('src/db/a.ts', 'src/engine/b.ts'),
  'engine-imports-only-domain-and-db': edge('src/engine/a.ts', 'src/http/b.ts'),
  'adapters-import-only-domain': edge('src/mail/a.ts', 'src/import/b.ts'),
  'only-temporal-adapter-knows-workflows': {
    'src/mail/a.ts': "import type { B } from '../../workflows/messages.js';\nexport type A = B;\n",
    'workflows/messages.ts': 'export type B = string;\n',
  },
  'temporal-adapter-knows-only-messages': edge('src/temporal/a.ts', 'workflows/directive.ts'),
  'http-imports-only-domain-contracts-engine': edge('src/http/a.ts', 'src/db/b.ts'),
  'activities-import-no-db-or-http': edge('activities/a.ts', 'src/db/b.ts'),
  'workflows-import-only-domain-and-contract': edge('workflows/a.ts', 'src/engine/b.ts'),
  'workflows-see-contract-as-types': edge('workflows/a.ts', 'activities/contract.ts'),
  'workflows-see-schemas-as-types': edge('workflows/a.ts', 'src/domain/b.schema.ts'),
  'workflows-need-only-temporal': {
    'workflows/a.ts': "import { v7 } from 'uuid';\nexport const a = v7();\n",
  },
  'contract-imports-only-domain-types': {
    'activities/contract.ts': "import type { B } from './b.js';\nexport type A = B;\n",
    'activities/b.ts': 'export type B = string;\n',
  },
  'processes-are-imported-by-nobody': edge('src/dev/a.ts', 'src/worker.ts'),
  'launcher-is-imported-by-nobody': edge('src/cli.ts', 'src/dev/b.ts'),
  'tests-are-imported-by-nobody': edge('src/engine/a.ts', 'test/support/b.ts'),
  'configuration-is-handed-down': edge('src/engine/a.ts', 'src/config.ts'),
  'only-db-speaks-sql': { 'src/engine/a.ts': "import pg from 'pg';\nexport const a = pg;\n" },
  'only-temporal-folders-speak-temporal': {
    'src/engine/a.ts': "import { Client } from '@temporalio/client';\nexport const a = Client;\n",
  },
  'activities-use-only-the-activity-sdk': {
    'activities/a.ts': "import { Client } from '@temporalio/client';\nexport const a = Client;\n",
  },
  'only-http-speaks-express': { 'src/engine/a.ts': "import e from 'express';\nexport const a = e;\n" },
  'only-mail-speaks-smtp': { 'src/engine/a.ts': "import n from 'nodemailer';\nexport const a = n;\n" },
  'only-import-reads-spreadsheets': {
    'src/engine/a.ts': "import { parse } from 'csv-parse';\nexport const a = parse;\n",
  },
  'only-documents-write-files': {
    'src/engine/a.ts': "import { stringify } from 'csv-stringify';\nexport const a = stringify;\n",
  },
  'only-documents-and-import-know-workbooks': {
    'src/engine/a.ts': "import e from 'exceljs';\nexport const a = e;\n",
  },
};

/** Edges that look like violations and are none. */
const ALLOWED: Readonly<Record<string, Files>> = {
  'a workflow uses domain logic, and the types of schemas and of the contract': {
    'workflows/a.ts':
      "import { sleep } from '@temporalio/workflow';\nimport { c } from '../src/domain/c.js';\n" +
      "import type { B } from '../src/domain/b.schema.js';\nimport type { D } from '../activities/contract.js';\n" +
      'export const a = (b: B, d: D) => [sleep, c, b, d];\n',
    'src/domain/b.schema.ts':
      "import { z } from 'zod';\nexport const b = z.string();\nexport type B = string;\n",
    'src/domain/c.ts': "import type { B } from './b.schema.js';\nexport const c: B = 'c';\n",
    'activities/contract.ts': "import type { c } from '../src/domain/c.js';\nexport type D = typeof c;\n",
  },
  'a process wires everything': {
    'src/api.ts':
      "import pg from 'pg';\nimport { a } from './http/a.js';\nimport { b } from './db/b.js';\n" +
      "import { parseConfig } from './config.js';\nexport const api = [pg, a, b, parseConfig];\n",
    'src/http/a.ts':
      "import type { Config } from '../config.js';\nexport const a = (config: Config) => config;\n",
    'src/db/b.ts': 'export const b = 1;\n',
    'src/config.ts': 'export type Config = string;\nexport const parseConfig = 1;\n',
  },
  'the Temporal adapter uses the messages of workflows': {
    'src/temporal/a.ts': "import { b } from '../../workflows/messages.js';\nexport const a = b;\n",
    'workflows/messages.ts': "export const b = 'changed';\n",
  },
};

describe('who may import whom', () => {
  test('every import in the tree is allowed', async () => {
    expect(await violations(ROOT, [...PRODUCT, ...AROUND].filter(holdsCode))).toEqual([]);
  });

  test('every folder of the product is one that the rules speak of', () => {
    const folders = filesBelow(['src'], (path) => path.endsWith('.ts'))
      .filter((path) => path.split('/').length > 2)
      .map((path) => path.split('/')[1] ?? '');
    const rules = JSON.stringify(configuration.forbidden);
    expect([...new Set(folders)].filter((folder) => !new RegExp(`\\b${folder}\\b`).test(rules))).toEqual([]);
    const files = filesBelow(['src'], (path) => /^src\/[^/]+[.]ts$/.test(path));
    expect(files.filter((path) => !TOP_FILES.test(path))).toEqual([]);
  });

  test('every rule has a seeded violation', () => {
    expect(Object.keys(VIOLATIONS).sort()).toEqual([...ruleNames].sort());
  });

  test.each(Object.entries(VIOLATIONS))('the rule %s catches its seeded violation', async (rule, files) => {
    expect([...new Set((await violationsIn(files)).map((text) => text.split(':')[0]))]).toEqual([rule]);
  });

  test.each(Object.entries(ALLOWED))('allowed: %s', async (_title, files) => {
    expect(await violationsIn(files)).toEqual([]);
  });
});

/** A file that uses a value of another. */
function edge(from: string, to: string): Files {
  const up = '../'.repeat(from.split('/').length - 1);
  return {
    [from]: `import { b } from '${up}${to.replace(/[.]ts$/, '.js')}';\nexport const a = b;\n`,
    [to]: 'export const b = 1;\n',
  };
}

async function violationsIn(files: Files): Promise<string[]> {
  const root = seedTree(files, ['tsconfig.base.json']);
  trees.push(root);
  return violations(root, [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? path))]);
}

async function violations(baseDir: string, folders: string[]): Promise<string[]> {
  const { options, ...ruleSet } = configuration;
  const { enhancedResolveOptions, ...cruiseOptions } = options;
  const result = await cruise(
    folders,
    { ...cruiseOptions, baseDir, ruleSet, validate: true, outputType: 'json' },
    enhancedResolveOptions,
  );
  if (typeof result.output !== 'string') throw new Error('the JSON reporter answers with text');
  const { summary } = JSON.parse(result.output) as ICruiseResult;
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}
