import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const RECONNECT_MS = 1_000;

/**
 * Hears the notifications of a channel on a connection of its own, and connects again when that is lost. What
 * is missed meanwhile is no loss: whoever listens also polls.
 */
export function listen(pool: pg.Pool, channel: string, heard: () => void): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await listenOnce(pool, channel, heard, stopping.signal).catch(() => undefined);
      await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function listenOnce(
  pool: pg.Pool,
  channel: string,
  heard: () => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await pool.connect();
  try {
    await new Promise<void>((settle, fail) => {
      client.on('notification', heard);
      client.once('error', settle);
      client.once('end', settle);
      signal.addEventListener('abort', () => settle(), { once: true });
      if (signal.aborted) settle();
      client.query(`listen ${channel}`).then(heard, fail);
    });
  } finally {
    client.off('notification', heard);
    // Closed, not lent again: it would go on listening for somebody else.
    client.release(true);
  }
}
