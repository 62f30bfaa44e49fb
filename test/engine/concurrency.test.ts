import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dueSubjects, setAside } from '../../src/db/step-store.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { replanAll } from '../../src/engine/replan.js';
import type { Outcome } from '../../src/engine/request.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { holding, untilWaiting } from '../support/locks.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

async function issued(
  count: number,
  phrase = 'within 10 minutes',
): Promise<{ directiveId: string; ids: string[] }> {
  const agency = world.as('standing_agency');
  const tasks = Array.from({ length: count }, () =>
    draftTask({ leadUnitIds: [world.units.health], deadline: { phrase, rule: null, past: null } }),
  );
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  const rows = await world.sql<{ id: string }>(
    'select id from assignment where directive_id = $1 order by id',
    [directiveId],
  );
  return { directiveId, ids: rows.map((row) => row.id) };
}

const codeOf = (outcome: Outcome): string => ('refused' in outcome ? outcome.code : 'done');
const tally = (outcomes: readonly Outcome[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[codeOf(outcome)] = (counts[codeOf(outcome)] ?? 0) + 1;
  return counts;
};
const submit = (id: string, arrived = performance.now()): Promise<Outcome> =>
  executeAssignments(world.engine, { actor: world.as('unit', 'health'), arrived }, [id], {
    action: 'submit',
    input: { text: 'Xong' },
  });

describe('many at once', () => {
  test('of 50 callers on one assignment one submits and 49 are refused by the state', async () => {
    const { ids } = await issued(1);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => submit(ids[0] ?? '')));
    expect(tally(outcomes)).toEqual({ done: 1, transition_not_allowed: 49 });
  });

  test('50 requests with one key have one effect, and each is told the same or that it is in flight', async () => {
    const { ids } = await issued(1);
    const caller = world.as('unit', 'health').personId;
    const idempotency = { caller, route: 'submit', key: 'k-1', fingerprint: Buffer.from('same') };
    const ask = (key = idempotency): Promise<Outcome> =>
      executeAssignments(world.engine, world.request(world.as('unit', 'health'), { idempotency: key }), ids, {
        action: 'submit',
        input: { text: 'Xong' },
      });
    const counts = tally(await Promise.all(Array.from({ length: 50 }, () => ask())));
    expect((counts.done ?? 0) + (counts.idempotency_in_flight ?? 0)).toBe(50);
    expect(counts.done).toBeGreaterThanOrEqual(1);
    const events = await world.sql("select 1 from event where subject_id = $1 and type = 'submitted'", [
      ids[0],
    ]);
    expect(events).toHaveLength(1);
    expect(await ask()).toMatchObject({ status: 200, subjectId: ids[0], repeated: true });
    expect(codeOf(await ask({ ...idempotency, fingerprint: Buffer.from('other') }))).toBe(
      'idempotency_key_reused',
    );
  });

  test('two conductors on the same batch take each step once', async () => {
    const { directiveId, ids } = await issued(40);
    await world.skip(14 * 60_000);
    const now = await world.now();
    await Promise.all(Array.from({ length: 4 }, () => conductDirective(world.engine, directiveId, now)));
    const steps = await world.sql<{ n: number }>(
      'select count(*)::int as n from step_taken where directive_id = $1',
      [directiveId],
    );
    expect(steps[0]?.n).toBe(ids.length * 4);
    const referrals = await world.sql<{ n: number }>(
      'select count(*)::int as n from referral where directive_id = $1',
      [directiveId],
    );
    expect(referrals[0]?.n).toBe(ids.length);
  });

  test('the last two assignments confirmed at the same moment close the directive once', async () => {
    const { directiveId, ids } = await issued(2);
    for (const id of ids) subjectOf(await submit(id));
    const agency = world.as('standing_agency');
    await Promise.all(
      ids.map((id) =>
        executeAssignments(world.engine, world.request(agency), [id], { action: 'confirm', input: {} }),
      ),
    );
    const wakes = await world.sql("select 1 from wake where conductor_id = $1 and reason = 'ended'", [
      directiveId,
    ]);
    expect(wakes).toHaveLength(2);
    const passes = await Promise.all(
      [1, 2].map(() => conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER)),
    );
    expect(passes.map((pass) => pass.ended)).toEqual([true, true]);
    const closed = await world.sql("select 1 from event where subject_id = $1 and type = 'closed'", [
      directiveId,
    ]);
    expect(closed).toHaveLength(1);
  });
});

