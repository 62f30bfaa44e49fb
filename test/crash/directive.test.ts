import { describe, expect } from '@jest/globals';
import { ALWAYS_OPEN, localDate } from '../../src/domain/calendar.js';
import { addCalendarDays } from '../../src/domain/civil-date.js';
import type { DraftTask } from '../../src/domain/directive/draft.js';
import type { PastFact } from '../../src/domain/directive/past.js';
import { amendDirective } from '../../src/engine/amend.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { createDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { executeMove } from '../../src/engine/moves.js';
import { createRegime } from '../../src/engine/regimes.js';
import { type CrashLife, crashKit } from '../support/crash-kit.js';
import { type Poison, poison } from '../support/poison.js';
import { assignmentOf, issue, stateOf, stepsOf, stop, submitAndConfirm } from '../support/story.js';
import { draftContent, draftTask, subjectOf, type World } from '../support/world.js';

const DAY = 86_400_000;
const agencyOf = (world: World) => world.request(world.as('standing_agency'));

describe('a directive', () => {
  crashKit({
    workflow: 'directive',
    begin: async (world) => {
      // The first one moves the clock there and back.
      const first = await regular(world);
      return [first, await worked(world), await unclear(world), await underWay(world)];
    },
  });
});

interface Row {
  readonly version: number;
  readonly row_version: number;
  readonly whole: boolean;
  readonly armed: boolean;
  readonly taken: string[];
  readonly open: string[];
}

