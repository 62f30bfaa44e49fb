import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Config, ConfigError } from '../config.js';
import {
  mayAlterEvents,
  serverClock,
  serverVersion,
  waitingForPeople,
  youngestAnchor,
} from '../db/doctor-store.js';
import { heartbeats } from '../db/heartbeat-store.js';
import { isClockShiftable } from '../db/lock-store.js';
import { readMigrations } from '../db/migrate.js';
import { openPool } from '../db/pool.js';
import { schemaNumber } from '../db/schema-state.js';
import { createMailTransport } from '../mail/transport.js';
import {
  isTemporalReachable,
  openTemporal,
  type TemporalClient,
  temporalAt,
} from '../temporal/connection.js';
import { createSchedules } from '../temporal/schedules.js';
import { FAULTS_FOUND, JSON_OPTION, type Output, reasonOf, say } from './frame.js';
import { cliConfigOrProblems } from './settings.js';

/** One thing looked at: what was found, and where it is not well, what to do. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly found: string;
  readonly advice?: string;
}

type Look = (config: Config, db: { writer: Pool; reader: Pool }) => Promise<Finding | readonly Finding[]>;
type Pool = ReturnType<typeof openPool>;

const OLDEST_SERVER = 15;
const OLDEST_NODE = [20, 19] as const;
const SKEW_WARNING_MS = 2_000;
const SKEW_FAULT_MS = 60_000;
const WORKER_WITHIN_MS = 30_000;
const ANCHOR_WITHIN_MS = 2 * 86_400_000;
const GIB = 2 ** 30;

export function addDoctorCommand(dondoc: Command): void {
  dondoc
    .command('doctor')
    .description(
      'look at configuration, versions, database, Temporal, mail, clock and disk, and say what to do',
    )
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExit code 2 where something is at fault; warnings leave it at 0.\n\nExample:\n  dondoc doctor --json',
    )
    .action(doctor);
}

const ok = (what: string, found: string): Finding => ({ what, state: 'ok', found });
const warning = (what: string, found: string, advice: string): Finding => ({
  what,
  state: 'warning',
  found,
  advice,
});
const fault = (what: string, found: string, advice: string): Finding => ({
  what,
  state: 'fault',
  found,
  advice,
});

async function doctor({ json }: Output): Promise<void> {
  const config = cliConfigOrProblems();
  const findings: Finding[] = [node()];
  if (config instanceof ConfigError) {
    for (const problem of config.problems)
      findings.push(
        fault('configuration', problem, 'Set it in the environment or in .env; .env.example explains each.'),
      );
  } else {
    findings.push(ok('configuration', `complete (${config.nodeEnv})`), ...(await surroundings(config)));
  }
  const faults = findings.filter(({ state }) => state === 'fault').length;
  if (json) say(JSON.stringify({ well: faults === 0, findings }));
  else for (const finding of findings) say(lineOf(finding));
  if (faults > 0) process.exitCode = FAULTS_FOUND;
}

function lineOf({ what, state, found, advice }: Finding): string {
  const mark = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' }[state];
  return `${mark}  ${what}: ${found}${advice === undefined ? '' : `\n         → ${advice}`}`;
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return old
    ? fault('Node.js', process.versions.node, `Install ${OLDEST_NODE.join('.')} or newer.`)
    : ok('Node.js', process.versions.node);
}

async function surroundings(config: Config): Promise<Finding[]> {
  const pool = (url: string): Pool => openPool({ url, max: 1, name: 'dondoc-doctor' });
  const db = { writer: pool(config.databaseWriterUrl), reader: pool(config.databaseReaderUrl) };
  try {
    const database = await looked('database', config, db, [server]);
    const reached = database.every(({ state }) => state !== 'fault');
    const inside = reached ? await looked('database', config, db, [schema, roles, clock]) : [];
    const migrated = reached && inside.every(({ what, state }) => what !== 'migrations' || state !== 'fault');
    const record = migrated ? await looked('record', config, db, [workers, people, anchors]) : [];
    const outside = await Promise.all([
      looked('Temporal', config, db, [temporal]),
      looked('mail', config, db, [mail]),
      looked('disk', config, db, [bundle, disk]),
    ]);
    return [...database, ...inside, ...record, ...outside.flat()];
  } finally {
    await Promise.allSettled([db.writer.end(), db.reader.end()]);
  }
}

/** What a look throws is a finding too: one that is away must not hide the others. */
async function looked(
  what: string,
  config: Config,
  db: { writer: Pool; reader: Pool },
  looks: readonly Look[],
): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const look of looks) {
    try {
      all.push(...[await look(config, db)].flat());
    } catch (error) {
      all.push(fault(what, reasonOf(error), 'See docs/operations.md, "When something is down".'));
    }
  }
  return all;
}

const server: Look = async (config, { writer, reader }) => {
  const { host, pathname } = new URL(config.databaseWriterUrl);
  try {
    await reader.query('select 1');
    const version = Math.floor((await serverVersion(writer)) / 10_000);
    return version < OLDEST_SERVER
      ? fault(
          'database',
          `PostgreSQL ${version} at ${host}${pathname}`,
          `PostgreSQL ${OLDEST_SERVER} or newer is needed.`,
        )
      : ok('database', `PostgreSQL ${version} at ${host}${pathname}, as writer and as reader`);
  } catch (error) {
    return fault(
      'database',
      `${host}${pathname}: ${reasonOf(error) || 'nothing answers'}`,
      'Start it, or set DATABASE_URL (or DATABASE_WRITER_URL and DATABASE_READER_URL). A role that does not exist: run dondoc migrate.',
    );
  }
};

