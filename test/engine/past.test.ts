import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addCalendarDays } from '../../src/domain/civil-date.js';
import type { DirectiveContent, DraftTask } from '../../src/domain/directive/draft.js';
import type { PastFact } from '../../src/domain/directive/past.js';
import { DEFAULT_POLICY } from '../../src/domain/policy.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { checkDirective, createDraft, issueDirective } from '../../src/engine/directives.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let world: World;
let today: string;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, DEFAULT_POLICY);
  today = new Date((await world.now()) + 7 * 3_600_000).toISOString().slice(0, 10);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

const day = (offset: number): string => addCalendarDays(today, offset);
const typed = (date: string): string => date.split('-').reverse().join('/');
const fact = (kind: PastFact['kind'], on: string, more: Partial<PastFact> = {}): PastFact => ({
  kind,
  on,
  unitId: null,
  document: null,
  to: null,
  note: null,
  ...more,
});

async function takenOver(tasks: readonly DraftTask[]): Promise<string> {
  const content: DirectiveContent = draftContent(tasks, { documentDate: day(-60) });
  const request = () => world.request(world.as('standing_agency'));
  const id = subjectOf(await createDraft(world.engine, request(), content));
  subjectOf(await issueDirective(world.engine, request(), id));
  for (let all = false; !all; ) {
    const { assigned, planned } = await issueBatch(world.engine, id);
    all = assigned >= planned;
  }
  return id;
}

async function pass(id: string): Promise<void> {
  for (let more = true; more; ) ({ more } = await conductDirective(world.engine, id, await world.now()));
}

const itemsOf = async (id: string): Promise<{ template: string; n: number }[]> =>
  await world.sql<{ template: string; n: number }>(
    'select template, count(*)::int as n from item where directive_id = $1 group by template order by template',
    [id],
  );

const underWay = (deadline: string, history: readonly PastFact[], more: Partial<DraftTask> = {}): DraftTask =>
  draftTask({
    leadUnitIds: Object.values(world.units),
    severalLeads: 'each_leads',
    deadline: { phrase: `trước ngày ${typed(deadline)}`, rule: null, past: null },
    history,
    ...more,
  });

test('500 assignments under way send nothing for the past, and the right reminder tomorrow', async () => {
  // Due in two days, so that the last reminder is owed tomorrow; the two before lie in the past.
  const history = [fact('acknowledged', day(-50)), fact('reported', day(-20))];
  const id = await takenOver(Array.from({ length: 100 }, () => underWay(day(2), history)));
  const [made] = await world.sql<{ n: number }>(
    'select count(*)::int as n from assignment where directive_id = $1',
    [id],
  );
  expect(made?.n).toBe(500);
  await pass(id);
  expect(await itemsOf(id)).toEqual([]);
  expect(await world.sql('select 1 from step_taken where directive_id = $1', [id])).toEqual([]);
  await world.skip(DAY_MS);
  await pass(id);
  expect(await itemsOf(id)).toEqual([{ template: 'reminder', n: 500 }]);
  const steps = await world.sql<{ step: string }>(
    'select distinct step from step_taken where directive_id = $1',
    [id],
  );
  expect(steps).toEqual([{ step: 'remind-1' }]);
  await world.skip(-DAY_MS);
  expect(await brokenInvariants(world)).toEqual([]);
});

test('the past keeps both instants, and is judged by its own deadlines', async () => {
  const document = { number: '15/QĐ', date: day(-30) };
  const lead = { leadUnitIds: [world.units.health] };
  const onTime = underWay(day(-40), [fact('submitted', day(-41)), fact('confirmed', day(-35))], lead);
  const late = underWay(day(-40), [fact('submitted', day(-38)), fact('confirmed', day(-35))], lead);
  const extended = underWay(
    day(-40),
    [
      fact('extended', day(-45), { to: `trước ngày ${typed(day(-20))}`, document }),
      fact('submitted', day(-25)),
    ],
    lead,
  );
  const overdue = underWay(day(-10), [fact('reported', day(-30))], lead);
  const id = await takenOver([onTime, late, extended, overdue]);
  const rows = await world.sql<{
    task_id: string;
    state: string;
    late: boolean | null;
    first: number;
    due: number;
    planned: string | null;
    at: number;
  }>(
    `select a.task_id, a.state, s.late, (extract(epoch from a.first_deadline_at) * 1000)::float8 as first,
            (extract(epoch from a.due_at) * 1000)::float8 as due, p.step as planned,
            (extract(epoch from p.due_at) * 1000)::float8 as at
       from assignment a join span s on s.assignment_id = a.id and s.ends_at is null
       left join planned_step p on p.subject_id = a.id where a.directive_id = $1`,
    [id],
  );
  const of = (task: DraftTask) => rows.find((row) => row.task_id === task.id);
  expect(of(onTime)).toMatchObject({ state: 'confirmed', late: false });
  expect(of(late)).toMatchObject({ state: 'confirmed', late: true });
  expect(of(extended)).toMatchObject({ state: 'submitted', late: false });
  expect((of(extended)?.due ?? 0) - (of(extended)?.first ?? 0)).toBe(20 * DAY_MS);
  // The confirmer's clock and the ladder of what is past count from today.
  expect(of(extended)?.planned).toMatch(/^confirmation:/);
  expect(of(extended)?.at).toBeGreaterThan(await world.now());
  expect(of(overdue)).toMatchObject({ state: 'in_progress', planned: 'urge' });
  expect(of(overdue)?.at).toBeGreaterThan(await world.now());
  await pass(id);
  expect(await itemsOf(id)).toEqual([]);
  const [event] = await world.sql<{ happened: string; recorded: boolean; document: unknown }>(
    `select (happened_at at time zone 'Asia/Ho_Chi_Minh')::date::text as happened, recorded_at > now() - interval '1 hour' as recorded,
            document from event where directive_id = $1 and type = 'extension_decided'`,
    [id],
  );
  expect(event).toEqual({ happened: day(-45), recorded: true, document });
  // What counted as open then, by what is known now.
  const asOf = `${day(-39)}T12:00:00+07:00`;
  const [then] = await world.sql<{ n: number }>(
    `select count(*)::int as n from span where directive_id = $1 and starts_at <= $2 and (ends_at is null or ends_at > $2)
        and class in ('open', 'awaiting')`,
    [id, asOf],
  );
  expect(then?.n).toBe(4);
  expect(await brokenInvariants(world)).toEqual([]);
});

test('a past that cannot have been so is refused by the gate, row by row', async () => {
  const lead = { leadUnitIds: [world.units.health] };
  const tasks = [
    underWay(day(30), [fact('submitted', day(-5)), fact('confirmed', day(-6))], lead),
    underWay(day(30), [fact('reported', day(2))], lead),
    underWay(day(30), [fact('confirmed', day(-5))], lead),
    underWay(day(30), [fact('acknowledged', day(-90))], lead),
    underWay(day(30), [fact('acknowledged', day(-9)), fact('reported', day(-5))], lead),
  ];
  const content = draftContent(tasks, { documentDate: day(-60) });
  const agency = world.as('standing_agency');
  const id = subjectOf(await createDraft(world.engine, world.request(agency), content));
  const report = await checkDirective(world.engine, agency, id);
  if ('refused' in report) throw new Error(report.detail.en);
  expect(report.rows.map(({ findings }) => findings.map(({ detail }) => detail.en).join(' '))).toEqual([
    expect.stringContaining('before the result was submitted'),
    expect.stringContaining('dated in the future'),
    expect.stringContaining('no day of the submission'),
    expect.stringContaining('before the document that gave the work'),
    '',
  ]);
});
