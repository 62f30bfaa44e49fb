import { describe, expect } from '@jest/globals';
import { conductDirective, issueBatch } from '../../src/engine/conduct.js';
import { until } from '../support/conducting.js';
import { crashKit } from '../support/crash-kit.js';
import { issue, referralOf, settle } from '../support/story.js';

describe('a case', () => {
  crashKit({
    workflow: 'referral',
    effects: ['conductReferral: armed', 'conductReferral: referred'],
    armedFirst: true,
    begin: async (world) => {
      const directiveId = await issue(world, ['finance']);
      await issueBatch(world.engine, directiveId);
      await until('the case is proposed', async () => {
        await conductDirective(world.engine, directiveId, await world.now());
        return (await referralOf(world, directiveId)) !== null;
      });
      return (await referralOf(world, directiveId))?.id ?? '';
    },
    play: async (world, id) => {
      const [row] = await world.sql<{ state: string }>('select state from referral where id = $1', [id]);
      if (row?.state === 'referred') await settle(world, id);
    },
    check: async (world, id) => {
      const events = await world.sql<{ type: string }>(
        'select type from event where subject_id = $1 order by seq',
        [id],
      );
      expect(events.map(({ type }) => type)).toEqual([
        'proposed',
        'referred',
        'acknowledged',
        'outcome_recorded',
      ]);
    },
  });
});
