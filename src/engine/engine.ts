import type pg from 'pg';
import type { Logger } from '../log.js';

/** What every use case is given: the two doors to the record, and where to write a line. */
export interface Engine {
  /** Executes commands and steps: no row scope. */
  readonly writer: pg.Pool;
  /** Answers reads: row-level security by the caller's scope. */
  readonly reader: pg.Pool;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;
  readonly limits: EngineLimits;
  /** Tells the pumps after a commit that there is work; joined, never awaited, never inside a transaction. */
  notify(): void;
}

export interface EngineLimits {
  /** Due steps taken in one transaction. */
  readonly stepBatch: number;
  /** Assignments issued in one transaction. */
  readonly issueBatch: number;
}

export const OUTBOX_CHANNEL = 'dondoc_outbox';

/** A process sends at most one NOTIFY in this time; inside transactions it would serialise their commits. */
const NOTIFY_EVERY_MS = 50;

export function createEngine(parts: Omit<Engine, 'notify'>): Engine {
  let timer: NodeJS.Timeout | null = null;
  const notify = (): void => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      // Lost notifications are harmless: listeners also poll.
      parts.writer.query(`notify ${OUTBOX_CHANNEL}`).catch(() => undefined);
    }, NOTIFY_EVERY_MS);
    timer.unref();
  };
  return { ...parts, notify };
}
