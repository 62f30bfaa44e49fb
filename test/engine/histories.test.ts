import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import type { Assignment } from '../../src/domain/assignment/state.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
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
  await world.close();
  await database.drop();
});

/** What a random actor tries next; most tries are refused by the state, which is part of the point. */
type Move =
  | { readonly who: 'unit' | 'agency'; readonly action: string; readonly late: boolean }
  | { readonly skip: number }
  | { readonly conduct: true };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      who: fc.constantFrom('unit' as const, 'agency' as const),
      action: fc.constantFrom(...actions()),
      late: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ skip: fc.integer({ min: 1, max: 400_000 }) }) },
  { weight: 3, arbitrary: fc.constant({ conduct: true as const }) },
);

function actions(): string[] {
  return [
    'acknowledge',
    'report',
    'submit',
    'recall',
    'confirm',
    'accept_part',
    'return',
    'suspend',
    'resume',
    'stop',
    'reassign',
    'carry_over',
    'reopen',
    'adjust_deadline',
    'request_extension',
    'withdraw_extension',
    'decide_extension',
    'raise_obstacle',
    'withdraw_obstacle',
    'answer_obstacle',
    'state_cause',
    'decide_cause',
    'ask_contribution',
    'request_explanation',
    'answer_explanation',
    'urge',
    'contest',
    'answer_contest',
  ];
}

function commandOf(name: string, a: Assignment, variant: boolean): AssignmentCommand | null {
  const matter = (kind: string): string => a.matters.findLast((one) => one.kind === kind)?.id ?? a.id;
  const reason = 'vì sao';
  const soon = variant ? 'within 5 minutes' : 'within 2 days';
  const table: Record<string, AssignmentCommand> = {
    acknowledge: { action: 'acknowledge', input: {} },
    report: { action: 'report', input: { text: reason, percent: 10 } },
    submit: { action: 'submit', input: { text: reason } },
    recall: { action: 'recall', input: { reason } },
    confirm: { action: 'confirm', input: {} },
    accept_part: {
      action: 'accept_part',
      input: { share: a.acceptedShare + (1 - a.acceptedShare) / 2, reason },
    },
    return: { action: 'return', input: { reason } },
    suspend: { action: 'suspend', input: { reason } },
    resume: { action: 'resume', input: variant ? { deadline: soon } : {} },
    stop: { action: 'stop', input: { reason } },
    reassign: {
      action: 'reassign',
      input: { unitId: variant ? world.units.justice : world.units.finance, reason },
    },
    carry_over: { action: 'carry_over', input: { reason } },
    reopen: { action: 'reopen', input: { reason, deadline: soon } },
    adjust_deadline: {
      action: 'adjust_deadline',
      input: { deadline: soon, latenessStands: variant, reason },
    },
    request_extension: { action: 'request_extension', input: { deadline: 'within 3 days', reason } },
    withdraw_extension: { action: 'withdraw_extension', input: { id: matter('extension') } },
    decide_extension: {
      action: 'decide_extension',
      input: { id: matter('extension'), decision: variant ? 'grant' : 'refuse', reason },
    },
    raise_obstacle: { action: 'raise_obstacle', input: { cause: 'technical', text: reason } },
    withdraw_obstacle: { action: 'withdraw_obstacle', input: { id: matter('obstacle') } },
    answer_obstacle: {
      action: 'answer_obstacle',
      input: { id: matter('obstacle'), answer: variant ? 'accept' : 'resolve', text: reason },
    },
    state_cause: { action: 'state_cause', input: { cause: 'data', objective: true, text: reason } },
    decide_cause: {
      action: 'decide_cause',
      input: { id: matter('cause'), confirmed: variant, text: reason },
    },
    ask_contribution: {
      action: 'ask_contribution',
      input: { unitId: world.units.justice, deadline: soon, text: reason },
    },
    request_explanation: { action: 'request_explanation', input: { deadline: soon, text: reason } },
    answer_explanation: { action: 'answer_explanation', input: { id: matter('explanation'), text: reason } },
    send_letter: { action: 'send_letter', input: {} },
    urge: { action: 'urge', input: { channel: 'telephone', text: reason } },
    contest: { action: 'contest', input: { reason: 'not_our_function', text: reason } },
    answer_contest: {
      action: 'answer_contest',
      input: { answer: variant ? 'reject' : 'stop', text: reason },
    },
  };
  return table[name] ?? null;
}

async function play(moves: readonly Move[]): Promise<void> {
  const agency = world.as('standing_agency');
  const tasks = [
    draftTask({ leadUnitIds: [world.units.health], coordinatingUnitIds: [world.units.justice] }),
    draftTask({ leadUnitIds: [world.units.finance] }),
  ];
  const directiveId = subjectOf(await createDraft(world.engine, world.request(agency), draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
  await issueBatch(world.engine, directiveId);
  for (const one of moves) {
    if ('skip' in one) await world.skip(one.skip);
    else if ('conduct' in one) await conduct(directiveId);
    else await attempt(directiveId, one);
  }
  await conduct(directiveId);
}

async function conduct(directiveId: string): Promise<void> {
  const now = await world.now();
  await conductDirective(world.engine, directiveId, now);
  const cases = await world.sql<{ id: string }>(
    'select id from referral where directive_id = $1 and ended_at is null',
    [directiveId],
  );
  for (const { id } of cases) await conductReferral(world.engine, id, now);
}

async function attempt(
  directiveId: string,
  { who, action, late }: { who: 'unit' | 'agency'; action: string; late: boolean },
): Promise<void> {
  const [row] = await world.sql<{ body: Assignment }>(
    'select body from assignment where directive_id = $1 order by random() limit 1',
    [directiveId],
  );
  if (row === undefined) return;
  const command = commandOf(action, row.body, late);
  if (command === null) return;
  const unit = Object.entries(world.units).find(([, id]) => id === row.body.unitId)?.[0];
  const actor =
    who === 'agency'
      ? world.as('standing_agency')
      : world.as('unit', unit === 'justice' ? 'justice' : unit === 'finance' ? 'finance' : 'health');
  await executeAssignments(world.engine, world.request(actor), [row.body.id], command);
}

test('after any history the record equals its events, plans what it should, and its chain verifies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 40 }), async (moves) => {
      await play(moves);
      expect(await brokenInvariants(world)).toEqual([]);
      expect(
        await world.sql('select subject_id, error from planned_step where set_aside_at is not null'),
      ).toEqual([]);
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
