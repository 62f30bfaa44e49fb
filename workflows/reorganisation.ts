import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReorganisationActivities } from '../activities/contract.js';
import { Conductor } from './conductor.js';
import { type ConductorInput, changedSignal, type Progress, progressQuery } from './messages.js';
import { activityOptions } from './options.js';

/**
 * Conducts one reorganisation: waits for its date, has the units changed and what they lead moved in batches, until
 * the record says that it is over.
 */
export async function reorganisation(input: ConductorInput): Promise<Progress> {
  const conductor = new Conductor(input, 'following');
  setHandler(changedSignal, () => conductor.hear());
  setHandler(progressQuery, () => conductor.progress);
  const { conductReorganisation } = proxyActivities<ReorganisationActivities>(
    activityOptions(input, 'passMs', 'Wait for the date; change units; move a batch'),
  );

  for (;;) {
    const pass = await conductor.attempt(async () => await conductReorganisation(input.id, conductor.ask()));
    // A signal that came during the last pass may tell of another one: asked once more.
    if (pass?.ended && !conductor.heard) break;
    if (pass?.ended) continue;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof reorganisation>(input);
    }
    await conductor.rest(pass);
  }
  await condition(allHandlersFinished);
  return conductor.progress;
}