const schema: Look = async (_, { writer }) => {
  const known = (await readMigrations()).length;
  const current = await schemaNumber(writer).catch(() => 0);
  if (current < known) return fault('migrations', `${current} of ${known} have run`, 'Run dondoc migrate.');
  return current > known
    ? warning('migrations', `${current} have run, this program knows ${known}`, 'Start the newer program.')
    : ok('migrations', `all ${known} have run`);
};

const roles: Look = async (_, { writer, reader }) =>
  (await mayAlterEvents(writer)) || (await mayAlterEvents(reader))
    ? fault(
        'roles',
        'the application could change events',
        'Connect as dondoc_writer and dondoc_reader: docs/operations.md, "Three roles of the database".',
      )
    : ok('roles', 'events are append-only to the application');

const clock: Look = async (config, { writer }) => {
  await serverClock(writer);
  const before = Date.now();
  const there = await serverClock(writer);
  const skew = Math.round(there - (before + Date.now()) / 2);
  const found = `this machine is ${Math.abs(skew)} ms ${skew < 0 ? 'ahead of' : 'behind'} the database`;
  const advice = 'Synchronise both by NTP. Deadlines are judged by the clock of the database.';
  const size = Math.abs(skew);
  const shifted = (await isClockShiftable(writer)) && !config.testClock;
  return [
    size > SKEW_FAULT_MS
      ? fault('clock', found, advice)
      : size > SKEW_WARNING_MS
        ? warning('clock', found, advice)
        : ok('clock', found),
    ...(shifted
      ? [
          fault(
            'clock',
            'the row clock_offset shifts deadlines',
            'Delete it, or set TEST_CLOCK outside production.',
          ),
        ]
      : []),
  ];
};

const workers: Look = async (_, { writer }) => {
  const alive = (await heartbeats(writer, 'worker')).filter(({ ageMs }) => ageMs < WORKER_WITHIN_MS);
  return alive.length === 0
    ? warning(
        'worker',
        'none has given a sign within 30 s',
        'Start one: steps wait and mail does not go out.',
      )
    : ok('worker', `${alive.length} alive`);
};

const people: Look = async (_, { writer }) => {
  const { dead, poisoned } = await waitingForPeople(writer);
  return [
    dead === 0
      ? ok('dead letters', 'none')
      : warning(
          'dead letters',
          String(dead),
          'See dondoc dead-letters list; mend the addresses, then retry.',
        ),
    poisoned === 0
      ? ok('steps set aside', 'none')
      : warning(
          'steps set aside',
          String(poisoned),
          'Their errors stand in planned_step.error; tell the developers.',
        ),
  ];
};

const anchors: Look = async (config, { writer }) => {
  const last = await youngestAnchor(writer);
  if (config.anchorKey === undefined)
    return warning(
      'anchors',
      'no ANCHOR_KEY is set',
      'Without a signature whoever has the database can make them anew.',
    );
  if (last === null)
    return warning(
      'anchors',
      'none was made yet',
      'The Schedule makes one each night; dondoc anchor makes one now.',
    );
  const days = Math.floor(last.age_ms / 86_400_000);
  return last.age_ms > ANCHOR_WITHIN_MS
    ? warning(
        'anchors',
        `the last, ${last.number}, is ${days} days old`,
        'Nothing happened since, or no worker took what the Schedule started: look at the process anchor in Temporal.',
      )
    : ok('anchors', `the last is ${last.number}${last.signed ? ', signed' : ''}`);
};

async function schedules(config: Config, client: TemporalClient): Promise<Finding[]> {
  const kept = createSchedules(client, {
    taskQueue: config.temporalTaskQueue,
    anchorEveryHours: config.anchorEveryHours,
  });
  return (await kept.keep({ dryRun: true })).map(({ id, was }) =>
    was === 'right'
      ? ok('Schedule', id)
      : warning('Schedule', `${id} is ${was}`, 'Start a worker, or run dondoc reconcile: both keep it.'),
  );
}

const temporal: Look = async (config) => {
  const client = openTemporal(temporalAt(config));
  try {
    const where = `${config.temporalAddress}, namespace ${config.temporalNamespace}`;
    if (!(await isTemporalReachable(client, 5_000)))
      return fault(
        'Temporal',
        `${where}: no answer, or no such namespace`,
        'Start it, or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. Commands and reads go on meanwhile; steps wait.',
      );
    return [ok('Temporal', where), ...(await schedules(config, client))];
  } finally {
    await client.close().catch(() => undefined);
  }
};

const mail: Look = async (config) => {
  const { host } = new URL(config.smtpUrl);
  const transport = createMailTransport({ url: config.smtpUrl, from: config.mailFrom, connections: 1 });
  try {
    return (await transport.isReachable())
      ? ok('mail', host)
      : fault(
          'mail',
          `${host} takes no mail from us`,
          'Check SMTP_URL: host, port, user, password. Envelopes wait meanwhile.',
        );
  } finally {
    transport.close();
  }
};

const bundle: Look = async (config) =>
  existsSync(config.workflowBundle)
    ? ok('workflow bundle', config.workflowBundle)
    : fault(
        'workflow bundle',
        `${config.workflowBundle} is not there`,
        'Run npm run build, or set WORKFLOW_BUNDLE.',
      );

const disk: Look = async (config) => {
  const inBucket = config.s3Endpoint !== undefined;
  const folder = inBucket ? '.' : config.filesDir;
  if (!inBucket) await mkdir(folder, { recursive: true });
  const { bavail, blocks, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${(free / GIB).toFixed(1)} GiB free of ${((blocks * bsize) / GIB).toFixed(1)} at ${folder}`;
  const advice = 'Make room: uploads are refused when it is full.';
  if (free < GIB) return fault('disk', found, advice);
  return bavail / blocks < 0.1 ? warning('disk', found, advice) : ok('disk', found);
};
