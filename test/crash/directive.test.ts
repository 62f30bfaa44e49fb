import { describe, expect } from '@jest/globals';
import { crashKit } from '../support/crash-kit.js';
import { assignmentOf, issue, stateOf, stepsOf, stop, submitAndConfirm } from '../support/story.js';

describe('a directive', () => {
  crashKit({
    workflow: 'directive',
    effects: [
      'issueAssignments: assigned',
      'issueAssignments: assignments_made',
      'conductDirective: armed',
      'conductDirective: step_taken',
      'conductDirective: proposed',
      'conductDirective: closed',
    ],
    armedFirst: true,
    begin: async (world) => await issue(world, ['health', 'finance']),
    play: async (world, id) => {
      const health = await assignmentOf(world, id, 'health');
      if (health?.state === 'assigned') await submitAndConfirm(world, health.id, 'health');
      const finance = await assignmentOf(world, id, 'finance');
      if (finance?.state === 'assigned' && (await stepsOf(world, id, 'finance')).includes('refer'))
        await stop(world, finance.id);
    },
    check: async (world, id) => {
      expect(await stateOf(world, id)).toBe('closed');
      const mine = await world.sql<{ step: string; unit_id: string }>(
        'select step, unit_id from step_taken where directive_id = $1 order by planned_at',
        [id],
      );
      const silent = mine.filter(({ unit_id }) => unit_id === world.units.finance).map(({ step }) => step);
      expect(silent).toEqual(['urge', 'refer']);
      const made = await world.sql('select 1 from assignment where directive_id = $1', [id]);
      expect(made).toHaveLength(2);
      const cases = await world.sql('select 1 from referral where directive_id = $1 and unit_id = $2', [
        id,
        world.units.finance,
      ]);
      expect(cases).toHaveLength(1);
      const closings = await world.sql("select 1 from event where subject_id = $1 and type = 'closed'", [id]);
      expect(closings).toHaveLength(1);
    },
  });
});
