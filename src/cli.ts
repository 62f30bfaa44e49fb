#!/usr/bin/env node
import { Command } from 'commander';
import { addPeopleCommands } from './cli/people.js';
import { type Config, configOrExit, ownerDatabaseUrl, parseConfig } from './config.js';
import { migrate } from './db/migrate.js';
import { openPool } from './db/pool.js';
import { type AnchorOptions, makeAnchor } from './engine/anchor.js';
import { checkCounts } from './engine/count-check.js';
import { createEngine } from './engine/engine.js';
import { reconcile } from './engine/reconcile.js';
import { replanAll } from './engine/replan.js';
import { verifyRecord } from './engine/verify.js';
import { createLogger } from './log.js';
import { createConductors } from './temporal/client.js';
import { isTemporalReachable, openTemporal } from './temporal/connection.js';

/** The command line of an operator. Everything it changes goes through the same functions as everything else. */

/** Ends the program with a message for people instead of a stack. */
class Stop extends Error {}

/** Exit codes: 1 the command could not be carried out, 2 it was, and found that something is wrong. */
const FAULTS_FOUND = 2;

interface Output {
  readonly json: boolean;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function runMigrate({ json }: Output): Promise<void> {
  const config = configOrExit(parseConfig);
  const url = ownerDatabaseUrl(config);
  const { applied, current } = await withDatabase(url, async () => await migrate(url));
  if (json) return say(JSON.stringify({ applied, current }));
  for (const name of applied) say(`applied ${name}`);
  say(
    applied.length === 0
      ? `The schema is up to date (${current} migrations).`
      : `The schema is at migration ${current}.`,
  );
}

async function runReconcile({ json, dryRun }: Output & { dryRun: boolean }): Promise<void> {
  const config = configOrExit(parseConfig);
  const temporal = openTemporal({ address: config.temporalAddress, namespace: config.temporalNamespace });
  const pool = openPool({ url: config.databaseWriterUrl, max: 2, name: 'dondoc-cli' });
  const log = createLogger({ service: 'cli', level: 'silent' });
  const engine = createEngine({ writer: pool, reader: pool, log, limits: limitsOf(config) });
  try {
    if (!(await isTemporalReachable(temporal, 5_000))) {
      throw new Stop(
        `Temporal cannot be reached at ${config.temporalAddress}, or has no namespace "${config.temporalNamespace}".\n` +
          'Start it, or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. Nothing is lost meanwhile: the record holds everything.',
      );
    }
    const conductors = createConductors(temporal, { taskQueue: config.temporalTaskQueue });
    const missing = ({ kind, id }: { kind: string; id: string }): void => {
      if (!json) say(`${kind} ${id}: not running; ${dryRun ? 'would be started' : 'started'}`);
    };
    const found = await withDatabase(
      config.databaseWriterUrl,
      async () => await reconcile(engine, conductors, { dryRun, missing }),
    );
    const replanned = dryRun ? 0 : await replanAll(engine);
    const counts = await checkCounts(engine, { repair: !dryRun });
    if (json) say(JSON.stringify({ ...found, replanned, counts }));
    else {
      for (const { kind, id, error } of found.failed) say(`${kind} ${id}: failed: ${error}`);
      const verb = dryRun ? 'to be started' : 'started';
      say(
        `${found.due} processes looked at: ${found.running} run, ${found.started.length} ${verb}, ${found.failed.length} failed.`,
      );
      if (!dryRun) say(`${replanned} open subjects planned again.`);
      const wrong = counts.wrongLives.length + counts.wrongSums.length;
      say(
        `The figures of ${counts.assignments} assignments computed again from the events: ` +
          (wrong === 0
            ? 'they are the same.'
            : `${counts.wrongLives.length} lives and ${counts.wrongSums.length} sums ${dryRun ? 'differ' : 'differed and were written anew'}.`),
      );
    }
    if (found.failed.length > 0) process.exitCode = 1;
  } finally {
    await Promise.allSettled([pool.end(), temporal.close()]);
  }
}

async function runVerify({ json }: Output): Promise<void> {
  const config = configOrExit(parseConfig);
  const pool = openPool({ url: config.databaseWriterUrl, max: 2, name: 'dondoc-cli' });
  let told = 0;
  const progress = (events: number): void => {
    if (json || events - told < 50_000) return;
    told = events;
    process.stderr.write(`${events} events\n`);
  };
  try {
    const begun = performance.now();
    const publicKey = config.anchorPublicKey ?? config.anchorKey ?? null;
    const found = await withDatabase(
      config.databaseWriterUrl,
      async () => await verifyRecord(pool, { publicKey, progress }),
    );
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    if (json) say(JSON.stringify({ ...found, seconds }));
    else {
      for (const { subject, seq, what } of found.faults)
        say(`${subject}${seq === null ? '' : ` event ${seq}`} ${what}`);
      const { made, signed, checked } = found.anchors;
      const unchecked =
        checked < signed ? '; no key is given (ANCHOR_PUBLIC_KEY), so no signature was checked' : '';
      say(
        `${found.events} events in ${found.chains} chains and ${found.accesses} lines of the access log, in ${seconds} s.\n` +
          `${made} anchors, ${signed} of them signed${unchecked}.`,
      );
      say(
        found.faults.length === 0
          ? 'The record is as it was written.'
          : `${found.faults.length} faults: the record was touched.`,
      );
    }
    if (found.faults.length > 0) process.exitCode = FAULTS_FOUND;
  } finally {
    await pool.end();
  }
}

async function runAnchor({ json }: Output): Promise<void> {
  const config = configOrExit(parseConfig);
  const pool = openPool({ url: config.databaseWriterUrl, max: 2, name: 'dondoc-cli' });
  const log = createLogger({ service: 'cli', level: 'silent' });
  const engine = createEngine({ writer: pool, reader: pool, log, limits: limitsOf(config) });
  try {
    const made = await withDatabase(
      config.databaseWriterUrl,
      async () => await makeAnchor(engine, anchorOptionsOf(config)),
    );
    if (json) return say(JSON.stringify(made));
    if (made.number === null) return say('Nothing was written since the last anchor.');
    say(
      `Anchor ${made.number} over ${made.chains} chains, ${made.signed ? 'signed' : 'NOT signed: no ANCHOR_KEY is set'}.`,
    );
  } finally {
    await pool.end();
  }
}

const anchorOptionsOf = (config: Config): AnchorOptions => ({
  key: config.anchorKey ?? null,
  mailTo: config.anchorMailTo ?? null,
  messageDomain: /@([^>\s]+)/.exec(config.mailFrom)?.[1] ?? 'localhost',
});

const limitsOf = (config: Config) => ({ stepBatch: config.stepBatch, issueBatch: config.issueBatch });

/** An error of the connection says which database, without its password. */
async function withDatabase<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    const { host, pathname } = new URL(url);
    const message = error instanceof Error ? error.message : String(error);
    if (/^(ECONN|ENOTFOUND|ETIMEDOUT|EHOST|57P)/.test(code) || message.includes('timeout exceeded')) {
      throw new Stop(
        `The database at ${host}${pathname} cannot be reached (${code || message}). Is it running, and DATABASE_URL right?`,
      );
    }
    if (/^28|^3D/.test(code))
      throw new Stop(`The database at ${host}${pathname} refuses the connection: ${message}`);
    if (code === '42P01')
      throw new Stop(`The database at ${host}${pathname} has no schema yet. Run: dondoc migrate`);
    throw error;
  }
}

function program(): Command {
  const dondoc = new Command('dondoc')
    .description('Follow-through of Working Group directives: commands for operators.')
    .showHelpAfterError('(dondoc --help shows every command)')
    .showSuggestionAfterError();
  dondoc
    .command('migrate')
    .description('bring the schema of the database up to date; safe to run twice, or by several at once')
    .option('--json', 'print the result as one JSON object', false)
    .action(runMigrate);
  dondoc
    .command('reconcile')
    .description(
      'start the processes that should run by the record and do not, for example after Temporal’s data was lost, and plan every open subject again',
    )
    .option('--dry-run', 'only show what is missing', false)
    .option('--json', 'print the result as one JSON object', false)
    .action(runReconcile);
  addPeopleCommands(dondoc);
  dondoc
    .command('verify')
    .description('read the whole record and say where it was touched; exit code 2 where it was')
    .option('--json', 'print the result as one JSON object', false)
    .action(runVerify);
  dondoc
    .command('anchor')
    .description('make a root over all chains that grew since the last one, sign and keep it')
    .option('--json', 'print the result as one JSON object', false)
    .action(runAnchor);
  return dondoc;
}

try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof Stop) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
