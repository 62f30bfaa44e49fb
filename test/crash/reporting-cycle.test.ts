import { describe, expect } from '@jest/globals';
import { crashKit } from '../support/crash-kit.js';
import { askForReports, reportFor } from '../support/story.js';

describe('a reporting regime', () => {
  crashKit({
    workflow: 'reportingCycle',
    effects: [
      'conductRegime: period_opened',
      'conductRegime: opened',
      'conductRegime: judged',
      'conductRegime: step_taken',
      'conductRegime: ended',
    ],
    armedFirst: false,
    begin: async (world) => await askForReports(world, ['health', 'justice'], 'within 4 seconds'),
    play: async (world, id) => await reportFor(world, id, 'justice'),
    check: async (world, id) => {
      const regime = await world.sql<{ type: string }>(
        'select type from event where subject_id = $1 order by seq',
        [id],
      );
      expect(regime.map(({ type }) => type)).toEqual(['created', 'period_opened', 'ended']);
      const reports = await world.sql<{ type: string; unit_id: string; step: string | null }>(
        `select e.type, e.unit_id, e.data ->> 'step' as step from event e join report_obligation o on o.id = e.subject_id
          where o.regime_id = $1 order by e.seq`,
        [id],
      );
      const ofUnit = (unit: string): (string | null)[] =>
        reports.filter(({ unit_id }) => unit_id === unit).map(({ type, step }) => step ?? type);
      expect(ofUnit(world.units.health)).toEqual(['opened', 'judge', 'urge', 'supervisor']);
      expect(ofUnit(world.units.justice)[0]).toBe('opened');
      expect(ofUnit(world.units.justice)).toContain('submitted');
    },
  });
});
