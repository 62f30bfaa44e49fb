import { describe, expect } from '@jest/globals';
import { DEFAULT_REPORTING_POLICY } from '../../src/domain/policy.js';
import { crashKit } from '../support/crash-kit.js';
import { askForReports, reportFor, STORY_POLICY } from '../support/story.js';

const { reporting = DEFAULT_REPORTING_POLICY } = STORY_POLICY;

/**
 * However long the killed workers take to come back, and all seconds of the ladder with them, one rung is still to
 * come: so its process arms in every run.
 */
const WITH_A_LATE_RUNG = {
  ...STORY_POLICY,
  id: 'late-rung',
  reporting: {
    ...reporting,
    ladder: [
      ...reporting.ladder,
      {
        step: 'much-later',
        kind: 'supervisor' as const,
        when: 'after' as const,
        offset: { value: 2, unit: 'd' as const },
        to: ['supervisor' as const],
      },
    ],
  },
};

describe('a reporting regime', () => {
  crashKit({
    workflow: 'reportingCycle',
    effects: [
      'conductRegime: period_opened',
      'conductRegime: opened',
      'conductRegime: armed',
      'conductRegime: judged',
      'conductRegime: step_taken',
      'conductRegime: ended',
    ],
    armedFirst: true,
    policy: WITH_A_LATE_RUNG,
    begin: async (world) => await askForReports(world, ['health', 'justice'], 'within 4 seconds'),
    play: async (world, id) => {
      await reportFor(world, id, 'justice');
      const [urged] = await world.sql(
        `select 1 from step_taken s join report_obligation o on o.id = s.subject_id
          where o.regime_id = $1 and o.unit_id = $2 and s.step = 'supervisor'`,
        [id, world.units.health],
      );
      if (urged === undefined) return;
      await reportFor(world, id, 'health');
      // It would see at its last rung that nothing is left; the story does not wait for that.
      await world.sql(
        `insert into wake (conductor_kind, conductor_id, reason) select 'reportingCycle', $1, 'late'
          where not exists (select from planned_step where conductor_id = $1) and not exists (select from wake where conductor_id = $1)`,
        [id],
      );
    },
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
      expect(ofUnit(world.units.health)).toEqual(['opened', 'judge', 'urge', 'supervisor', 'submitted']);
      expect(ofUnit(world.units.justice)[0]).toBe('opened');
      expect(ofUnit(world.units.justice)).toContain('submitted');
    },
  });
});
