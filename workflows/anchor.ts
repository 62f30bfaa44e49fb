import { ActivityFailure } from '@temporalio/common';
import { continueAsNew, isCancellation, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { AnchorActivities, MadeAnchor } from '../activities/contract.js';
import type { AnchorInput } from './messages.js';
import { activityOptions } from './options.js';
import { paceOf } from './pace.js';

/**
 * Makes one anchor over all chains. A Schedule starts it; what stands in its way it outlasts, and while it does no
 * second one is started. What was written meanwhile enters the anchor that is made in the end.
 */
export async function anchor(input: AnchorInput = {}): Promise<MadeAnchor> {
  const { errorFirstMs, errorMostMs } = paceOf(input);
  const { makeAnchor } = proxyActivities<AnchorActivities>(
    activityOptions(input, 'issueMs', 'Make one root over all chains that grew'),
  );
  for (let wait = errorFirstMs; ; wait = Math.min(wait * 2, errorMostMs)) {
    try {
      return await makeAnchor();
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof anchor>(input);
    await sleep(wait);
  }
}
