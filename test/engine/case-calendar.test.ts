import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Calendar } from '../../src/domain/calendar.js';
import { addWorkingDays } from '../../src/domain/calendar.js';
import { DAY, HOUR } from '../../src/domain/instant.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { workOnEdits } from '../../src/engine/calendar-sweep.js';
import { createCalendar, editDays, useCalendar } from '../../src/engine/calendars.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { dailyRegime, dateOf, EVERY_DAY } from '../support/reporting.js';
import { assignmentOf, issue, referralOf, STORY_POLICY, submitAndConfirm } from '../support/story.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

const POLICY: DirectivePolicy = {
  ...STORY_POLICY,
  ladder: STORY_POLICY.ladder.map((rung) =>
    rung.kind === 'referral' ? { ...rung, offset: { value: 1, unit: 'wd' } } : rung,
  ),
  clocks: { ...STORY_POLICY.clocks, causeAnswer: { value: 5, unit: 'wd' } },
  referral: {
    ...STORY_POLICY.referral,
    objectionWindow: { value: 5, unit: 'wd' },
    decision: { value: 5, unit: 'wd' },
    acknowledge: { value: 5, unit: 'wd' },
  },
};
const WHY = { reason: 'Nghỉ do bão', source: '11/CĐ-UBND' };

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, POLICY, undefined, { calendar: EVERY_DAY });
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

type Unit = keyof World['units'];
const admin = () => world.request(world.as('administrator'));
const inDays = async (n: number): Promise<string> => dateOf((await world.now()) + n * DAY);

interface Change {
  readonly off?: readonly string[];
  readonly remove?: readonly string[];
}

async function edit(id: string, change: Change): Promise<void> {
  await announce(id, change);
  await sweep();
}

async function sweep(): Promise<void> {
  while (await workOnEdits(world.engine));
}

async function announce(id: string, change: Change): Promise<void> {
  const [calendar] = await world.sql<{ version: number }>(
    'select max(version) as version from calendar where id = $1',
    [id],
  );
  const days = (change.off ?? []).map((date) => ({
    ...{ date, kind: 'holiday' as const, name: WHY.reason, source: WHY.source },
    ...{ intervals: [], provisional: false },
  }));
  subjectOf(
    await editDays(
      world.engine,
      admin(),
      id,
      { days, remove: change.remove ?? [], years: [], ...WHY },
      calendar?.version ?? 0,
    ),
  );
}

async function referred(...units: readonly Unit[]): Promise<string> {
  const id = await issue(world, units, 'within 2 hours');
  await issueBatch(world.engine, id);
  await world.skip(3 * DAY);
  await conductDirective(world.engine, id, Number.MAX_SAFE_INTEGER);
  return id;
}

/** Work that was handed in hours late, and confirmed. */
async function doneLate(unit: Unit): Promise<{ directiveId: string; id: string }> {
  const directiveId = await issue(world, [unit], 'within 1 second');
  await issueBatch(world.engine, directiveId);
  await world.skip(3 * HOUR);
  const { id = '' } = (await assignmentOf(world, directiveId, unit)) ?? {};
  await submitAndConfirm(world, id, unit);
  return { directiveId, id };
}

interface CaseRow {
  readonly state: string;
  readonly window: number;
  readonly planned: number | null;
  readonly events: string[];
}

