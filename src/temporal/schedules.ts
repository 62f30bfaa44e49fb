import {
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { AnchorInput, Pace } from '../../workflows/messages.js';
import { type TemporalClient, within } from './connection.js';

export interface SchedulesOptions {
  readonly taskQueue: string;
  readonly anchorEveryHours: number;
  /** Quicker durations, in tests. */
  readonly pace?: Partial<Pace>;
  /** As in ConductorsOptions, in tests. */
  readonly taskTimeoutMs?: number;
}

/** What is started at fixed times, kept in Temporal as the settings say. */
export interface Schedules {
  /** Makes what is missing, and what differs as it should be; with `dryRun` it only looks. */
  keep(options?: {
    readonly dryRun?: boolean;
  }): Promise<readonly { readonly id: string; readonly was: 'right' | 'missing' | 'different' }[]>;
}

const TIMEOUT_MS = 5_000;
const HOUR_MS = 3_600_000;
/** 02:20 in Hanoi, in ms after midnight UTC: when nobody works, and the day before is whole. */
const NIGHT_MS = (19 * 60 + 20) * 60_000;
/** One that was missed while Temporal was away is made up for within a day; the next has it all anyway. */
const CATCH_UP_MS = 24 * HOUR_MS;

/** Several installations may share a namespace: what tells them apart is their task queue. */
export const anchorScheduleId = (taskQueue: string): string => `anchor:${taskQueue}`;

export function createSchedules(temporal: TemporalClient, options: SchedulesOptions): Schedules {
  const scheduleId = anchorScheduleId(options.taskQueue);
  const every = options.anchorEveryHours * HOUR_MS;
  const wanted = {
    spec: { intervals: [{ every, offset: NIGHT_MS % every }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'anchor',
      workflowId: scheduleId,
      taskQueue: options.taskQueue,
      args: [inputOf(options)],
      ...(options.taskTimeoutMs === undefined ? {} : { workflowTaskTimeout: options.taskTimeoutMs }),
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: CATCH_UP_MS },
  };
  const { schedule } = temporal.client;
  return {
    keep: async ({ dryRun = false } = {}) =>
      await within(temporal, TIMEOUT_MS, async () => {
        const handle = schedule.getHandle(scheduleId);
        const found = await described(async () => await handle.describe());
        const was = found === null ? 'missing' : isAs(found, wanted) ? 'right' : 'different';
        if (dryRun || was === 'right') return [{ id: scheduleId, was }];
        if (was === 'missing') await made(async () => await schedule.create({ scheduleId, ...wanted }));
        // Whether an operator has paused it stays as it is.
        else await handle.update(({ state }) => ({ ...wanted, state }));
        return [{ id: scheduleId, was }];
      }),
  };
}

const inputOf = ({ pace }: SchedulesOptions): AnchorInput => (pace === undefined ? {} : { pace });

async function described(ask: () => Promise<ScheduleDescription>): Promise<ScheduleDescription | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** Another worker may have made it meanwhile. */
async function made(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

function isAs(
  { spec, action }: ScheduleDescription,
  wanted: {
    readonly spec: { readonly intervals: readonly { readonly every: number; readonly offset: number }[] };
    readonly action: { readonly taskQueue: string; readonly workflowType: string };
  },
): boolean {
  const [interval] = wanted.spec.intervals;
  const intervals = spec.intervals ?? [];
  return (
    intervals.length === 1 &&
    intervals[0]?.every === interval?.every &&
    intervals[0]?.offset === interval?.offset &&
    (spec.calendars ?? []).length === 0 &&
    action.taskQueue === wanted.action.taskQueue &&
    action.workflowType === wanted.action.workflowType
  );
}
