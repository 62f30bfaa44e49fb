/**
 * What `npm start`, `npm test` and their kind run: prepares a fresh clone (packages, build) where it is not
 * prepared yet, then does what was asked. Uses nothing that is not part of Node, because nothing else may be
 * there yet.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const OLDEST_NODE = [20, 19];
/** What a test run may take to stop its servers. */
const END_WITHIN_S = 60;

/** What each subcommand builds and runs. */
const COMMANDS = {
  start: async (args) => await runHere('src/dev.js', 'tsconfig.main.json', args),
  cli: async (args) => await runHere('src/cli.js', 'tsconfig.main.json', args),
  demo: async (args) => await runHere('demo/main.js', 'tsconfig.demo.json', args),
  bench: async ([name, ...args]) =>
    await runHere(`bench/${name ?? 'set-wise'}.js`, 'tsconfig.bench.json', args),
  test: async (args) => await runTests(args, 'everything'),
  'test:unit': async (args) => await runTests(['--selectProjects', 'unit', ...args], 'nothing'),
};

/** A message for people instead of a stack: the reason was shown already, or needs no more words. */
class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a built program in this very process, so that signals and the exit code are its own. */
async function runHere(file, project, args) {
  await prepare(project);
  const path = join(ROOT, 'dist', file);
  if (!existsSync(path))
    throw new Stop(`There is no ${relative(ROOT, path)}, although the build went through.`);
  process.argv = [process.argv[0], path, ...args];
  await import(pathToFileURL(path).href);
}

/**
 * Runs Jest, and prints the counts as the very last line. With everything built first: tests start the
 * product's processes; and with the types of the tests checked, which counts as one more test.
 */
async function runTests(args, built) {
  const resultFile = join(ROOT, '.cache', `test-result-${process.pid}`);
  let code = 1;
  try {
    await prepare(built === 'everything' ? 'tsconfig.main.json' : undefined);
    mkdirSync(dirname(resultFile), { recursive: true });
    const env = {
      DONDOC_TEST_RESULT: resultFile,
      // Jest runs ES modules only under this flag of Node's.
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`.trim(),
    };
    const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
    let sound;
    // The types beside the tests, which do not need them: most tests wait for servers and leave a core to them.
    [code, sound] = await Promise.all([
      run(process.execPath, [jest, ...args], env, (child) => endWhenLeftOpen(child, resultFile)),
      built === 'nothing' ? true : typesHold(),
    ]);
    if (!sound) countFailure(resultFile);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(error.message);
  }
  // A run that broke down before its end wrote no counts: that is one failure, whatever had passed.
  const result = existsSync(resultFile) ? readFileSync(resultFile, 'utf8') : '0 passed, 1 failed';
  rmSync(resultFile, { force: true });
  console.log(result);
  process.exitCode = code === 0 && result.endsWith(' 0 failed') ? 0 : code || 1;
}

/** A run whose tests are over but which does not end has left something open: it is ended, and fails. */
function endWhenLeftOpen(child, resultFile) {
  let over = 0;
  const watch = setInterval(() => {
    if (existsSync(resultFile)) over += 1;
    if (over < END_WITHIN_S) return;
    clearInterval(watch);
    say(`the tests left something open: the run did not end within ${END_WITHIN_S} s after its last test`);
    child.kill('SIGKILL');
  }, 1000);
  child.once('close', () => clearInterval(watch));
}

/** Wrong types fail the run but keep no test from running. */
async function typesHold() {
  say('checking the types of the tests');
  return (await run(process.execPath, [TSC, '-b', join(ROOT, 'tsconfig.json')])) === 0;
}

function countFailure(resultFile) {
  const counts = readIfThere(resultFile) || '0 passed, 0 failed';
  console.log('FAIL the types: the compiler said why above');
  writeFileSync(
    resultFile,
    counts.replace(/(\d+) failed/, (_, failed) => `${Number(failed) + 1} failed`),
  );
}

async function prepare(project) {
  await alone(async () => {
    if (!installed()) await install();
    if (project !== undefined) await build(project);
  });
}

/** Whether node_modules holds what the lock file says; packages for other platforms may be missing. */
function installed() {
  const wanted = packagesIn(join(ROOT, 'package-lock.json'));
  const found = packagesIn(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return path in found ? found[path].version === version : optional === true;
  });
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

async function install() {
  say('installing packages (npm ci); the first time this takes a minute or two');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const code = npm?.endsWith('.js') ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  if (code !== 0) throw new Stop('The packages could not be installed; npm said why above.');
}

async function build(project) {
  const stamp = join(ROOT, 'dist', `.built-${project}`);
  const digest = digestOfSources();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  say('building');
  if ((await run(process.execPath, [TSC, '-b', join(ROOT, project)])) !== 0) {
    throw new Stop('The build failed; the compiler said why above.');
  }
  if ((await run(process.execPath, [join(ROOT, 'scripts/bundle.mjs')])) !== 0) {
    throw new Stop('The workflows could not be bundled; the bundler said why above.');
  }
  writeFileSync(stamp, digest);
}

/** Changes whenever a file that is built changes; looks at sizes and times only, so that it takes no time. */
function digestOfSources() {
  const hash = createHash('sha256').update(process.version);
  const folders = ['src', 'workflows', 'activities', 'test', 'demo', 'bench', 'scripts'];
  const files = readdirSync(ROOT).filter((name) => /^(tsconfig.*|package-lock)\.json$/.test(name));
  for (const folder of folders) files.push(...filesBelow(join(ROOT, folder)));
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)));
}

/** One preparation at a time: two instances started together must not install into the same folder. */
async function alone(work) {
  const lock = join(ROOT, '.cache', 'prepare.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !tryLock(lock); told = true) {
    if (!told) say('waiting for another start to finish installing and building');
    await sleep(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // Left behind by one that was killed: taken away, and tried again at the next turn.
  if (!runs(Number(readIfThere(lock)))) rmSync(lock, { force: true });
  return false;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function runs(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a program with this one's terminal to its end, passing on what would end this one. */
async function run(program, args, env = {}, watch = () => {}) {
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  watch(child);
  const passOn = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  try {
    return await new Promise((settle, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => {
        // Nobody else would say so, and the last line above would look like the reason.
        if (signal !== null) say(`${basename(args[0] ?? program)} was ended by ${signal}`);
        settle(code ?? (signal === 'SIGINT' ? 130 : 143));
      });
    });
  } finally {
    for (const signal of signals) process.off(signal, passOn);
  }
}

function say(line) {
  process.stderr.write(`dondoc: ${line}\n`);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Stop(`Dondoc needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

try {
  refuseOldNode();
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined)
    throw new Stop(`Usage: node scripts/run.mjs ${Object.keys(COMMANDS).join(' | ')}`, 2);
  await command(args);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exitCode = error.code;
}
