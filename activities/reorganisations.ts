import { conductReorganisation } from '../src/engine/conduct-reorganisation.js';
import type { Engine } from '../src/engine/engine.js';
import type { ReorganisationActivities } from './contract.js';
import { runStep } from './step.js';

/** The reorganisation's conductor at the record: each activity may be run twice, or by two workers at once. */
export function reorganisationActivities(engine: Engine): ReorganisationActivities {
  return {
    conductReorganisation: async (reorganisationId, now) =>
      await runStep(
        {
          log: engine.log,
          name: 'conduct reorganisation',
          ids: { reorganisationId },
          show: (result) => result,
        },
        async () => await conductReorganisation(engine, reorganisationId, now),
      ),
  };
}
