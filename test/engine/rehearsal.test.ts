import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../src/domain/calendars/office-hours.js';
import { isRefusal } from '../../src/domain/errors.js';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { issueBatch } from '../../src/engine/issue.js';
import { rehearseDirective } from '../../src/engine/rehearsal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, DEFAULT_POLICY, undefined, { calendar: OFFICE_HOURS });
  await world.skip(Date.parse('2026-10-05T09:00:00+07:00') - (await world.now()));
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
  await database.drop();
});

const REQUEST = { issueAt: null, mostPerWeek: 5, unitId: null, taskId: null };
const due = (phrase: string) => ({ phrase, rule: null, past: null });

interface Planned extends Record<string, unknown> {
  readonly conductor_kind: string;
  readonly conductor_id: string;
  readonly due: number;
}

/** Time is skipped to each planned step and its conductor passes, until nothing is planned any more. */
async function liveThrough(): Promise<void> {
  for (let passes = 0; passes < 200; passes += 1) {
    const [next] = await world.sql<Planned>(
      `select conductor_kind, conductor_id, (extract(epoch from due_at) * 1000)::float8 as due
         from planned_step order by due_at limit 1`,
    );
    if (next === undefined) return;
    await world.skip(Math.max(0, next.due - (await world.now())) + 1);
    const conduct = next.conductor_kind === 'directive' ? conductDirective : conductReferral;
    await conduct(world.engine, next.conductor_id, await world.now());
  }
  throw new Error('The record never comes to rest');
}

test('what the rehearsal shows is what the real record then takes, at the same instants and towards the same offices', async () => {
  const agency = world.as('standing_agency');
  const tasks = [
    draftTask({ leadUnitIds: [world.units.health], deadline: due('trước ngày 30/10/2026') }),
    draftTask({ leadUnitIds: [world.units.justice], deadline: due('within 5 working days') }),
    // In Tết, and led by the two offices that may not decide in their own cause.
    draftTask({ leadUnitIds: [world.units.agency], deadline: due('trước ngày 08/02/2027') }),
    draftTask({ leadUnitIds: [world.units.affairs], deadline: due('trước ngày 31/12/2026') }),
    draftTask({ leadUnitIds: [], keepUnclear: true }),
  ];
  const id = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  const rehearsal = await rehearseDirective(world.engine, agency, id, REQUEST);
  if (isRefusal(rehearsal)) throw new Error(rehearsal.detail.en);
  expect(rehearsal.warnings.map(({ code }) => code)).toEqual(['deadline_on_holiday', 'deadline_provisional']);
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  await issueBatch(world.engine, id);
  await liveThrough();

  const minute = (at: number): string => new Date(Math.floor(at / 60_000) * 60_000).toISOString();
  const rehearsed = rehearsal.silent
    .filter(({ kind }) => kind !== 'case')
    .flatMap(({ step, at, to, assignments }) =>
      Array.from(
        { length: Math.max(1, assignments) },
        () => `${minute(at)} ${step.split(':')[0]} ${to.join(',')}`,
      ),
    );
  const rows = await world.sql<{ step: string; planned: number; recipients: string[] }>(
    `select step, (extract(epoch from planned_at) * 1000)::float8 as planned, recipients from step_taken`,
  );
  const taken = rows.map(
    ({ step, planned, recipients }) => `${minute(planned)} ${step.split(':')[0]} ${recipients.join(',')}`,
  );
  expect(taken.length).toBeGreaterThan(30);
  expect(taken.sort()).toEqual(rehearsed.sort());

  const cases = await world.sql<{ referred: number }>(
    'select (extract(epoch from referred_at) * 1000)::float8 as referred from referral',
  );
  const referred = rehearsal.silent.filter(({ step }) => step === 'referred');
  expect(cases.map(({ referred: at }) => minute(at)).sort()).toEqual(
    referred.flatMap(({ at, assignments }) => Array.from({ length: assignments }, () => minute(at))).sort(),
  );
  expect(isRefusal(await rehearseDirective(world.engine, agency, id, REQUEST))).toBe(true);
});
