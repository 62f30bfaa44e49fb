import { defineQuery, defineSignal } from '@temporalio/workflow';

export { type ConductorKind, conductorOf, workflowIdOf } from './ids.js';

/**
 * Something was planned earlier than the conductor is armed for, or nothing is left open. A signal and not an
 * update: whoever sends it waits for nothing, and it says nothing that the record does not know better.
 */
export const changedSignal = defineSignal('changed');

/** Where the process stands, for an operator. A query: it changes nothing and leaves no history. */
export const progressQuery = defineQuery<Progress>('progress');

/** The durations of a conductor. They come with its input, so that a test can make minutes of them milliseconds. */
export interface Pace {
  /** Least wait when a step is due again right after a pass that did not take it. */
  readonly floorMs: number;
  /** Wait after a first error; each further one in a row doubles it. */
  readonly errorFirstMs: number;
  readonly errorMostMs: number;
  /** Longest timer; what lies beyond is armed again when it fires. */
  readonly longestMs: number;
  /** An activity that gives no sign for this long is lost with its worker, and is tried elsewhere. */
  readonly heartbeatMs: number;
  /** One pass may take this long. */
  readonly passMs: number;
  /** Issuing all assignments may take this long. */
  readonly issueMs: number;
  /** Wait before an activity that failed in passing is tried again; it is tried three times in all. */
  readonly retryMs: number;
}

/** What a conductor is started with: whom it conducts, and in tests a quicker pace. */
export interface ConductorInput {
  readonly id: string;
  readonly pace?: Partial<Pace>;
}

/** What the making of an anchor is started with: nothing, but for the pace of tests. */
export type AnchorInput = Pick<ConductorInput, 'pace'>;

/**
 * - `issuing`: assignments are being written.
 * - `following`: it waits for the next planned step or a signal.
 * - `stalled`: the last attempt failed; it waits and tries again.
 * - `ended`: the record said that it is over.
 */
export type Phase = 'issuing' | 'following' | 'stalled' | 'ended';

export interface Progress {
  readonly phase: Phase;
  readonly assigned: number;
  readonly planned: number;
  readonly open: number;
  readonly poisoned: number;
  /** Passes of this run, and the steps they took. */
  readonly passes: number;
  readonly taken: number;
  /** The instant to which the timer is set; null before the first. */
  readonly nextAt: number | null;
  /** Of the last attempt; null when it went well. */
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly at: number;
    readonly inRow: number;
  } | null;
}
