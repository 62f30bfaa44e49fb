import { conductReferral } from '../src/engine/conduct.js';
import type { Engine } from '../src/engine/engine.js';
import type { ReferralActivities } from './contract.js';
import { runStep } from './step.js';

/** The case's conductor at the record: each activity may be run twice, or by two workers at once. */
export function referralActivities(engine: Engine): ReferralActivities {
  return {
    conductReferral: async (referralId, now) =>
      await runStep(
        { log: engine.log, name: 'conduct referral', ids: { referralId }, show: (result) => result },
        async () => await conductReferral(engine, referralId, now),
      ),
  };
}
