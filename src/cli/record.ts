import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { anchorOptions, makeAnchor } from '../engine/anchor.js';
import { createEngine } from '../engine/engine.js';
import { verifyRecord } from '../engine/verify.js';
import { createLogger } from '../log.js';
import { FAULTS_FOUND, JSON_OPTION, limitsOf, type Output, say, tell, withPool, writerUrl } from './frame.js';

const EVERY = 50_000;

/** `dondoc verify` and `dondoc anchor`: whether the record is what it was. */
export function addRecordCommands(dondoc: Command): void {
  dondoc
    .command('verify')
    .description('read the whole record and say where it was touched; exit code 2 where it was')
    .option(...JSON_OPTION)
    .option(
      '--letter <file...>',
      'letters about anchors that were kept outside: what they witness must be there',
    )
    .addHelpText(
      'after',
      '\nExample:\n  ANCHOR_PUBLIC_KEY_FILE=anchor.pub dondoc verify --letter anchor-41.txt anchor-42.txt',
    )
    .action(verify);
  dondoc
    .command('anchor')
    .description('make a root over all chains that grew since the last one, sign and keep it')
    .option(...JSON_OPTION)
    .action(anchor);
}

async function verify({
  json,
  letter = [],
}: Output & { readonly letter?: readonly string[] }): Promise<void> {
  const letters = letter.map((path) => readFileSync(path, 'utf8'));
  let told = 0;
  const progress = (events: number): void => {
    if (json || events - told < EVERY) return;
    told = events;
    tell(`${events} events`);
  };
  await withPool(writerUrl, async (pool, config) => {
    const begun = performance.now();
    const publicKey = config.anchorPublicKey ?? config.anchorKey ?? null;
    const found = await verifyRecord(pool, { publicKey, letters, progress });
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    if (json) say(JSON.stringify({ ...found, seconds }));
    else show(found, seconds);
    if (found.faults.length > 0) process.exitCode = FAULTS_FOUND;
  });
}

function show(found: Awaited<ReturnType<typeof verifyRecord>>, seconds: number): void {
  for (const { subject, seq, what } of found.faults)
    say(`${subject}${seq === null ? '' : ` event ${seq}`} ${what}`);
  const { made, signed, checked } = found.anchors;
  const unchecked =
    checked < signed ? '; no key is given (ANCHOR_PUBLIC_KEY), so no signature was checked' : '';
  say(
    `${found.events} events in ${found.chains} chains and ${found.accesses} lines of the access log, in ${seconds} s.\n` +
      `${made} anchors, ${signed} of them signed${unchecked}; ${last(found.anchors.last)}.`,
  );
  say(
    found.faults.length === 0
      ? 'The record is as it was written.'
      : `${found.faults.length} faults: the record was touched.`,
  );
}

/** What was cut together with the anchors behind it only a letter can tell: an old last anchor makes one look. */
const last = (anchor: { readonly number: number; readonly at: number } | null): string =>
  anchor === null
    ? 'none: a tail that was cut cannot be seen'
    : `the last is ${anchor.number}, of ${new Date(anchor.at).toISOString()}`;

async function anchor({ json }: Output): Promise<void> {
  await withPool(writerUrl, async (pool, config) => {
    const log = createLogger({ service: 'cli', level: 'silent' });
    const engine = createEngine({ writer: pool, reader: pool, log, limits: limitsOf(config) });
    const made = await makeAnchor(engine, anchorOptions(config));
    if (json) return say(JSON.stringify(made));
    if (made.number === null) return say('Nothing was written since the last anchor.');
    say(
      `Anchor ${made.number} over ${made.chains} chains, ${made.signed ? 'signed' : 'NOT signed: no ANCHOR_KEY is set'}.`,
    );
  });
}
