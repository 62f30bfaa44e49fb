import { conductDirective } from '../src/engine/conduct.js';
import type { Engine } from '../src/engine/engine.js';
import { issueBatch } from '../src/engine/issue.js';
import type { DirectiveActivities } from './contract.js';
import { runStep, stopIfCancelled } from './step.js';

/** The directive's conductor at the record: each activity may be run twice, or by two workers at once. */
export function directiveActivities(engine: Engine): DirectiveActivities {
  return {
    issueAssignments: async (directiveId) =>
      await runStep(
        { log: engine.log, name: 'issue assignments', ids: { directiveId }, show: (result) => result },
        async () => {
          for (;;) {
            const issuing = await issueBatch(engine, directiveId);
            // What is stuck is tried again by the conductor, after what is due has been taken.
            if (issuing.ended || issuing.stuck || issuing.assigned >= issuing.planned) return issuing;
            stopIfCancelled();
          }
        },
      ),
    conductDirective: async (directiveId, now) =>
      await runStep(
        { log: engine.log, name: 'conduct directive', ids: { directiveId }, show: (result) => result },
        async () => await conductDirective(engine, directiveId, now),
      ),
  };
}
