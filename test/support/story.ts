import { DEFAULT_REPORTING_POLICY, type DirectivePolicy } from '../../src/domain/policy.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { requestReports } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { draftContent, draftTask, QUICK_POLICY, subjectOf, type World } from './world.js';

/**
 * A ladder of seconds. Conductors measure real time, so what they are to see happen must really pass; the
 * clock of the record alone cannot be moved ahead of theirs.
 */
export const STORY_POLICY: DirectivePolicy = {
  ...QUICK_POLICY,
  id: 'story',
  ladder: [
    { step: 'urge', kind: 'urge', when: 'after', offset: { value: 1, unit: 's' }, to: ['officer', 'head'] },
    {
      step: 'refer',
      kind: 'referral',
      when: 'after',
      offset: { value: 2, unit: 's' },
      to: ['head', 'standing_agency'],
    },
  ],
  referral: {
    objectionWindow: { value: 1, unit: 's' },
    decision: { value: 1, unit: 'd' },
    release: 'automatic',
    acknowledge: { value: 1, unit: 'd' },
  },
  reporting: {
    ...DEFAULT_REPORTING_POLICY,
    ladder: [
      { step: 'urge', kind: 'urge', when: 'after', offset: { value: 1, unit: 's' }, to: ['unit', 'head'] },
      {
        step: 'supervisor',
        kind: 'supervisor',
        when: 'after',
        offset: { value: 2, unit: 's' },
        to: ['supervisor'],
      },
    ],
  },
};

type Unit = keyof World['units'];

/** Issues a directive with one task for each unit named; its conductor makes the assignments. */
export async function issue(
  world: World,
  units: readonly Unit[],
  phrase = 'within 1 second',
): Promise<string> {
  const agency = world.as('standing_agency');
  const tasks = units.map((unit) =>
    draftTask({
      title: `Việc của ${unit}`,
      leadUnitIds: [world.units[unit]],
      deadline: { phrase, rule: null, past: null },
    }),
  );
  const id = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  return id;
}

export async function assignmentOf(
  world: World,
  directiveId: string,
  unit: Unit,
): Promise<{ id: string; state: string } | null> {
  const rows = await world.sql<{ id: string; state: string }>(
    'select id, state from assignment where directive_id = $1 and unit_id = $2',
    [directiveId, world.units[unit]],
  );
  return rows[0] ?? null;
}

export async function referralOf(
  world: World,
  directiveId: string,
  unit: Unit = 'finance',
): Promise<{ id: string; state: string } | null> {
  const rows = await world.sql<{ id: string; state: string }>(
    'select id, state from referral where directive_id = $1 and unit_id = $2',
    [directiveId, world.units[unit]],
  );
  return rows[0] ?? null;
}

/** Steps of one unit: on a slow machine a unit that hands in may be late as well. */
export async function stepsOf(world: World, directiveId: string, unit: Unit): Promise<string[]> {
  const rows = await world.sql<{ step: string }>(
    "select step from step_taken where directive_id = $1 and unit_id = $2 and subject_kind = 'assignment' order by planned_at, step",
    [directiveId, world.units[unit]],
  );
  return rows.map(({ step }) => step);
}

export async function stateOf(world: World, directiveId: string): Promise<string> {
  const rows = await world.sql<{ state: string }>('select state from directive where id = $1', [directiveId]);
  return rows[0]?.state ?? 'none';
}

/** The unit hands in, the standing agency confirms. */
export async function submitAndConfirm(world: World, id: string, unit: Unit): Promise<void> {
  const submit = { action: 'submit' as const, input: { text: 'Xong' } };
  subjectOf(await executeAssignments(world.engine, world.request(world.as('unit', unit)), [id], submit));
  const confirm = { action: 'confirm' as const, input: {} };
  subjectOf(
    await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], confirm),
  );
}

export async function stop(world: World, id: string): Promise<void> {
  const command = { action: 'stop' as const, input: { reason: 'thử' } };
  subjectOf(
    await executeAssignments(world.engine, world.request(world.as('standing_agency')), [id], command),
  );
}

/** Home Affairs acknowledges a case and records its outcome, which ends it. */
export async function settle(world: World, referralId: string): Promise<void> {
  const affairs = world.request(world.as('home_affairs'));
  subjectOf(await executeReferral(world.engine, affairs, referralId, { action: 'acknowledge', input: {} }));
  subjectOf(
    await executeReferral(world.engine, world.request(world.as('home_affairs')), referralId, {
      action: 'record_outcome',
      input: { outcome: 'Đã xem xét' },
    }),
  );
}

/** Asks units for a report within seconds; its conductor opens it and judges it. */
export async function askForReports(world: World, units: readonly Unit[], phrase: string): Promise<string> {
  return subjectOf(
    await requestReports(world.engine, world.request(world.as('standing_agency')), {
      name: 'Báo cáo nhanh',
      nameEn: 'A quick report',
      directiveIds: [],
      deadline: phrase,
      closesOn: null,
      unitIds: units.map((unit) => world.units[unit]),
      groupCodes: [],
    }),
  );
}

/** The unit reports as soon as it is asked; does nothing before, or where it has. */
export async function reportFor(world: World, regimeId: string, unit: Unit): Promise<void> {
  const [row] = await world.sql<{ id: string }>(
    'select id from report_obligation where regime_id = $1 and unit_id = $2 and received_at is null',
    [regimeId, world.units[unit]],
  );
  if (row === undefined) return;
  subjectOf(
    await executeReport(world.engine, world.request(world.as('unit', unit)), row.id, {
      action: 'submit',
      input: { text: 'Báo cáo', progress: [] },
    }),
  );
}