describe('a submission racing the deadline step for the lock of its assignment', () => {
  const races = [
    { first: 'submission', received: 'before', late: false, urged: [] },
    { first: 'submission', received: 'after', late: true, urged: [] },
    { first: 'step', received: 'before', late: false, urged: [{ step: 'urge', voided: true }] },
    { first: 'step', received: 'after', late: true, urged: [{ step: 'urge', voided: false }] },
  ] as const;

  test.each(races)(
    'the $first gets it first, the submission was received $received the deadline',
    async ({ first, received, late, urged }) => {
      const { directiveId, ids } = await issued(1);
      const [id = ''] = ids;
      await world.skip(11 * 60_000 + 1_000);
      // Received before: it had waited in a queue for the time by which the clock was moved.
      const arrived = performance.now() - (received === 'before' ? 11 * 60_000 + 1_000 : 0);
      const now = await world.now();
      const racers = {
        submission: async () => {
          subjectOf(await submit(id, arrived));
        },
        step: async () => {
          await conductDirective(world.engine, directiveId, now);
        },
      };
      const running: Promise<void>[] = [];
      await holding(world, async (other) => {
        await other.query('select 1 from assignment where id = $1 for update', [id]);
        running.push(racers[first]());
        await untilWaiting(world, 1);
        running.push(racers[first === 'step' ? 'submission' : 'step']());
        await untilWaiting(world, 2);
      });
      await Promise.all(running);
      const [row] = await world.sql<{ late: boolean }>(
        "select (body -> 'submission' ->> 'late')::boolean as late from assignment where id = $1",
        [id],
      );
      expect(row?.late).toBe(late);
      const steps = await world.sql(
        `select step, voided_at is not null as voided from step_taken where assignment_id = $1 and kind = 'urge'`,
        [id],
      );
      expect(steps).toEqual(urged);
    },
  );
});

describe('a step', () => {
  test('is judged when it was found due and recorded when its lock was held, however long that took', async () => {
    const { directiveId, ids } = await issued(1);
    await world.skip(11 * 60_000 + 1_000);
    const before = await world.now();
    let pass = Promise.resolve<unknown>(null);
    const released = await holding(world, async (other) => {
      await other.query('select 1 from assignment where id = $1 for update', [ids[0]]);
      pass = conductDirective(world.engine, directiveId, before);
      await untilWaiting(world, 1);
      return await world.now();
    });
    await pass;
    const [event] = await world.sql<{ received_at: number; recorded_at: number }>(
      "select received_at, recorded_at from event where subject_id = $1 and type = 'step_taken' order by seq desc limit 1",
      [ids[0]],
    );
    expect(event?.received_at).toBeLessThanOrEqual(released);
    expect(event?.recorded_at).toBeGreaterThanOrEqual(Math.floor(released));
  });
});

describe('a pass', () => {
  test('tells of a full batch at once, and counts what it recorded, not whom it looked at', async () => {
    const { directiveId, ids } = await issued(3);
    let told = 0;
    const engine = {
      ...world.engine,
      limits: { ...world.engine.limits, stepBatch: 2 },
      notify: () => {
        told += 1;
      },
    };
    const pass = () => conductDirective(engine, directiveId, Number.MAX_SAFE_INTEGER);
    await world.skip(14 * 60_000);
    // Each of them slept through its whole ladder.
    expect(await pass()).toMatchObject({ taken: 2 * 4, more: true });
    expect(told).toBe(1);
    expect(await pass()).toMatchObject({ taken: 4, more: false });
    // A planned step that nothing is owed for is put right, and is no step.
    await world.sql('update planned_step set due_at = app_now() where subject_id = $1', [ids[0]]);
    expect(await pass()).toMatchObject({ taken: 0, more: false, poisoned: 0 });
    expect(told).toBe(3);
  });
});

describe('wakes', () => {
  test('a command that plans an earlier step while the conductor arms is seen by it or leaves a wake', async () => {
    const agency = world.as('standing_agency');
    for (let round = 0; round < 25; round += 1) {
      const { directiveId, ids } = await issued(1, 'within 20 days');
      await world.sql('delete from wake where conductor_id = $1', [directiveId]);
      await Promise.all([
        conductDirective(world.engine, directiveId, await world.now()),
        executeAssignments(world.engine, world.request(agency), ids, {
          action: 'adjust_deadline',
          input: { deadline: 'within 5 minutes', latenessStands: false, reason: 'gấp' },
        }).then(subjectOf),
      ]);
      const [row] = await world.sql<{ sound: boolean }>(
        `select (select min(due_at) from planned_step where conductor_id = d.id) >= d.armed_at
                or exists (select from wake where conductor_id = d.id) as sound from directive d where d.id = $1`,
        [directiveId],
      );
      expect(row?.sound).toBe(true);
    }
  });

  test('an ordinary command that plans nothing earlier leaves no wake', async () => {
    const { directiveId, ids } = await issued(1);
    await conductDirective(world.engine, directiveId, await world.now());
    await world.sql('delete from wake where conductor_id = $1', [directiveId]);
    const unit = world.as('unit', 'health');
    subjectOf(
      await executeAssignments(world.engine, world.request(unit), ids, {
        action: 'report',
        input: { text: 'Đang làm' },
      }),
    );
    expect(await world.sql('select 1 from wake where conductor_id = $1', [directiveId])).toEqual([]);
  });
});

