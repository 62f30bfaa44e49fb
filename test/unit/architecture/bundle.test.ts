import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { type Files, ROOT, removeTree, seedTree } from './seeded-tree.js';

const ENTRY = 'workflows/index.ts';
const trees: string[] = [];

afterAll(() => trees.forEach(removeTree));

describe('the workflow bundle', () => {
  test.each([
    ['node:fs', 'node:fs'],
    ['pg', "- 'net'"],
    ['express', 'node:events'],
  ])(
    'is refused when a workflow imports %s, and the refusal names what the sandbox lacks',
    async (name, lacking) => {
      const seed = {
        [ENTRY]: `import * as x from '${name}';\nexport async function a() {\n  return x;\n}\n`,
      };
      expect(await refusalOf(seed)).toContain(lacking);
    },
    180_000,
  );

  test('shows a package that it contains', async () => {
    const seed = {
      [ENTRY]: "import { z } from 'zod';\nexport async function a() {\n  return z.string();\n}\n",
    };
    expect(packagesOf(await bundle(seed))).toContain('zod');
  });

  test('contains our code and Temporal, and neither zod nor pg nor express', async () => {
    const found = packagesOf(await bundleTree(ROOT));
    expect(found).toContain('@temporalio/workflow');
    for (const name of ['zod', 'pg', 'express', 'nodemailer', 'pino']) expect(found).not.toContain(name);
  });
});

/** Everything the bundler says while it refuses, or nothing where it does not. */
async function refusalOf(files: Files): Promise<string> {
  const said: string[] = [];
  try {
    await bundle(files, said);
    return '';
  } catch (error) {
    return [...said, String(error)].join('\n');
  }
}

function bundle(files: Files, said: string[] = []): Promise<string> {
  const root = seedTree(files);
  trees.push(root);
  return bundleTree(root, said);
}

async function bundleTree(root: string, said: string[] = []): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, ENTRY),
    logger: new DefaultLogger('ERROR', ({ message }) => said.push(message)),
  });
  return code;
}

/** Names of the packages whose modules are in the bundle: it keeps each module's path. */
function packagesOf(code: string): string[] {
  const paths = code.matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g);
  return [...new Set([...paths].map(([, name]) => name ?? ''))];
}
