import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import type { Matter } from '../../src/domain/assignment/state.js';
import { DAY, SECOND } from '../../src/domain/instant.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { issueBatch } from '../../src/engine/issue.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { brokenInvariants } from '../support/record.js';
import {
  createWorld,
  draftContent,
  draftTask,
  QUICK_POLICY,
  subjectOf,
  type World,
} from '../support/world.js';

/** Rungs a day apart, so that each clock of two days runs out between them; the urging letter wants a signature. */
const POLICY: DirectivePolicy = {
  ...QUICK_POLICY,
  id: 'clocks',
  ladder: [
    { step: 'urge', kind: 'urge', when: 'after', offset: { value: 1, unit: 'd' }, to: ['officer', 'head'] },
    { step: 'letter', kind: 'urging_letter', when: 'after', offset: { value: 2, unit: 'd' }, to: ['head'] },
    {
      step: 'supervisor',
      kind: 'supervisor',
      when: 'after',
      offset: { value: 3, unit: 'd' },
      to: ['supervisor'],
    },
    { step: 'refer', kind: 'referral', when: 'after', offset: { value: 9, unit: 'd' }, to: ['head'] },
  ],
  urgingLetter: { form: 'signed', sign: { value: 2, unit: 'd' } },
  referral: {
    ...QUICK_POLICY.referral,
    objectionWindow: { value: 2, unit: 'd' },
    decision: { value: 2, unit: 'd' },
  },
};

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url, POLICY);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** One assignment that Justice leads and Health coordinates, due in ten days, and what is done with it. */
class Life {
  readonly #directiveId: string;
  readonly id: string;

  private constructor(directiveId: string, id: string) {
    this.#directiveId = directiveId;
    this.id = id;
  }

  static async begun(): Promise<Life> {
    const agency = world.as('standing_agency');
    const { justice, health } = world.units;
    const task = draftTask({
      leadUnitIds: [justice],
      coordinatingUnitIds: [health],
      deadline: { phrase: 'within 240 hours', rule: null, past: null },
    });
    const directiveId = subjectOf(
      await createDraft(world.engine, world.request(agency), draftContent([task])),
    );
    subjectOf(await issueDirective(world.engine, world.request(agency), directiveId));
    await issueBatch(world.engine, directiveId);
    const [row] = await world.sql<{ id: string }>('select id from assignment where directive_id = $1', [
      directiveId,
    ]);
    return new Life(directiveId, row?.id ?? '');
  }

  async #act(who: Parameters<World['as']>, command: AssignmentCommand, more: object = {}): Promise<this> {
    const request = world.request(world.as(...who), more);
    subjectOf(await executeAssignments(world.engine, request, [this.id], command));
    return this;
  }
  async lead(command: AssignmentCommand): Promise<this> {
    return await this.#act(['unit', 'justice'], command);
  }
  async agency(command: AssignmentCommand, more: object = {}): Promise<this> {
    return await this.#act(['standing_agency'], command, more);
  }

  async matter(kind: Matter['kind']): Promise<string> {
    const [row] = await world.sql<{ id: string }>(
      'select id from matter where assignment_id = $1 and kind = $2',
      [this.id, kind],
    );
    return row?.id ?? '';
  }

  async caseId(): Promise<string> {
    const [row] = await world.sql<{ id: string }>('select id from referral where assignment_id = $1', [
      this.id,
    ]);
    return row?.id ?? '';
  }

  /** Days pass, step by step as they are planned, on the conductors of the directive and of its case. */
  async days(count: number): Promise<this> {
    const end = (await world.now()) + count * DAY;
    for (;;) {
      const [next] = await world.sql<{ kind: string; id: string; due: number }>(
        `select p.conductor_kind as kind, p.conductor_id as id, p.due_at as due from planned_step p
          where p.subject_id = $1 or p.subject_id = (select id from referral where assignment_id = $1)
          order by p.due_at limit 1`,
        [this.id],
      );
      const now = await world.now();
      if (next === undefined || next.due > end) break;
      await world.skip(Math.max(0, next.due - now) + 1);
      const conduct = next.kind === 'referral' ? conductReferral : conductDirective;
      await conduct(world.engine, next.id, await world.now());
    }
    await world.skip(Math.max(0, end - (await world.now())));
    return this;
  }

  async pass(): Promise<{ ended: boolean }> {
    return await conductDirective(world.engine, this.#directiveId, await world.now());
  }

  /** `template recipient unit` of every message of these templates, or about this answer. */
  async told(wanted: string): Promise<string[]> {
    const rows = await world.sql<{ line: string }>(
      `select concat_ws(' ', i.template, i.recipient_kind, u.code) as line
         from item i left join unit u on u.id = i.recipient_unit_id
        where i.assignment_id = $1 and (i.params ->> 'answer' = $2 or i.template = $2) order by i.id`,
      [this.id, wanted],
    );
    return rows.map(({ line }) => line);
  }

  async rungs(): Promise<string[]> {
    const rows = await world.sql<{ step: string }>(
      `select step from step_taken where assignment_id = $1 and kind <> 'clock' and subject_kind = 'assignment'
          and voided_at is null order by planned_at`,
      [this.id],
    );
    return rows.map(({ step }) => step);
  }

  /** Whether it counts as late now, as lists and figures show it. */
  async late(): Promise<boolean> {
    const [span] = await world.sql<{ late: boolean }>(
      `select coalesce(late, due_at < app_now(), false) as late from span
        where assignment_id = $1 and ends_at is null`,
      [this.id],
    );
    return span?.late ?? true;
  }
}

