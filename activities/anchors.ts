import { type AnchorOptions, makeAnchor } from '../src/engine/anchor.js';
import type { Engine } from '../src/engine/engine.js';
import type { AnchorActivities } from './contract.js';
import { runStep } from './step.js';

/** The making of anchors: each activity may be run twice, or by two workers at once. */
export function anchorActivities(engine: Engine, options: AnchorOptions): AnchorActivities {
  return {
    makeAnchor: async () =>
      await runStep(
        { log: engine.log, name: 'make anchor', ids: {}, show: (result) => result },
        async () => await makeAnchor(engine, options),
      ),
  };
}
