import { WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/client';
import {
  type ConductorInput,
  type ConductorKind,
  changedSignal,
  type Pace,
  workflowIdOf,
} from '../../workflows/messages.js';
import { type TemporalClient, within } from './connection.js';

export interface ConductorsOptions {
  readonly taskQueue: string;
  /** Quicker durations, in tests. */
  readonly pace?: Partial<Pace>;
  /** After which a workflow task counts as lost with its worker, in tests that kill workers; the server's default is 10 s. */
  readonly taskTimeoutMs?: number;
  /** How long one call may take before the server counts as away. */
  readonly timeoutMs?: number;
}

/** The processes of directives and cases, as seen from outside. */
export interface Conductors {
  /** Tells the process that something changed; starts it where it does not run. */
  wake(kind: ConductorKind, id: string): Promise<void>;
  isRunning(kind: ConductorKind, id: string): Promise<boolean>;
}

const TIMEOUT_MS = 5_000;

/** Speaks to conductors by one message. A process that was lost, or has ended and is needed again, is started. */
export function createConductors(temporal: TemporalClient, options: ConductorsOptions): Conductors {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  return {
    wake: async (kind, id) => {
      const input: ConductorInput = options.pace === undefined ? { id } : { id, pace: options.pace };
      await within(temporal, timeoutMs, async () => {
        await temporal.client.workflow.signalWithStart(kind, {
          workflowId: workflowIdOf(kind, id),
          taskQueue: options.taskQueue,
          args: [input],
          signal: changedSignal,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
          ...(options.taskTimeoutMs === undefined ? {} : { workflowTaskTimeout: options.taskTimeoutMs }),
        });
      });
    },
    isRunning: async (kind, id) =>
      await within(temporal, timeoutMs, async () => {
        try {
          const { status } = await temporal.client.workflow.getHandle(workflowIdOf(kind, id)).describe();
          return status.name === 'RUNNING';
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}
