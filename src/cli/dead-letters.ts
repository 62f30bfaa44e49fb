import type { Command } from 'commander';
import { createEngine } from '../engine/engine.js';
import { listDeadLetters, retryDeadLetters } from '../engine/envelopes.js';
import { createLogger } from '../log.js';
import { JSON_OPTION, limitsOf, type Output, Stop, say, withPool, writerUrl } from './frame.js';

const MOST = 1_000;

/** `dondoc dead-letters …`: letters that were refused too often, over all Working Groups. */
export function addDeadLetterCommands(dondoc: Command): void {
  const letters = dondoc.command('dead-letters').description('letters that were refused too often');
  letters
    .command('list', { isDefault: true })
    .description('show them, the youngest first')
    .option(...JSON_OPTION)
    .action(list);
  letters
    .command('retry')
    .description('send them again under their own Message-IDs, after the address or the server was mended')
    .argument('[ids...]', 'of the letters')
    .option('--all', 'every one', false)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExamples:\n  dondoc dead-letters retry 0190a1b2-…\n  dondoc dead-letters retry --all',
    )
    .action(retry);
}

async function withEngine(work: (engine: ReturnType<typeof createEngine>) => Promise<void>): Promise<void> {
  await withPool(writerUrl, async (pool, config) => {
    const log = createLogger({ service: 'cli', level: 'silent' });
    await work(createEngine({ writer: pool, reader: pool, log, limits: limitsOf(config) }));
  });
}

async function list({ json }: Output): Promise<void> {
  await withEngine(async (engine) => {
    const found = await listDeadLetters(engine, MOST);
    if (json) return say(JSON.stringify(found));
    for (const { id, address, subject, attempts, lastError } of found)
      say(`${id}  ${address}  ${subject}  (${attempts} attempts: ${lastError ?? 'no reason was given'})`);
    say(found.length === 0 ? 'There are no dead letters.' : `${found.length} dead letters.`);
  });
}

async function retry(
  ids: readonly string[],
  { all, json }: Output & { readonly all: boolean },
): Promise<void> {
  if (all === ids.length > 0) throw new Stop('Name letters by their ids, or all of them with --all.');
  await withEngine(async (engine) => {
    const chosen = all ? (await listDeadLetters(engine, MOST)).map(({ id }) => id) : ids;
    const sent = await retryDeadLetters(engine, chosen);
    say(json ? JSON.stringify({ retried: sent }) : `${sent} letters are sent again.`);
  });
}
