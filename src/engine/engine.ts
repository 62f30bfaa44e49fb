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
}

export interface EngineLimits {
  /** Due steps taken in one transaction. */
  readonly stepBatch: number;
  /** Assignments issued in one transaction. */
  readonly issueBatch: number;
}