describe('a poisoned subject', () => {
  test('is set aside with its error while the others of its batch are taken', async () => {
    const { directiveId, ids } = await issued(3);
    const [poisoned] = ids;
    await world.sql("update assignment set body = jsonb_set(body, '{matters}', 'null') where id = $1", [
      poisoned,
    ]);
    await world.skip(11 * 60_000 + 1_000);
    const pass = await conductDirective(world.engine, directiveId, await world.now());
    expect(pass.poisoned).toBe(1);
    const [aside] = await world.sql<{ error: string }>(
      'select error from planned_step where subject_id = $1',
      [poisoned],
    );
    expect(aside?.error).toContain('TypeError');
    const steps = await world.sql<{ n: number }>(
      "select count(*)::int as n from step_taken where directive_id = $1 and kind = 'urge'",
      [directiveId],
    );
    expect(steps[0]?.n).toBe(2);
    await world.sql("update assignment set body = jsonb_set(body, '{matters}', '[]') where id = $1", [
      poisoned,
    ]);
    subjectOf(
      await executeAssignments(world.engine, world.request(world.as('unit', 'health')), [poisoned ?? ''], {
        action: 'report',
        input: { text: 'Lại chạy' },
      }),
    );
    expect(
      await world.sql('select 1 from planned_step where subject_id = $1 and set_aside_at is not null', [
        poisoned,
      ]),
    ).toEqual([]);
  });
});

describe('an assignment that cannot be made', () => {
  test('lets those before it be made and their steps be taken, is counted as set aside, and is made once mended', async () => {
    const agency = world.request(world.as('standing_agency'));
    const deadline = { phrase: 'within 10 minutes', rule: null, past: null };
    const { health, justice, finance } = world.units;
    const tasks = [health, justice, finance].map((unit) => draftTask({ leadUnitIds: [unit], deadline }));
    const id = subjectOf(await createDraft(world.engine, agency, draftContent(tasks)));
    subjectOf(await issueDirective(world.engine, agency, id));
    const setCoordinating = async (value: string): Promise<unknown> =>
      await world.sql(
        `update directive_version set content = jsonb_set(content, '{tasks,1,coordinating}', $2::jsonb)
          where directive_id = $1`,
        [id, value],
      );
    await setCoordinating('null');
    expect(await issueBatch(world.engine, id)).toMatchObject({ made: 1, assigned: 1, planned: 3 });
    expect(await issueBatch(world.engine, id)).toMatchObject({ made: 0, stuck: true, assigned: 1 });
    await world.skip(11 * 60_000 + 1_000);
    const pass = async () => await conductDirective(world.engine, id, await world.now());
    expect(await pass()).toMatchObject({ taken: 2, more: false, poisoned: 1, ended: false });
    // It looks again at the next step or after a quarter of an hour, whatever comes first.
    expect((await pass()).nextInMs).toBeLessThanOrEqual(15 * 60_000);
    const urged = await world.sql('select 1 from step_taken where directive_id = $1 and kind = $2', [
      id,
      'urge',
    ]);
    expect(urged).toHaveLength(1);
    await setCoordinating('[]');
    expect(await pass()).toMatchObject({ taken: 2, more: true });
    const made = await world.sql('select 1 from assignment where directive_id = $1', [id]);
    expect(made).toHaveLength(3);
  });
});

describe('what failed', () => {
  test('is set aside only where nothing else has been planned meanwhile', async () => {
    const { directiveId, ids } = await issued(1);
    const conductor = { kind: 'directive' as const, id: directiveId };
    const inAYear = (await world.now()) + 366 * 86_400_000;
    const [failed] = await dueSubjects(world.engine.writer, conductor, inAYear, 10);
    const aside = async () =>
      await world.sql('select 1 from planned_step where conductor_id = $1 and set_aside_at is not null', [
        directiveId,
      ]);
    if (failed === undefined) throw new Error('Nothing is planned');
    const submit = { action: 'submit' as const, input: { text: 'Xong' } };
    subjectOf(await executeAssignments(world.engine, world.request(world.as('unit', 'health')), ids, submit));
    await setAside(world.engine.writer, failed, 'late news');
    expect(await aside()).toEqual([]);
    const [next] = await dueSubjects(world.engine.writer, conductor, inAYear, 10);
    if (next === undefined) throw new Error('Nothing is planned');
    await setAside(world.engine.writer, next, 'its own');
    expect(await aside()).toHaveLength(1);
  });
});

describe('planning again', () => {
  test('puts lost and wrong planned steps right, gives what was set aside another try, and leaves a wake', async () => {
    const { directiveId, ids } = await issued(3);
    await conductDirective(world.engine, directiveId, await world.now());
    const planned =
      'select subject_id, step, due_at, set_aside_at from planned_step where conductor_id = $1 order by subject_id';
    const sound = await world.sql(planned, [directiveId]);
    await world.sql('delete from planned_step where subject_id = $1', [ids[0]]);
    await world.sql("update planned_step set due_at = due_at + interval '1 year' where subject_id = $1", [
      ids[1],
    ]);
    await world.sql("update planned_step set set_aside_at = now(), error = 'x' where subject_id = $1", [
      ids[2],
    ]);
    await conductDirective(world.engine, directiveId, await world.now());
    await world.sql('delete from wake where conductor_id = $1', [directiveId]);
    expect(await replanAll(world.engine)).toBeGreaterThanOrEqual(3);
    expect(await world.sql(planned, [directiveId])).toEqual(sound);
    expect(await world.sql('select 1 from wake where conductor_id = $1', [directiveId])).toHaveLength(1);
  });
});
