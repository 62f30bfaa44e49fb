import { describe, expect } from '@jest/globals';
import { conductDirective } from '../../src/engine/conduct.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { until } from '../support/conducting.js';
import { type CrashLife, crashKit } from '../support/crash-kit.js';
import { poison } from '../support/poison.js';
import { issue, referralOf, settle } from '../support/story.js';
import { subjectOf, type World } from '../support/world.js';

describe('a case', () => {
  crashKit({
    workflow: 'referral',
    begin: async (world) => {
      // What is frozen at issue is another policy for this one alone.
      const released = await underPolicyReleased(world, async () => await issueLate(world));
      const [automatic, held, overtaken] = [
        await issueLate(world),
        await issueLate(world),
        await issueLate(world),
      ];
      const spoilt = await issueLate(world);
      const life = async (directiveId: string, tell: (one: Case) => CrashLife | Promise<CrashLife>) =>
        await tell(await proposed(world, directiveId));
      return await Promise.all([
        life(automatic, byItself),
        life(released, byPerson),
        life(held, answered),
        life(overtaken, noLongerLate),
        life(spoilt, spoiled),
      ]);
    },
  });
});

interface Case {
  readonly world: World;
  readonly id: string;
  readonly directiveId: string;
  readonly assignmentId: string;
}

async function issueLate(world: World): Promise<string> {
  const directiveId = await issue(world, ['finance']);
  await issueBatch(world.engine, directiveId);
  return directiveId;
}

async function underPolicyReleased<T>(world: World, work: () => Promise<T>): Promise<T> {
  await world.sql(
    `insert into policy (id, version, body)
     select 'released', 1, jsonb_set(body || '{"id": "released"}', '{referral,release}', '"released"') from policy p
      where id = (select policy_id from working_group) on conflict do nothing`,
  );
  const [before] = await world.sql<{ policy_id: string }>('select policy_id from working_group');
  await world.sql("update working_group set policy_id = 'released'");
  try {
    return await work();
  } finally {
    await world.sql('update working_group set policy_id = $1', [before?.policy_id]);
  }
}

/** The unit of the directive stays silent until a case is proposed. */
async function proposed(world: World, directiveId: string): Promise<Case> {
  await until('the case is proposed', async () => {
    await conductDirective(world.engine, directiveId, await world.now());
    return (await referralOf(world, directiveId)) !== null;
  });
  const id = (await referralOf(world, directiveId))?.id ?? '';
  const [row] = await world.sql<{ assignment_id: string }>(
    'select assignment_id from referral where id = $1',
    [id],
  );
  return { world, id, directiveId, assignmentId: row?.assignment_id ?? '' };
}

interface Row {
  readonly state: string;
  readonly held: boolean;
  readonly steps: number;
}

async function rowOf({ world, id }: Case): Promise<Row> {
  const [row] = await world.sql<Row & Record<string, unknown>>(
    `select state, (body ->> 'held')::boolean as held,
            (select count(*)::int from step_taken where subject_id = referral.id) as steps from referral where id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`There is no case ${id}`);
  return row;
}

const told = (one: Case, types: readonly string[]) => async (): Promise<void> => {
  const events = await one.world.sql<{ type: string }>(
    'select type from event where subject_id = $1 order by seq',
    [one.id],
  );
  // Whether the clock to acknowledge ran out first depends on how quick the test is.
  expect(events.map(({ type }) => type).filter((type) => type !== 'step_taken')).toEqual(types);
};

const agency = ({ world }: Case, more = {}) => world.request(world.as('standing_agency'), more);

/** Goes to Home Affairs by itself, which lets its time to acknowledge pass. */
function byItself(one: Case): CrashLife {
  return {
    id: one.id,
    play: async () => {
      const { state, steps } = await rowOf(one);
      if (state === 'referred' && steps > 0) await settle(one.world, one.id);
    },
    check: told(one, ['proposed', 'referred', 'acknowledged', 'outcome_recorded']),
  };
}

/** Waits for the signed letter. */
function byPerson(one: Case): CrashLife {
  const document = { number: '5/TCT', date: '2025-01-06' };
  return {
    id: one.id,
    play: async () => {
      const { state } = await rowOf(one);
      const release = { action: 'release' as const, input: {} };
      if (state === 'awaiting_release')
        subjectOf(await executeReferral(one.world.engine, agency(one, { document }), one.id, release));
      if (state === 'referred') await settle(one.world, one.id);
    },
    check: told(one, ['proposed', 'release_awaited', 'referred', 'acknowledged', 'outcome_recorded']),
  };
}

/** The unit hands in late: held until that is confirmed, then with other facts and a new window. */
async function answered(one: Case): Promise<CrashLife> {
  const { world, assignmentId } = one;
  const submit = { action: 'submit' as const, input: { text: 'Xong' } };
  const unit = world.request(world.as('unit', 'finance'));
  subjectOf(await executeAssignments(world.engine, unit, [assignmentId], submit));
  return {
    id: one.id,
    play: async () => {
      const { state, held } = await rowOf(one);
      const [assignment] = await world.sql<{ state: string }>('select state from assignment where id = $1', [
        assignmentId,
      ]);
      const confirm = { action: 'confirm' as const, input: {} };
      if (held && assignment?.state === 'submitted')
        subjectOf(await executeAssignments(world.engine, agency(one), [assignmentId], confirm));
      if (state === 'referred') await settle(world, one.id);
    },
    check: told(one, [
      'proposed',
      'held',
      'unheld',
      'facts_renewed',
      'referred',
      'acknowledged',
      'outcome_recorded',
    ]),
  };
}

/** The deadline is adjusted within the window: Home Affairs never hears of it. */
async function noLongerLate(one: Case): Promise<CrashLife> {
  const adjust = {
    action: 'adjust_deadline' as const,
    input: { deadline: 'within 20 days', latenessStands: false, reason: 'Đổi tiến độ' },
  };
  subjectOf(await executeAssignments(one.world.engine, agency(one), [one.assignmentId], adjust));
  return { id: one.id, play: async () => undefined, check: told(one, ['proposed', 'withdrawn']) };
}

/** No decider can read it; set aside and mended, it is withdrawn by decision. */
async function spoiled(one: Case): Promise<CrashLife> {
  const { isSetAside, mend } = await poison(one.world, 'referral', one.id);
  return {
    id: one.id,
    play: async () => {
      if (!(await isSetAside())) return;
      await mend();
      const withdraw = { action: 'withdraw' as const, input: { reason: 'thử' } };
      subjectOf(await executeReferral(one.world.engine, agency(one), one.id, withdraw));
    },
    check: told(one, ['proposed', 'withdrawn']),
  };
}
