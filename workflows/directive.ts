import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DirectiveActivities } from '../activities/contract.js';
import { Conductor } from './conductor.js';
import { type ConductorInput, changedSignal, type Progress, progressQuery } from './messages.js';
import { activityOptions } from './options.js';
import { PATCHES } from './patches.js';

/**
 * Conducts one directive: issues its assignments, then follows them. It waits until the next step of any of
 * them is due, has it taken, and waits again, until the record says that the directive is over.
 */
export async function directive(input: ConductorInput): Promise<Progress> {
  const conductor = new Conductor(input, 'issuing');
  setHandler(changedSignal, () => conductor.hear());
  setHandler(progressQuery, () => conductor.progress);
  const { issueAssignments } = proxyActivities<DirectiveActivities>(
    activityOptions(input, 'issueMs', 'Issue the assignments'),
  );
  const { conductDirective } = proxyActivities<DirectiveActivities>(
    activityOptions(input, 'passMs', 'Take due steps; close or arm'),
  );

  let issued = false;
  for (;;) {
    const pass = await conductor.attempt(async () => {
      if (!issued) conductor.issued(await issueAssignments(input.id));
      issued = true;
      return await conductDirective(input.id, conductor.ask());
    });
    // A signal that came during the last pass may tell of a reopening: then the record is asked once more.
    if (pass?.ended && !(conductor.heard && patched(PATCHES.asksAgainWhenHeard.id))) break;
    if (pass?.ended) continue;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof directive>(input);
    }
    await conductor.rest(pass);
  }
  await condition(allHandlersFinished);
  return conductor.progress;
}