const text = 'vì sao';
const AGENCY = ['clock_overdue standing_agency agency', 'clock_overdue supervisor'];
const raise = { action: 'raise_obstacle', input: { cause: 'data', text } } as const;
const forward = (id: string, to: object) =>
  ({ action: 'answer_obstacle', input: { id, answer: 'forward', text, ...to } }) as const;

interface Row {
  readonly who: string;
  /** What is brought forward, and the days until its clock has run out. */
  readonly begin: (life: Life) => Promise<unknown>;
  readonly days: number;
  /** Which answer is owed, and who hears that it is overdue. */
  readonly answer: string;
  readonly told: readonly string[];
  /** What a slow decider never does, though many days pass. */
  readonly never: (life: Life) => Promise<void>;
}

const noCase = async (life: Life): Promise<void> => {
  await life.days(40);
  expect(await life.rungs()).not.toContain('refer');
  expect(await life.caseId()).toBe('');
};
const neverLate = async (life: Life): Promise<void> => {
  await life.days(40);
  expect(await life.late()).toBe(false);
  expect(await life.rungs()).toEqual([]);
};
const signed = async (life: Life): Promise<void> => {
  await life.agency(
    { action: 'send_letter', input: {} },
    { document: { number: '7/CV', date: '2025-01-06' } },
  );
};
const proposed = async (life: Life): Promise<void> => {
  await life.days(12.5);
  await signed(life);
  await life.days(7);
};

