import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReportingActivities } from '../activities/contract.js';
import { Conductor } from './conductor.js';
import { type ConductorInput, changedSignal, type Progress, progressQuery } from './messages.js';
import { activityOptions } from './options.js';

/**
 * Conducts one reporting regime: opens the reports of each period when its window begins, has them judged when
 * they are due and urged when they are missing, until the record says that the regime is over.
 */
export async function reportingCycle(input: ConductorInput): Promise<Progress> {
  const conductor = new Conductor(input, 'following');
  setHandler(changedSignal, () => conductor.hear());
  setHandler(progressQuery, () => conductor.progress);
  const { conductRegime } = proxyActivities<ReportingActivities>(
    activityOptions(input, 'passMs', 'Open a period or judge reports; end or arm'),
  );

  for (;;) {
    const pass = await conductor.attempt(async () => await conductRegime(input.id, conductor.ask()));
    // A signal that came during the last pass may tell of a report that was returned: asked once more.
    if (pass?.ended && !conductor.heard) break;
    if (pass?.ended) continue;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof reportingCycle>(input);
    }
    await conductor.rest(pass);
  }
  await condition(allHandlersFinished);
  return conductor.progress;
}
