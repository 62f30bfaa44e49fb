import { setTimeout as sleep } from 'node:timers/promises';
import { feedEdge } from '../../src/db/read/feed.js';
import type { Engine } from '../../src/engine/engine.js';
import { noticeFaults } from './declared.js';

/** One server-sent event as it came. */
export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: ReturnType<typeof JSON.parse>;
}

export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  readonly events: StreamedEvent[];
  /** The last id that came, with an event or without. */
  lastId(): string;
  /** Settles when the server has ended the stream, or it broke. */
  readonly ended: Promise<void>;
  /** Settles when so many events are there. @throws when the stream ends before, or one is not declared */
  until(count: number): Promise<void>;
  close(): void;
}

/** Reads server-sent events as a browser does: fields by line, an event at each empty line. */
export async function openEvents(
  url: string,
  token: string,
  options: { readonly lastEventId?: string; readonly grant?: string } = {},
): Promise<EventStream> {
  const stop = new AbortController();
  const response = await fetch(url, {
    signal: stop.signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
  });
  const events: StreamedEvent[] = [];
  const faults: string[] = [];
  let lastId = options.lastEventId ?? '';
  let over = false;
  let told = (): void => undefined;
  const take = (block: string): void => {
    const fields = new Map(
      block
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith(':'))
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(':')),
          line.slice(line.indexOf(':') + 2),
        ]),
    );
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    const one = { id: lastId, event: fields.get('event') ?? 'message', data: JSON.parse(data) };
    if (one.event !== 'reset') faults.push(...noticeFaults(one.data));
    events.push(one);
  };
  const read = async (): Promise<void> => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) take(block);
      told();
    }
  };
  const ended = read()
    .catch(() => undefined)
    .finally(() => {
      over = true;
      told();
    });
  return {
    status: response.status,
    headers: response.headers,
    events,
    lastId: () => lastId,
    ended,
    until: async (count) => {
      while (events.length < count || faults.length > 0) {
        if (faults.length > 0) throw new Error(`An event that is not declared: ${faults.join('; ')}`);
        if (over) throw new Error(`The stream ended after ${events.length} of ${count} events`);
        await new Promise<void>((resolve) => {
          told = resolve;
        });
      }
    },
    close: () => stop.abort(),
  };
}

/**
 * Until followers are shown all that was recorded so far, and who begins now none of it: whatever transaction runs on
 * the server, another test's too, holds both up.
 */
export async function untilAllIsOld({ reader, writer }: Pick<Engine, 'reader' | 'writer'>): Promise<void> {
  for (;;) {
    const { xid } = await feedEdge(reader);
    const { rows } = await writer.query('select from event where xid >= $1::xid8 limit 1', [xid]);
    if (rows.length === 0) return;
    await sleep(10);
  }
}
