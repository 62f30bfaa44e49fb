import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CountGrouping, countClasses } from '../../src/db/read/counts.js';
import { withScope } from '../../src/db/transaction.js';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import type { Assignment } from '../../src/domain/assignment/state.js';
import { DAY } from '../../src/domain/instant.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { checkCounts } from '../../src/engine/count-check.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { foldAll, foldOnce } from '../../src/engine/fold.js';
import { issueBatch } from '../../src/engine/issue.js';
import { livesOf, tally, tallyTasks } from '../support/count-oracle.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
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

async function issue(): Promise<string> {
  const agency = world.as('standing_agency');
  const tasks = [
    draftTask({ nature: 'general', groupCodes: ['department'] }),
    draftTask({ leadUnitIds: [world.units.health], kind: 'goal' }),
    draftTask({
      leadUnitIds: [world.units.finance],
      recurrence: 'regular',
      deadline: { phrase: 'thường xuyên', rule: null, past: null },
      kind: 'model',
    }),
  ];
  const content = draftContent(tasks, { endsOn: '2099-12-31' });
  const id = subjectOf(await createDraft(world.engine, world.request(agency), content));
  subjectOf(await issueDirective(world.engine, world.request(agency), id));
  for (let more = true; more; ) {
    const { assigned, planned } = await issueBatch(world.engine, id);
    more = assigned < planned;
  }
  return id;
}

/** What happens next: somebody acts, perhaps by a paper that came earlier; time passes; the fold takes some. */
type Move =
  | { readonly act: string; readonly which: number; readonly variant: boolean; readonly lateBy: number }
  | { readonly skip: number }
  | { readonly fold: number };

const ACTS = [
  'acknowledge',
  'report',
  'submit',
  'submit',
  'recall',
  'confirm',
  'confirm',
  'return',
  'accept_part',
  'suspend',
  'resume',
  'stop',
  'carry_over',
  'reassign',
  'reopen',
  'adjust_deadline',
  'request_extension',
  'decide_extension',
  'raise_obstacle',
  'raise_obstacle',
  'answer_obstacle',
  'answer_obstacle',
  'contest',
  'answer_contest',
];

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      act: fc.constantFrom(...ACTS),
      which: fc.nat(50),
      variant: fc.boolean(),
      // Half of what is entered lies in the past, by up to twenty minutes.
      lateBy: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_200_000 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ skip: fc.integer({ min: 1, max: 400_000 }) }) },
  { weight: 2, arbitrary: fc.record({ fold: fc.integer({ min: 1, max: 8 }) }) },
);

function commandOf(act: string, a: Assignment, variant: boolean): AssignmentCommand | null {
  const matter = (kind: string): string => a.matters.findLast((one) => one.kind === kind)?.id ?? a.id;
  const text = 'vì sao';
  const soon = variant ? 'within 5 minutes' : 'within 40 minutes';
  const table: Record<string, AssignmentCommand> = {
    acknowledge: { action: 'acknowledge', input: {} },
    report: { action: 'report', input: { text } },
    submit: { action: 'submit', input: { text } },
    recall: { action: 'recall', input: { reason: text } },
    confirm: { action: 'confirm', input: {} },
    return: { action: 'return', input: { reason: text } },
    accept_part: {
      action: 'accept_part',
      input: { share: a.acceptedShare + (1 - a.acceptedShare) / 2, reason: text },
    },
    suspend: { action: 'suspend', input: { reason: text } },
    resume: { action: 'resume', input: variant ? { deadline: soon } : {} },
    stop: { action: 'stop', input: { reason: text } },
    carry_over: { action: 'carry_over', input: { reason: text } },
    reassign: {
      action: 'reassign',
      input: { unitId: variant ? world.units.justice : world.units.finance, reason: text, deadline: soon },
    },
    reopen: { action: 'reopen', input: { reason: text, deadline: soon } },
    adjust_deadline: {
      action: 'adjust_deadline',
      input: { deadline: soon, latenessStands: variant, reason: text },
    },
    request_extension: {
      action: 'request_extension',
      input: { deadline: 'within 50 minutes', reason: text },
    },
    decide_extension: {
      action: 'decide_extension',
      input: { id: matter('extension'), decision: variant ? 'grant' : 'refuse', reason: text },
    },
    raise_obstacle: { action: 'raise_obstacle', input: { cause: 'technical', text } },
    answer_obstacle: {
      action: 'answer_obstacle',
      input: { id: matter('obstacle'), answer: variant ? 'accept' : 'resolve', text },
    },
    contest: { action: 'contest', input: { reason: 'not_our_function', text } },
    answer_contest: { action: 'answer_contest', input: { answer: variant ? 'reject' : 'stop', text } },
  };
  return table[act] ?? null;
}

async function play(directiveId: string, moves: readonly Move[]): Promise<void> {
  for (const one of moves) {
    if ('skip' in one) await world.skip(one.skip);
    else if ('fold' in one) await foldOnce(world.engine, one.fold);
    else await attempt(directiveId, one);
  }
  await conductDirective(world.engine, directiveId, await world.now());
}

