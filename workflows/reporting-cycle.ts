import { proxyActivities } from '@temporalio/workflow';
import type { ReportingActivities } from '../activities/contract.js';
import { conduct } from './conductor.js';
import type { ConductorInput, Progress } from './messages.js';
import { activityOptions } from './options.js';

/**
 * Conducts one reporting regime: opens the reports of each period when its window begins, has them judged when
 * they are due and urged when they are missing, until the record says that the regime is over.
 */
export async function reportingCycle(input: ConductorInput): Promise<Progress> {
  const { conductRegime } = proxyActivities<ReportingActivities>(
    activityOptions(input, 'passMs', 'Open a period or judge reports; end or arm'),
  );
  return await conduct(input, conductRegime);
}
