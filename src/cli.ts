#!/usr/bin/env node
import { Command } from 'commander';
import { addBackupCommands } from './cli/backup.js';
import { addCompletionCommand } from './cli/completion.js';
import { addDeadLetterCommands } from './cli/dead-letters.js';
import { addDoctorCommand } from './cli/doctor.js';
import { addExportCommand } from './cli/export.js';
import { limitsOf, type Output, Stop, say, withDatabase } from './cli/frame.js';
import { addPeopleCommands } from './cli/people.js';
import { addRecordCommands } from './cli/record.js';
import { addRemoteCommands } from './cli/remote.js';
import { cliConfig } from './cli/settings.js';
import { ConfigError, ownerDatabaseUrl } from './config.js';
import { migrate } from './db/migrate.js';
import { openPool } from './db/pool.js';
import { isDondocError } from './domain/errors.js';
import { type CountCheck, checkCounts } from './engine/count-check.js';
import { createEngine } from './engine/engine.js';
import type { ScheduleFound } from './engine/ports.js';
import { type Reconciliation, reconcile } from './engine/reconcile.js';
import { type Difference, type Repair, repairProjections } from './engine/repair.js';
import { replanAll } from './engine/replan.js';
import { createLogger } from './log.js';
import { createConductors } from './temporal/client.js';
import { isTemporalReachable, openTemporal, temporalAt } from './temporal/connection.js';
import { createSchedules } from './temporal/schedules.js';

/** The command line of an operator. Everything it changes goes through the same functions as everything else. */

async function runMigrate({ json }: Output): Promise<void> {
  const config = cliConfig();
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
  const config = cliConfig();
  const temporal = openTemporal(temporalAt(config));
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
    const differs = ({ table, id, columns }: Difference): void => {
      if (!json) say(`${table} ${id}: ${columns.join(', ')} not as the events say`);
    };
    // First what the others read.
    const projections = await withDatabase(
      config.databaseWriterUrl,
      async () => await repairProjections(engine, { dryRun, found: differs }),
    );
    const found = await reconcile(engine, conductors, { dryRun, missing });
    const schedules = await createSchedules(temporal, {
      taskQueue: config.temporalTaskQueue,
      anchorEveryHours: config.anchorEveryHours,
    }).keep({ dryRun });
    const replanned = dryRun ? 0 : await replanAll(engine);
    const counts = await checkCounts(engine, { repair: !dryRun });
    if (json) say(JSON.stringify({ ...found, schedules, projections, replanned, counts }));
    else for (const line of wordsOf({ projections, found, schedules, replanned, counts, dryRun })) say(line);
    if (found.failed.length > 0) process.exitCode = 1;
  } finally {
    await Promise.allSettled([pool.end(), temporal.close()]);
  }
}

interface Reconciled {
  readonly projections: Repair;
  readonly found: Reconciliation;
  readonly schedules: readonly ScheduleFound[];
  readonly replanned: number;
  readonly counts: CountCheck;
  readonly dryRun: boolean;
}

function wordsOf({ projections, found, schedules, replanned, counts, dryRun }: Reconciled): string[] {
  const mended = dryRun ? 'differ' : 'differed and were written anew';
  const { subjects, differences } = projections;
  const wrong = counts.wrongLives.length + counts.wrongSums.length;
  return [
    `The projections and planned steps of ${subjects} subjects computed again from the events: ` +
      (differences.length === 0 ? 'they are the same.' : `${differences.length} rows ${mended}.`),
    ...found.failed.map(({ kind, id, error }) => `${kind} ${id}: failed: ${error}`),
    `${found.due} processes looked at: ${found.running} run, ${found.started.length} ` +
      `${dryRun ? 'to be started' : 'started'}, ${found.failed.length} failed.`,
    ...schedules.map(
      ({ id, was }) => `Schedule ${id}: ${was}${was === 'right' || dryRun ? '' : ', made as it should be'}.`,
    ),
    ...(dryRun ? [] : [`${replanned} open subjects planned again.`]),
    `The figures of ${counts.assignments} assignments computed again from the events: ` +
      (wrong === 0
        ? 'they are the same.'
        : `${counts.wrongLives.length} lives and ${counts.wrongSums.length} sums ${mended}.`),
  ];
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
      'start the processes that should run by the record and do not, keep the Schedules, for example after Temporal’s data was lost; compute projections, planned steps and figures again from the events, and write anew what differs',
    )
    .option('--dry-run', 'only show what is missing', false)
    .option('--json', 'print the result as one JSON object', false)
    .action(runReconcile);
  addPeopleCommands(dondoc);
  addRecordCommands(dondoc);
  addDoctorCommand(dondoc);
  addBackupCommands(dondoc);
  addExportCommand(dondoc);
  addRemoteCommands(dondoc);
  addDeadLetterCommands(dondoc);
  addCompletionCommand(dondoc);
  return dondoc;
}

try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof Stop || error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  // What is refused is told in a sentence, as by the API.
  else if (isDondocError(error)) process.stderr.write(`${error.refusal.detail.en}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = error instanceof Stop ? error.exitCode : 1;
}