/** Everything is entered by the standing agency, which alone may enter what came on paper before. */
async function attempt(
  directiveId: string,
  { act, which, variant, lateBy }: Extract<Move, { act: string }>,
): Promise<void> {
  const rows = await world.sql<{ id: string; body: Assignment }>(
    'select id, body from assignment where directive_id = $1 order by id',
    [directiveId],
  );
  const row = rows[which % rows.length];
  const command = row === undefined ? null : commandOf(act, row.body, variant);
  if (row === undefined || command === null) return;
  const own = act === 'recall';
  const unit = Object.entries(world.units).find(([, id]) => id === row.body.unitId)?.[0];
  const actor = own
    ? world.as('unit', unit === 'justice' || unit === 'finance' || unit === 'affairs' ? unit : 'health')
    : world.as('standing_agency');
  const arrivedAt = Math.floor(await world.now()) - lateBy;
  const document = own ? undefined : { number: '9/CV', date: '2026-01-05', arrivedAt };
  await executeAssignments(world.engine, world.request(actor, { document }), [row.id], command);
}

const GROUPINGS: readonly (readonly [CountGrouping | null, (state: Assignment) => string])[] = [
  [null, () => ''],
  ['unit', (state) => state.unitId],
  ['directive', (state) => state.directiveId],
  ['origin-year', (state) => String(state.originYear)],
];

/** What the reads say at one instant, by the same keys as the oracle's. */
async function counted(
  query: Partial<Parameters<typeof countClasses>[1]> & { asOf: number },
): Promise<Record<string, number>> {
  const scope = { workingGroupId: world.groupId, role: 'supervisor', unitId: null };
  const rows = await withScope(world.engine.reader, scope, (client) =>
    countClasses(client, {
      knownAt: null,
      count: 'assignment',
      groupBy: null,
      directiveId: null,
      unitId: null,
      ...query,
    }),
  );
  return Object.fromEntries(rows.map((row) => [`${row.key ?? ''} ${row.class}`, row.n]));
}

/** Instants at which anything can change, and those right beside them. */
async function telling(): Promise<number[]> {
  const rows = await world.sql<{ at: number }>('select distinct at from count_move');
  return rows.flatMap(({ at }) => [at - 1, at, at + 1]);
}

test('at any instant, by what was known at any other, and at any watermark, counts are a recomputation from the events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 10, maxLength: 40 }),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      async (moves, picks) => {
        const directiveId = await issue();
        await play(directiveId, moves);
        const lives = await livesOf(world);
        const instants = await telling();
        const known = lives.flatMap((life) => life.map(({ recordedAt }) => recordedAt));
        for (const pick of picks) {
          const asOf = instants[pick % instants.length] ?? 0;
          const knownAt = known[pick % known.length] ?? 0;
          for (const [groupBy, keyOf] of GROUPINGS) {
            const now = tally(lives, asOf, Number.POSITIVE_INFINITY, keyOf);
            expect(await counted({ asOf, groupBy })).toEqual(now);
            expect(await counted({ asOf, groupBy, knownAt })).toEqual(tally(lives, asOf, knownAt, keyOf));
          }
          expect(await counted({ asOf, count: 'task' })).toEqual(
            tallyTasks(lives, asOf, Number.POSITIVE_INFINITY),
          );
          expect(await counted({ asOf, count: 'task', knownAt })).toEqual(tallyTasks(lives, asOf, knownAt));
        }
        expect(await checkCounts(world.engine)).toMatchObject({ wrongLives: [], wrongSums: [] });
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
});

describe('the sums', () => {
  test('are a cache: folded to the end, forgotten, or of another cluster, every count stays what it is', async () => {
    const lives = await livesOf(world);
    // Of this day, and of a later one, for which whole days are read from the sums.
    const now = await world.now();
    const same = async (): Promise<void> => {
      for (const asOf of [now, now + 3 * DAY]) {
        const truth = tally(lives, asOf, Number.POSITIVE_INFINITY, (state) => state.unitId);
        expect(await counted({ asOf, groupBy: 'unit' })).toEqual(truth);
      }
    };
    await foldAll(world.engine, 50);
    await same();
    expect(await world.sql('select from unit_count limit 1')).toHaveLength(1);
    // A dump that was restored elsewhere: its numbers of transactions are meaningless there.
    await world.sql(`update count_fold set cluster = 1, watermark = '18446744073709551'`);
    await world.sql(`update count_move set xid = '9007199254740991' where number % 2 = 0`);
    await same();
    await foldAll(world.engine, 50);
    await same();
    expect(await checkCounts(world.engine)).toMatchObject({ wrongLives: [], wrongSums: [] });
  });

  test('that were spoiled, and spans and moves that were, are found and written anew from the events', async () => {
    await foldAll(world.engine);
    const lives = await livesOf(world);
    const asOf = await world.now();
    const truth = tally(lives, asOf, Number.POSITIVE_INFINITY, (state) => state.unitId);
    await world.sql('update unit_count set open_overdue = open_overdue + 1 where level = $1', ['month']);
    const [spoiled] = await world.sql<{ assignment_id: string }>(
      `update span set due_at = '2001-01-01', late = null, class = 'open' where ends_at is null
          and assignment_id = (select min(assignment_id::text)::uuid from span) returning assignment_id`,
    );
    await world.sql(`delete from count_move where number = (select min(number) from count_move)`);
    const found = await checkCounts(world.engine, { repair: true });
    expect(found.wrongLives).toContain(spoiled?.assignment_id);
    expect(found.wrongLives).toHaveLength(2);
    expect(found.wrongSums.length).toBeGreaterThan(0);
    expect(await checkCounts(world.engine)).toMatchObject({ wrongLives: [], wrongSums: [] });
    expect(await counted({ asOf, groupBy: 'unit' })).toEqual(truth);
    const known = lives.flatMap((life) => life.map(({ recordedAt }) => recordedAt)).sort()[3] ?? 0;
    expect(await counted({ asOf, knownAt: known })).toEqual(tally(lives, asOf, known, () => ''));
  });
});
