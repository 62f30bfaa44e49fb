import type { ActivityOptions } from '@temporalio/workflow';
import type { ConductorInput } from './messages.js';
import { paceOf } from './pace.js';

/**
 * How a conductor's activities run. Three quick tries carry one over a lost worker or a database that
 * restarts; what lasts longer goes to the conductor, which waits longer and asks about a fresh instant.
 * `summary` is the line that Temporal's own pages show.
 */
export function activityOptions(
  input: Pick<ConductorInput, 'pace'>,
  within: 'passMs' | 'issueMs',
  summary: string,
): ActivityOptions {
  const pace = paceOf(input);
  return {
    summary,
    startToCloseTimeout: pace[within],
    heartbeatTimeout: pace.heartbeatMs,
    retry: { initialInterval: pace.retryMs, backoffCoefficient: 2, maximumAttempts: 3 },
  };
}