async function look(id: string): Promise<CaseRow> {
  const [row] = await world.sql<CaseRow & Record<string, unknown>>(
    `select state, (body ->> 'windowEndsAt')::float8 as window,
            (select extract(epoch from due_at) * 1000 from planned_step where subject_id = r.id)::float8 as planned,
            array(select type from event where subject_id = r.id order by seq) as events
       from referral r where id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`No case ${id}`);
  return row;
}

const idOf = async (directiveId: string, unit: Unit): Promise<string> =>
  (await referralOf(world, directiveId, unit))?.id ?? '';

const told = async (id: string): Promise<string[]> =>
  (
    await world.sql<{ template: string }>(
      "select template from item where referral_id = $1 and template like 'objection_window%' order by 1",
      [id],
    )
  ).map(({ template }) => template);

describe('the time to object in a case of an assignment', () => {
  test('follows a day off, with the planned step, and the unit is told; also of what has ended under a closed directive', async () => {
    const directiveId = await referred('justice', 'health');
    for (const unit of ['health', 'justice'] as const) {
      const found = await assignmentOf(world, directiveId, unit);
      await submitAndConfirm(world, found?.id ?? '', unit);
    }
    await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
    const [directive] = await world.sql<{ state: string }>('select state from directive where id = $1', [
      directiveId,
    ]);
    expect(directive?.state).toBe('closed');
    const id = await idOf(directiveId, 'justice');
    // The result that came is a new fact, and its window begins again.
    await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
    const before = await look(id);
    expect(before.state).toBe('proposed');
    await edit('every-day', { off: [await inDays(2)] });
    const after = await look(id);
    expect(after.window).toBe(before.window + DAY);
    expect(after.planned).toBe(after.window);
    expect(after.events).toEqual([...before.events, 'calendar_changed']);
    expect(await told(id)).toEqual(['objection_window_counted_again']);
    const [text] = await world.sql<{ text: unknown }>(
      "select text from event e where subject_id = $1 and type = 'calendar_changed'",
      [id],
    );
    expect(text?.text).toMatchObject(WHY);
  });

  test('stays where the day is taken back, and so does the time to decide on what was objected', async () => {
    const directiveId = await referred('finance', 'health');
    const storm = await inDays(1);
    await edit('every-day', { off: [storm] });
    const [objecting, silent] = [await idOf(directiveId, 'finance'), await idOf(directiveId, 'health')];
    const unit = world.request(world.as('unit', 'finance'));
    subjectOf(
      await executeReferral(world.engine, unit, objecting, { action: 'object', input: { text: 'Bão' } }),
    );
    const before = [await look(objecting), await look(silent)];
    await edit('every-day', { remove: [storm] });
    const after = [await look(objecting), await look(silent)];
    expect(after.map(({ planned }) => planned)).toEqual(before.map(({ planned }) => planned));
    // Only what was told is kept in mind: of the other nothing was to be recorded.
    expect(after[0]?.events.at(-1)).toBe('calendar_changed');
    expect(after[1]?.events).toEqual(before[1]?.events);
    // Whatever plans it again finds the same.
    await conductReferral(world.engine, objecting, Number.MAX_SAFE_INTEGER);
    expect((await look(objecting)).planned).toBe(before[0]?.planned);
  });

  test('of a unit with a calendar of its own is counted by that, and what the offices owe by the common one', async () => {
    const own = { id: 'own-days', basedOn: 'every-day', ...WHY };
    const made = await createCalendar(world.engine, admin(), own);
    if ('refused' in made) throw new Error(made.detail.en);
    const use = await useCalendar(
      world.engine,
      admin(),
      'own-days',
      { unitId: world.units.justice, ...WHY },
      true,
    );
    if ('refused' in use) throw new Error(use.detail.en);
    await sweep();
    const directiveId = await referred('justice', 'finance');
    const ids = [await idOf(directiveId, 'justice'), await idOf(directiveId, 'finance')];
    const before = await Promise.all(ids.map(look));
    await edit('own-days', { off: [await inDays(1)] });
    const after = await Promise.all(ids.map(look));
    expect(after.map(({ window }, i) => window - (before[i]?.window ?? 0))).toEqual([DAY, 0]);
  });
});

describe('a case', () => {
  test('is not sent while an edit waits that may give its unit more time', async () => {
    const directiveId = await referred('finance');
    const id = await idOf(directiveId, 'finance');
    const before = await look(id);
    await announce('every-day', { off: [dateOf(before.window)] });
    await world.skip(before.window - (await world.now()) + HOUR);
    const pass = await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
    expect(pass).toMatchObject({ ended: false, taken: 0, nextInMs: 60_000 });
    await sweep();
    await conductReferral(world.engine, id, Number.MAX_SAFE_INTEGER);
    expect(await look(id)).toMatchObject({ state: 'proposed', window: before.window + DAY });
  });

  test('whose rung would not have been taken by now is withdrawn, and proposed anew when it is due', async () => {
    const directiveId = await referred('health');
    const id = await idOf(directiveId, 'health');
    const { id: assignmentId = '' } = (await assignmentOf(world, directiveId, 'health')) ?? {};
    const [due] = await world.sql<{ at: number }>(
      'select extract(epoch from due_at)::float8 * 1000 as at from assignment where id = $1',
      [assignmentId],
    );
    const days = [1, 2, 3, 4].map((n) => dateOf((due?.at ?? 0) + n * DAY));
    await edit('every-day', { off: days });
    expect(await look(id)).toMatchObject({ state: 'withdrawn', planned: null });
    const [reason] = await world.sql<{ reason: string }>(
      "select data ->> 'reason' as reason from event where subject_id = $1 and type = 'withdrawn'",
      [id],
    );
    expect(reason?.reason).toBe('too_early');
    await world.skip(4 * DAY);
    await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
    const states = await world.sql<{ state: string }>(
      'select state from referral where assignment_id = $1 order by id',
      [assignmentId],
    );
    expect(states.map(({ state }) => state)).toEqual(['withdrawn', 'proposed']);
  });
});

test('an office under a directive that has closed counts by the calendar of today', async () => {
  const { directiveId } = await doneLate('finance');
  await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
  await edit('every-day', { off: [await inDays(1), await inDays(2)] });
  const versions = await world.sql<{ version: number; latest: number }>(
    `select calendar_version as version, (select max(version) from calendar where id = calendar_id) as latest
       from directive where id = $1 and state = 'closed'`,
    [directiveId],
  );
  expect(versions).toHaveLength(1);
  expect(versions[0]?.version).toBe(versions[0]?.latest);
});

test('a cause that is stated for work that has ended is decided no earlier than was told, whatever calendar the unit has', async () => {
  const { directiveId, id } = await doneLate('justice');
  const storm = await inDays(1);
  await edit('every-day', { off: [storm] });
  const cause = { cause: 'data', objective: true, text: 'Chưa có dữ liệu' } as const;
  const unit = world.request(world.as('unit', 'justice'));
  subjectOf(await executeAssignments(world.engine, unit, [id], { action: 'state_cause', input: cause }));
  const planned = async (): Promise<unknown> =>
    await world.sql('select step, due_at from planned_step where subject_id = $1', [id]);
  const before = await planned();
  expect(before).toHaveLength(1);
  await edit('every-day', { remove: [storm] });
  await conductDirective(world.engine, directiveId, Number.MAX_SAFE_INTEGER);
  expect(await planned()).toEqual(before);
  const [state] = await world.sql<{ kept: { step: string }[] }>(
    "select body -> 'notBefore' as kept from assignment where id = $1",
    [id],
  );
  expect(state?.kept.map(({ step }) => step.split(':')[0])).toContain('cause');
});

describe('the time to object in a case of late reporting', () => {
  test('follows the calendar of its regime; one that cannot be written is left aside, and has its due by the next edit', async () => {
    const regimeId = await dailyRegime(world, ['health', 'finance']);
    for (let days = 0; days < 6; days += 1) {
      while ((await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER)).taken > 0);
      await world.skip(DAY);
    }
    const found = await world.sql<{ id: string; at: number }>(
      "select id, (body ->> 'proposedAt')::float8 as at from referral where regime_id = $1 order by id",
      [regimeId],
    );
    const [first = '', second = ''] = found.map(({ id }) => id);
    const { window, ...before } = await look(first);
    const [latest] = await world.sql<{ body: Calendar }>(
      "select body from calendar where id = 'every-day' order by version desc limit 1",
    );
    expect(window).toBe(addWorkingDays(latest?.body ?? EVERY_DAY, found[0]?.at ?? 0, 5));
    await world.sql(
      `create function poison() returns trigger language plpgsql as
         'begin raise exception ''poisoned'' using errcode = ''22000''; end'`,
    );
    await world.sql(
      `create trigger poison before insert on event for each row when (new.subject_id = '${first}') execute function poison()`,
    );
    await edit('every-day', { off: [dateOf(window)] });
    await world.sql('drop function poison cascade');
    const [stand] = await world.sql<{ aside: number; done: boolean }>(
      'select set_aside as aside, done_at is not null as done from calendar_edit order by recorded_at desc limit 1',
    );
    expect(stand).toEqual({ aside: 1, done: true });
    expect(await look(first)).toEqual({ ...before, window });
    expect(await look(second)).toMatchObject({ window: window + DAY, planned: window + DAY });
    await edit('every-day', { off: [dateOf(window + DAY)] });
    for (const id of [first, second]) {
      expect(await look(id)).toMatchObject({ state: 'proposed', window: window + 2 * DAY });
    }
    expect(await told(first)).toEqual(['objection_window_counted_again']);
  });
});
