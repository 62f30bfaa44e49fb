import { createWriteStream } from 'node:fs';
import { userInfo } from 'node:os';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { eventLines } from '../db/export-store.js';
import { onceInSnapshot } from '../db/transaction.js';
import { recordAccess } from '../engine/access-log.js';
import { JSON_OPTION, type Output, Stop, say, tell, withPool, writerUrl } from './frame.js';

interface ExportOptions extends Output {
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
}

const EVERY = 50_000;

/** `dondoc export`: every event as a line of JSON. */
export function addExportCommand(dondoc: Command): void {
  dondoc
    .command('export')
    .description(
      'write events as lines of JSON, in the order in which they were recorded; kept in the access log',
    )
    .option('--group <code>', 'of one Working Group')
    .option('--from <date>', 'recorded at or after; ISO 8601')
    .option('--to <date>', 'recorded before; ISO 8601')
    .option('--out <file>', 'a new file; default: standard output')
    .option('--json', 'with --out: print the result as one JSON object', JSON_OPTION[2])
    .addHelpText(
      'after',
      '\nExample:\n  dondoc export --group tct06 --from 2026-01-01T00:00:00+07:00 --out events.jsonl',
    )
    .action(exportEvents);
}

async function exportEvents({ json, group, from, to, out }: ExportOptions): Promise<void> {
  const filter = { group: group ?? null, from: instantOf(from), to: instantOf(to) };
  await withPool(writerUrl, async (pool) => {
    // What cannot be logged is not shown.
    await recordAccess(pool, {
      personId: null,
      role: null,
      workingGroupId: null,
      unitId: null,
      action: 'exported',
      subject: { kind: 'export', id: null },
      detail: { what: 'events', ...filter, by: userInfo().username },
      from: { address: null, agent: 'dondoc export' },
    });
    const target = out === undefined ? process.stdout : createWriteStream(out, { flags: 'wx', mode: 0o600 });
    const failed: string[] = [];
    target.on('error', (error: Error) => failed.push(error.message));
    let events = 0;
    let told = 0;
    await onceInSnapshot(pool, async (client) => {
      for await (const page of eventLines(client, filter)) {
        if (failed.length > 0) return;
        events += page.length;
        if (!target.write(`${page.join('\n')}\n`)) await drained(target);
        if (events - told >= EVERY) {
          told = events;
          tell(`${events} events`);
        }
      }
    });
    if (target !== process.stdout) await finished(target.end()).catch(() => undefined);
    if (failed.length > 0) throw new Stop(`${out ?? 'standard output'}: ${failed.join(', ')}`);
    if (out !== undefined)
      say(json ? JSON.stringify({ events, file: out }) : `${events} events are in ${out}.`);
  });
}

/** Until the reader has taken what was written, or is gone. */
async function drained(target: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((settle) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error']) target.off(event, done);
      settle();
    };
    for (const event of ['drain', 'close', 'error']) target.once(event, done);
  });
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Stop(`"${text}" is no date: write 2026-01-31 or 2026-01-31T17:00:00+07:00`);
  return at;
}