async function rowOf(world: World, id: string): Promise<Row> {
  const [row] = await world.sql<Row & Record<string, unknown>>(
    `select (body ->> 'frozenVersion')::int as version, row_version, (body ->> 'assigned')::int = (body ->> 'planned')::int as whole,
            armed_at > '-infinity' as armed,
            array(select step from step_taken where subject_id = $1) as taken,
            array(select a.id from assignment a where a.directive_id = $1 and a.ended_at is null order by a.id) as open
       from directive where id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`There is no directive ${id}`);
  return row;
}

async function issueTasks(
  world: World,
  tasks: readonly DraftTask[],
  more: Parameters<typeof draftContent>[1] = {},
) {
  const content = draftContent(tasks, more);
  const id = subjectOf(await createDraft(world.engine, agencyOf(world), content));
  subjectOf(await issueDirective(world.engine, agencyOf(world), id));
  return { id, content };
}

async function closedOnce(world: World, id: string): Promise<void> {
  expect(await stateOf(world, id)).toBe('closed');
  const closings = await world.sql("select 1 from event where subject_id = $1 and type = 'closed'", [id]);
  expect(closings).toHaveLength(1);
}

const typesOf = async (world: World, subjectId: string): Promise<string[]> =>
  (
    await world.sql<{ type: string }>('select type from event where subject_id = $1 order by seq', [
      subjectId,
    ])
  ).map(({ type }) => type);

/** One unit hands in, another stays silent until a case stands before it. It is reported on as long as it runs. */
async function worked(world: World): Promise<CrashLife> {
  const id = await issue(world, ['health', 'finance']);
  const regimeId = subjectOf(
    await createRegime(world.engine, agencyOf(world), {
      name: 'Báo cáo ngày',
      nameEn: 'Daily report',
      directiveIds: [id],
      schedule: {
        kind: 'periodic',
        periodicity: { kind: 'daily' },
        startsOn: localDate(ALWAYS_OPEN, await world.now()),
      },
      levels: [{ name: null, unitIds: [world.units.justice], groupCodes: [], dueWorkingDays: 1 }],
    }),
  );
  await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
  return {
    id,
    play: async () => {
      const health = await assignmentOf(world, id, 'health');
      if (health?.state === 'assigned') await submitAndConfirm(world, health.id, 'health');
      const finance = await assignmentOf(world, id, 'finance');
      if (finance?.state === 'assigned' && (await stepsOf(world, id, 'finance')).includes('refer'))
        await stop(world, finance.id);
    },
    check: async () => {
      await closedOnce(world, id);
      expect(await stepsOf(world, id, 'finance')).toEqual(['urge', 'refer']);
      expect(await world.sql('select 1 from assignment where directive_id = $1', [id])).toHaveLength(2);
      const cases = await world.sql('select 1 from referral where directive_id = $1 and unit_id = $2', [
        id,
        world.units.finance,
      ]);
      expect(cases).toHaveLength(1);
      const owed = await world.sql<{ id: string }>('select id from report_obligation where regime_id = $1', [
        regimeId,
      ]);
      expect(await typesOf(world, owed[0]?.id ?? '')).toEqual(['opened', 'lapsed']);
      expect((await typesOf(world, regimeId)).slice(-2)).toEqual(['uncovered', 'ended']);
    },
  };
}

/** Issued some days ago and given to another unit since, it has ended on its day: regular work concludes. */
async function regular(world: World): Promise<CrashLife> {
  await world.skip(-4 * DAY);
  const deadline = { phrase: 'thường xuyên', rule: null, past: null };
  const task = draftTask({ recurrence: 'regular', leadUnitIds: [world.units.justice], deadline });
  const endsOn = localDate(ALWAYS_OPEN, (await world.now()) + DAY);
  const { id } = await issueTasks(world, [task], { endsOn });
  await issueBatch(world.engine, id);
  const former = (await assignmentOf(world, id, 'justice'))?.id ?? '';
  const obstacle = {
    action: 'raise_obstacle' as const,
    input: { text: 'Chưa có số liệu', cause: 'data' as const },
  };
  const unit = world.request(world.as('unit', 'justice'));
  subjectOf(await executeAssignments(world.engine, unit, [former], obstacle));
  const to = [{ unitId: world.units.finance }];
  subjectOf(await executeMove(world.engine, agencyOf(world), [former], { to, reason: 'Chuyển chức năng' }));
  await world.skip(4 * DAY);
  return {
    id,
    play: async () => undefined,
    check: async () => {
      await closedOnce(world, id);
      const successor = await assignmentOf(world, id, 'finance');
      expect(await typesOf(world, successor?.id ?? '')).toContain('concluded');
      // What it had brought forward went along, and ended there.
      expect((await typesOf(world, former)).slice(-2)).toEqual(['superseded', 'moved_settled']);
    },
  };
}

/** A row stays unclear until an amendment takes it out; what was asked is not answered; one assignment is spoilt. */
async function unclear(world: World): Promise<CrashLife> {
  const { health, justice, finance } = world.units;
  const deadline = { phrase: 'within 20 days', rule: null, past: null };
  const tasks = [
    draftTask({ leadUnitIds: [justice], coordinatingUnitIds: [finance], deadline }),
    draftTask({ leadUnitIds: [health], deadline }),
  ];
  const row = draftTask({ keepUnclear: true, deadline });
  const { id, content } = await issueTasks(world, [...tasks, row]);
  let spoilt: Poison | null = null;

  async function ask(assignmentId: string): Promise<void> {
    const soon = { deadline: 'within 1 second', text: 'Cho biết' };
    const act = async (
      who: 'standing_agency' | 'unit',
      command: Parameters<typeof executeAssignments>[3],
    ) => {
      const request = world.request(who === 'unit' ? world.as('unit', 'justice') : world.as(who));
      subjectOf(await executeAssignments(world.engine, request, [assignmentId], command));
    };
    await act('standing_agency', { action: 'request_explanation', input: soon });
    await act('unit', { action: 'ask_contribution', input: { ...soon, unitId: finance } });
  }
  return {
    id,
    play: async () => {
      const [asked, silent] = [
        await assignmentOf(world, id, 'justice'),
        await assignmentOf(world, id, 'health'),
      ];
      if (asked === null || silent === null) return;
      const matters = await world.sql<{ state: string }>(
        'select state from matter where assignment_id = $1',
        [asked.id],
      );
      if (matters.length === 0) await ask(asked.id);
      spoilt ??= await poison(world, 'assignment', silent.id);
      const now = await rowOf(world, id);
      if (now.open.includes(silent.id) && (await spoilt.isSetAside())) {
        await spoilt.mend();
        await stop(world, silent.id);
      }
      if (now.version === 1 && now.taken.includes('unclear:1')) {
        const cleared = { ...content, tasks };
        subjectOf(
          await amendDirective(world.engine, { ...agencyOf(world), ifMatch: now.row_version }, id, cleared),
        );
      }
      const overdue = matters.length === 2 && matters.every(({ state }) => state === 'overdue');
      if (now.open.includes(asked.id) && overdue) await stop(world, asked.id);
    },
    check: async () => {
      await closedOnce(world, id);
      expect((await rowOf(world, id)).taken).toEqual(['unclear:1']);
      const asked = await assignmentOf(world, id, 'justice');
      const answers = (await typesOf(world, asked?.id ?? '')).filter((type) => type.endsWith('_answered'));
      expect(answers.sort()).toEqual(['contribution_answered', 'explanation_answered']);
    },
  };
}

/** Work that is under way when it comes in, and more of it by an amendment. */
async function underWay(world: World): Promise<CrashLife> {
  const today = new Date((await world.now()) + 7 * 3_600_000).toISOString().slice(0, 10);
  const day = (offset: number): string => addCalendarDays(today, offset);
  const before = (offset: number): string => `trước ngày ${day(offset).split('-').reverse().join('/')}`;
  const document = { number: '15/QĐ', date: day(-50) };
  const fact = (kind: PastFact['kind'], offset: number, more: Partial<PastFact> = {}): PastFact => ({
    kind,
    on: day(offset),
    unitId: null,
    document: null,
    to: null,
    note: null,
    ...more,
  });
  const task = (unit: 'health' | 'justice', deadline: string, history: readonly PastFact[]): DraftTask =>
    draftTask({
      leadUnitIds: [world.units[unit]],
      deadline: { phrase: deadline, rule: null, past: null },
      history,
    });
  const tasks = (): DraftTask[] => [
    task('health', before(-40), [
      fact('acknowledged', -55),
      fact('reported', -50),
      fact('extended', -45, { to: before(-20), document }),
      fact('submitted', -25),
      fact('confirmed', -22),
    ]),
    task('justice', before(60), [fact('acknowledged', -55)]),
  ];
  const first = tasks();
  const { id, content } = await issueTasks(world, first, { documentDate: day(-60) });
  return {
    id,
    play: async () => {
      const now = await rowOf(world, id);
      // Its process has gone by the issue and waits: what is added now is made by the one that follows.
      if (!now.whole || !now.armed) return;
      if (now.version === 1) {
        const more = { ...content, tasks: [...first, ...tasks()] };
        subjectOf(
          await amendDirective(world.engine, { ...agencyOf(world), ifMatch: now.row_version }, id, more),
        );
      } else for (const open of now.open) await stop(world, open);
    },
    check: async () => {
      await closedOnce(world, id);
      const rows = await world.sql<{ id: string; state: string }>(
        'select id, state from assignment where directive_id = $1 order by state',
        [id],
      );
      expect(rows.map(({ state }) => state)).toEqual(['confirmed', 'confirmed', 'stopped', 'stopped']);
      const past = [
        'assigned',
        'acknowledged',
        'reported',
        'extension_requested',
        'extension_decided',
        'submitted',
      ];
      for (const { id: done } of rows.slice(0, 2))
        expect(await typesOf(world, done)).toEqual([...past, 'confirmed']);
    },
  };
}
