/**
 * Builds the bundle of workflow code that the worker runs: once, ahead of time, so that no process starts a
 * bundler. Does nothing where no input has changed. `node scripts/bundle.mjs`, or `bundleWorkflows()`.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const ENTRY = join(ROOT, 'workflows', 'index.ts');

/** What workflow code may consist of; the lock file stands for the packages. */
const INPUTS = [
  'workflows',
  'src/domain',
  'activities/contract.ts',
  'package-lock.json',
  'scripts/bundle.mjs',
];

/** Makes sure the bundle is there and current. Returns its path. */
export async function bundleWorkflows({
  log = () => {},
  outFile = join(ROOT, 'dist', 'workflow-bundle.js'),
} = {}) {
  const digestFile = `${outFile}.sha256`;
  const digest = digestOfInputs();
  if (existsSync(outFile) && existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest)
    return outFile;
  log('bundling the workflows');
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({ workflowsPath: ENTRY, logger: new DefaultLogger('WARN') });
  mkdirSync(dirname(outFile), { recursive: true });
  // Written beside and renamed: a worker that starts meanwhile reads either bundle whole.
  writeWhole(outFile, code);
  writeWhole(digestFile, digest);
  return outFile;
}

function writeWhole(path, content) {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

function digestOfInputs() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const path of filesOf(join(ROOT, input))) {
      hash
        .update(`${relative(ROOT, path)}\0`)
        .update(readFileSync(path))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  try {
    const entries = readdirSync(path, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name));
    return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleWorkflows({ log: (line) => console.log(line) });
}
