import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReferralActivities } from '../activities/contract.js';
import { Conductor } from './conductor.js';
import { type ConductorInput, changedSignal, type Progress, progressQuery } from './messages.js';
import { activityOptions } from './options.js';

/**
 * Conducts one case to Home Affairs: waits out its window, its decision, its delivery and its
 * acknowledgement, and has each taken when it is due, until the record says that the case is over.
 */
export async function referral(input: ConductorInput): Promise<Progress> {
  const conductor = new Conductor(input, 'following');
  setHandler(changedSignal, () => conductor.hear());
  setHandler(progressQuery, () => conductor.progress);
  const { conductReferral } = proxyActivities<ReferralActivities>(
    activityOptions(input, 'passMs', 'Take due steps; end or arm'),
  );

  for (;;) {
    const pass = await conductor.attempt(async () => await conductReferral(input.id, conductor.ask()));
    if (pass?.ended) break;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof referral>(input);
    }
    await conductor.rest(pass);
  }
  await condition(allHandlersFinished);
  return conductor.progress;
}
