import { conductRegime } from '../src/engine/conduct-reports.js';
import type { Engine } from '../src/engine/engine.js';
import type { ReportingActivities } from './contract.js';
import { runStep } from './step.js';

/** The regime's conductor at the record: each activity may be run twice, or by two workers at once. */
export function reportingActivities(engine: Engine): ReportingActivities {
  return {
    conductRegime: async (regimeId, now) =>
      await runStep(
        { log: engine.log, name: 'conduct regime', ids: { regimeId }, show: (result) => result },
        async () => await conductRegime(engine, regimeId, now),
      ),
  };
}