const ROWS: readonly Row[] = [
  {
    who: 'the unit that has to acknowledge',
    begin: async () => undefined,
    days: 1.5,
    answer: 'acknowledgement',
    told: ['clock_overdue unit justice'],
    never: async (life) => {
      expect(await life.late()).toBe(false);
      expect(await life.rungs()).toEqual([]);
    },
  },
  {
    who: 'the standing agency that has to answer a contest',
    begin: async (life) => await life.lead({ action: 'contest', input: { reason: 'other', text } }),
    days: 2.5,
    answer: 'contest',
    told: AGENCY,
    never: neverLate,
  },
  {
    who: 'the monitor that has to confirm',
    begin: async (life) => await life.lead({ action: 'submit', input: { text } }),
    days: 2.5,
    answer: 'confirmation',
    told: ['clock_overdue monitor agency', 'clock_overdue supervisor'],
    never: neverLate,
  },
  {
    who: 'the standing agency that has to decide an extension asked in time',
    begin: async (life) =>
      await life.lead({ action: 'request_extension', input: { deadline: 'within 720 hours', reason: text } }),
    days: 2.5,
    answer: 'extension',
    told: AGENCY,
    never: async (life) => {
      await noCase(life);
      expect(await life.rungs()).toEqual(['urge']);
    },
  },
  {
    who: 'the standing agency that has to answer an obstacle',
    begin: async (life) => await life.lead(raise),
    days: 2.5,
    answer: 'obstacle',
    told: AGENCY,
    never: noCase,
  },
  {
    who: 'the unit to which an obstacle was forwarded, from the forwarding',
    begin: async (life) => {
      await life.lead(raise);
      await life.days(1);
      await life.agency(forward(await life.matter('obstacle'), { holderUnitId: world.units.finance }));
      await life.days(1.5);
      expect(await life.told('obstacle')).toEqual([]);
    },
    days: 1,
    answer: 'obstacle',
    told: [AGENCY[0] ?? '', 'clock_overdue supervisor', 'clock_overdue unit finance'],
    never: noCase,
  },
  {
    who: 'the standing agency, for an outside body that holds an obstacle',
    begin: async (life) => {
      await life.lead(raise);
      const outside = { name: 'Bộ Tư pháp', letter: { number: '45/CV', date: '2025-01-06' } };
      await life.agency(forward(await life.matter('obstacle'), { outside }));
    },
    days: 2.5,
    answer: 'obstacle',
    told: AGENCY,
    never: noCase,
  },
  {
    who: 'the standing agency that has to decide a cause',
    begin: async (life) => {
      await life.days(11);
      await life.lead({ action: 'state_cause', input: { cause: 'data', objective: true, text } });
    },
    days: 2.5,
    answer: 'cause',
    told: AGENCY,
    never: noCase,
  },
  {
    who: 'the standing agency that has to decide a cause of what has ended, in a directive that is closed',
    begin: async (life) => {
      await life.days(11);
      await life.lead({ action: 'state_cause', input: { cause: 'data', objective: true, text } });
      await life.lead({ action: 'submit', input: { text } });
      await life.agency({ action: 'confirm', input: {} });
      expect(await life.pass()).toMatchObject({ ended: false });
      const [directive] = await world.sql('select state from directive order by id desc limit 1');
      expect(directive).toEqual({ state: 'closed' });
    },
    days: 2.5,
    answer: 'cause',
    told: AGENCY,
    never: async (life) => {
      expect(await life.pass()).toMatchObject({ ended: true });
      await noCase(life);
    },
  },
  {
    who: 'the coordinating unit that was asked for a contribution',
    begin: async (life) =>
      await life.lead({
        action: 'ask_contribution',
        input: { unitId: world.units.health, deadline: 'within 72 hours', text },
      }),
    days: 3.5,
    answer: 'overdue',
    told: ['contribution_answered officer justice', 'contribution_answered unit health'],
    never: async (life) => {
      expect(await life.late()).toBe(false);
      expect(await life.rungs()).toEqual([]);
    },
  },
  {
    who: 'the head who has to explain',
    begin: async (life) =>
      await life.agency({ action: 'request_explanation', input: { deadline: 'within 72 hours', text } }),
    days: 3.5,
    answer: 'explanation_overdue',
    told: [
      'explanation_overdue head justice',
      'explanation_overdue standing_agency agency',
      'explanation_overdue supervisor',
    ],
    never: async (life) => {
      expect(await life.late()).toBe(false);
      expect(await life.rungs()).toEqual([]);
    },
  },
  {
    who: 'the standing agency that has to have a letter signed',
    begin: async (life) => await life.days(12.5),
    days: 2,
    answer: 'letter',
    told: AGENCY,
    never: noCase,
  },
  {
    who: 'those who have to decide an objection',
    begin: async (life) => {
      await proposed(life);
      const request = world.request(world.as('unit', 'justice'));
      subjectOf(
        await executeReferral(world.engine, request, await life.caseId(), {
          action: 'object',
          input: { text },
        }),
      );
    },
    days: 2.5,
    answer: 'decision',
    told: AGENCY,
    never: async (life) => {
      await life.days(40);
      const [found] = await world.sql('select state, referred_at from referral where assignment_id = $1', [
        life.id,
      ]);
      expect(found).toEqual({ state: 'objected', referred_at: null });
    },
  },
  {
    who: 'Home Affairs that has to acknowledge a case',
    begin: async (life) => {
      await proposed(life);
      await life.days(2);
    },
    days: 1.5,
    answer: 'acknowledge',
    told: ['clock_overdue home_affairs affairs', 'clock_overdue supervisor'],
    never: async (life) => {
      const [found] = await world.sql('select state from referral where assignment_id = $1', [life.id]);
      expect(found).toEqual({ state: 'referred' });
    },
  },
];

describe('the clock runs out on', () => {
  test.each(ROWS)('$who', async ({ begin, days, answer, told, never }) => {
    const life = await Life.begun();
    await world.skip(SECOND);
    if (answer !== 'acknowledgement') await life.lead({ action: 'acknowledge', input: {} });
    await begin(life);
    expect(await life.told(answer)).toEqual([]);
    await life.days(days);
    expect((await life.told(answer)).sort()).toEqual([...told].sort());
    await never(life);
    expect((await life.told(answer)).length).toBe(told.length);
  });

  test('nothing that was broken by it', async () => {
    expect(await brokenInvariants(world)).toEqual([]);
  });
});
