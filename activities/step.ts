import { Context } from '@temporalio/activity';
import type { Logger } from '../src/log.js';
import { failureOf } from './failures.js';

export type StepLog = Pick<Logger, 'info' | 'warn'>;

/** Signs of life where nobody waits for them. */
const SLOW_BEAT_MS = 10_000;

export interface Step<T> {
  readonly log: StepLog;
  /** What it is called in the log, with the ids it is about. */
  readonly name: string;
  readonly ids: Readonly<Record<string, string>>;
  /** What of its result goes into the log line. */
  readonly show: (result: T) => object;
}

/**
 * The frame of every activity: signs of life while it works, so that a lost worker is noticed soon; one log
 * line with the ids of the step; errors as failures that say whether trying again may help.
 */
export async function runStep<T>(step: Step<T>, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const { workflowExecution, attempt, heartbeatTimeoutMs } = context.info;
  const ids = {
    ...step.ids,
    workflowId: workflowExecution?.workflowId,
    runId: workflowExecution?.runId,
    attempt,
  };
  const begun = performance.now();
  const beat = setInterval(() => context.heartbeat(), (heartbeatTimeoutMs ?? 3 * SLOW_BEAT_MS) / 3);
  context.heartbeat();
  try {
    const result = await work();
    step.log.info({ ...ids, ...step.show(result), ms: Math.round(performance.now() - begun) }, step.name);
    return result;
  } catch (error) {
    // The worker stops, or nobody waits for the answer any more: not an error of the step.
    if (context.cancellationSignal.aborted) await context.cancelled;
    step.log.warn({ ...ids, err: error, ms: Math.round(performance.now() - begun) }, `${step.name}: failed`);
    throw failureOf(error);
  } finally {
    clearInterval(beat);
  }
}

/** Ends a step between two batches when the worker stops; the next try goes on where the record stands. */
export function stopIfCancelled(): void {
  Context.current().cancellationSignal.throwIfAborted();
}
