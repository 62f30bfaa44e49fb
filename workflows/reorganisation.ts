import { proxyActivities } from '@temporalio/workflow';
import type { ReorganisationActivities } from '../activities/contract.js';
import { conduct } from './conductor.js';
import type { ConductorInput, Progress } from './messages.js';
import { activityOptions } from './options.js';

/**
 * Conducts one reorganisation: waits for its date, has the units changed and what they lead moved in batches, until
 * the record says that it is over.
 */
export async function reorganisation(input: ConductorInput): Promise<Progress> {
  const { conductReorganisation } = proxyActivities<ReorganisationActivities>(
    activityOptions(input, 'passMs', 'Wait for the date; change units; move a batch'),
  );
  return await conduct(input, conductReorganisation);
}
