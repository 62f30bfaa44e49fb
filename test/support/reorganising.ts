import { v7 as uuidv7 } from 'uuid';
import { ALWAYS_OPEN, localDate } from '../../src/domain/calendar.js';
import type { ReorganisationPlan } from '../../src/domain/reorganisation/plan.js';
import type { Pass } from '../../src/engine/conduct.js';
import { conductReorganisation } from '../../src/engine/conduct-reorganisation.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { issueBatch } from '../../src/engine/issue.js';
import { planReorganisation } from '../../src/engine/reorganisations.js';
import type { Outcome } from '../../src/engine/request.js';
import { draftContent, draftTask, subjectOf, type World } from './world.js';

const DAY = 86_400_000;
export const ORIGIN = { address: null, agent: null };

/** A unit of its own for a test that ends it. */
export async function newUnit(world: World, name = 'Phòng cũ'): Promise<string> {
  const id = uuidv7();
  await world.sql(
    "insert into unit (id, code, name, group_code, email) values ($1::uuid, $1::text, $2, 'office', 'unit@example.vn')",
    [id, name],
  );
  return id;
}

/** The local day so many days from now. */
export const dayFromNow = async (world: World, days: number): Promise<string> =>
  localDate(ALWAYS_OPEN, (await world.now()) + days * DAY);

/** One directive whose tasks are led by these units, each task by all of its own; answers with the assignments. */
export async function given(
  world: World,
  tasks: readonly (readonly string[])[],
  phrase = 'within 30 days',
): Promise<string[]> {
  const request = () => world.request(world.as('standing_agency'));
  const content = draftContent(
    tasks.map((units) =>
      draftTask({
        leadUnitIds: units,
        severalLeads: units.length > 1 ? 'each_leads' : null,
        deadline: { phrase, rule: null, past: null },
      }),
    ),
  );
  const id = subjectOf(await createDraft(world.engine, request(), content));
  subjectOf(await issueDirective(world.engine, request(), id));
  await issueBatch(world.engine, id);
  const rows = await world.sql<{ id: string }>(
    'select id from assignment where directive_id = $1 order by id',
    [id],
  );
  return rows.map((row) => row.id);
}

/** What an administrator plans, from today on unless the test says otherwise. */
export async function plan(world: World, over: Partial<ReorganisationPlan>): Promise<Outcome> {
  const day = await dayFromNow(world, 0);
  return await planReorganisation(
    world.engine,
    world.request(world.as('administrator')),
    {
      ...{
        kind: 'merge',
        effectiveOn: day,
        document: { number: '9/NQ', date: day },
        reason: 'Sắp xếp bộ máy',
      },
      ...{ fromUnitIds: [], toUnitIds: [], caretakerId: null, newName: null, newNameEn: null },
      ...over,
    },
    ORIGIN,
  );
}

/** Open and ended assignments of some units, as the record has them. */
export async function ledBy(
  world: World,
  unitIds: readonly string[],
): Promise<{ unit_id: string; state: string; how: string | null; caretaker: boolean }[]> {
  return await world.sql(
    `select a.unit_id, a.state, e.data ->> 'how' as how, coalesce((a.body ->> 'caretaker')::boolean, false) as caretaker
       from assignment a left join event e on e.subject_id = a.id and e.type = 'superseded'
      where a.unit_id = any($1::uuid[]) order by a.id`,
    [unitIds],
  );
}

/** The clock of a process that may take whatever is due. */
export const EVER = Number.MAX_SAFE_INTEGER;

/** The passes of a reorganisation until it rests. */
export async function restOf(world: World, id: string): Promise<Pass> {
  for (let passes = 0; passes < 20; passes += 1) {
    const pass = await conductReorganisation(world.engine, id, EVER);
    if (!pass.more) return pass;
  }
  throw new Error('The reorganisation never comes to rest');
}

/** A refusal with every place that it names. */
export const outcomeCode = (outcome: Outcome): string =>
  'refused' in outcome
    ? [outcome.code, ...(outcome.errors ?? []).map((e) => `${e.pointer} ${e.code}`)].join(' ')
    : 'done';
