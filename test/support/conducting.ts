import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { type Conductors, createConductors } from '../../src/temporal/client.js';
import { openTemporal, type TemporalClient } from '../../src/temporal/connection.js';
import { type Conducting, installRuntime, startConducting } from '../../src/temporal/worker.js';
import {
  type ConductorKind,
  type Pace,
  type Progress,
  progressQuery,
  workflowIdOf,
} from '../../workflows/messages.js';
import { testServers } from './servers.js';

/** Seconds and minutes as milliseconds, so that no test waits for what it does not test. */
export const QUICK_PACE: Partial<Pace> = {
  floorMs: 150,
  errorFirstMs: 100,
  errorMostMs: 400,
  heartbeatMs: 1_000,
  passMs: 10_000,
  issueMs: 20_000,
  retryMs: 20,
};

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HISTORIES = fileURLToPath(new URL('../replay/histories/', import.meta.url));

let installed = false;

/** Conductors of a test file on the shared Temporal server: a task queue of their own, and a quick pace. */
export interface TestConductors extends Conductors {
  readonly temporal: TemporalClient;
  readonly taskQueue: string;
  /** Starts a worker in this process, with the activities given. */
  work(activities: object): Conducting;
  progress(kind: ConductorKind, id: string): Promise<Progress>;
  /** Settles when the process has ended. */
  ended(kind: ConductorKind, id: string): Promise<Progress>;
  history(kind: ConductorKind, id: string): Promise<HistoryEvent[]>;
  /**
   * Stores a history for test/replay when it is asked for (RECORD_HISTORIES=2026-11-24): after a new path was
   * added, never to make a failing replay pass.
   */
  store(kind: ConductorKind, id: string, what: string, runId?: string): Promise<void>;
  close(): Promise<void>;
}

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

export function testConductors(
  pace: Partial<Pace> = QUICK_PACE,
  address = testServers().temporalAddress,
): TestConductors {
  // The SDK's own lines would drown those of the tests; one runtime per test file.
  if (!installed) installRuntime(quiet);
  installed = true;
  const { temporalNamespace: namespace, workflowBundle } = testServers();
  const temporal = openTemporal({ address, namespace, tls: null });
  const taskQueue = `test-${randomUUID()}`;
  const conductors = createConductors(temporal, { taskQueue, pace, taskTimeoutMs: 1_500 });
  const workers: Conducting[] = [];
  const handle = (kind: ConductorKind, id: string) =>
    temporal.client.workflow.getHandle(workflowIdOf(kind, id));
  const fetch = async (kind: ConductorKind, id: string) => await handle(kind, id).fetchHistory();
  const exists = async (kind: ConductorKind, id: string): Promise<boolean> =>
    await handle(kind, id)
      .describe()
      .then(
        () => true,
        () => false,
      );
  return {
    ...conductors,
    temporal,
    taskQueue,
    work: (activities) => {
      const worker = startConducting({
        address,
        tls: null,
        namespace,
        taskQueue,
        workflowBundle,
        activities,
        concurrentActivities: 8,
        cachedWorkflows: 50,
        graceMs: 1_000,
        forceMs: 2_000,
        log: quiet,
      });
      workers.push(worker);
      return worker;
    },
    progress: async (kind, id) => await handle(kind, id).query(progressQuery),
    ended: async (kind, id) => {
      await until(`${kind} ${id} has been started`, async () => await exists(kind, id));
      return (await handle(kind, id).result()) as Progress;
    },
    history: async (kind, id) => (await fetch(kind, id)).events ?? [],
    store: async (kind, id, what, runId) => {
      const name = kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const file = `${name}.${what}`;
      await storeHistory(temporal, { workflowId: workflowIdOf(kind, id), runId, file });
    },
    close: async () => {
      await Promise.all(workers.map(async (worker) => await worker.stop()));
      await temporal.close();
    },
  };
}

/** As `TestConductors.store`, for a process that conducts nothing. */
export async function storeHistory(
  temporal: TemporalClient,
  { workflowId, runId, file }: { workflowId: string; runId?: string | undefined; file: string },
): Promise<void> {
  const date = process.env.RECORD_HISTORIES;
  if (date === undefined || date === '') return;
  const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  // Nothing of the machine it was recorded on.
  const text = historyToJSON(history).replaceAll(ROOT, '/app/').replaceAll(`@${hostname()}`, '@host');
  writeFileSync(`${HISTORIES}${file}.${date}.json`, `${text}\n`);
}

/** Replays a history against a bundle; rejects where the code would have done something else. */
export async function replay(bundle: string | { readonly code: string }, history: unknown): Promise<void> {
  if (!installed) installRuntime(quiet);
  installed = true;
  const workflowBundle = typeof bundle === 'string' ? { codePath: bundle } : bundle;
  await Worker.runReplayHistory({ workflowBundle }, history);
}

const WITHIN_MS = 60_000;

/** Asks until it is so, and says what was asked for where it does not come. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = WITHIN_MS,
): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > giveUp) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await delay(20);
  }
}

/** `EVENT_TYPE_TIMER_FIRED` → `TIMER_FIRED`, in order. */
export function typesOf(events: readonly HistoryEvent[]): string[] {
  return events.map(({ eventType }) => EVENT_NAMES[Number(eventType)] ?? String(eventType));
}

/** The numbers of `temporal.api.enums.v1.EventType` that conductors leave. */
const EVENT_NAMES: Readonly<Record<number, string>> = {
  1: 'WORKFLOW_EXECUTION_STARTED',
  2: 'WORKFLOW_EXECUTION_COMPLETED',
  3: 'WORKFLOW_EXECUTION_FAILED',
  5: 'WORKFLOW_TASK_SCHEDULED',
  6: 'WORKFLOW_TASK_STARTED',
  7: 'WORKFLOW_TASK_COMPLETED',
  8: 'WORKFLOW_TASK_TIMED_OUT',
  9: 'WORKFLOW_TASK_FAILED',
  10: 'ACTIVITY_TASK_SCHEDULED',
  11: 'ACTIVITY_TASK_STARTED',
  12: 'ACTIVITY_TASK_COMPLETED',
  13: 'ACTIVITY_TASK_FAILED',
  14: 'ACTIVITY_TASK_TIMED_OUT',
  17: 'TIMER_STARTED',
  18: 'TIMER_FIRED',
  19: 'TIMER_CANCELED',
  26: 'WORKFLOW_EXECUTION_SIGNALED',
  28: 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  40: 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
};
