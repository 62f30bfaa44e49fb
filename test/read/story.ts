import type { AssignmentCommand } from '../../src/domain/assignment/commands.js';
import { DAY, HOUR } from '../../src/domain/instant.js';
import type { ReferralCommand } from '../../src/domain/referral/decide.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { executeReferral } from '../../src/engine/execute-referral.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  accepted,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  makeWorkingGroup,
  moveClock,
  openTestEngine,
  requestOf,
  type TestEngine,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { QUICK_POLICY } from '../support/world.js';

/** A database in which a small directive has been worked for some days: every kind of thing to read is there. */
export interface Story {
  readonly database: TestDatabase;
  readonly engine: TestEngine;
  readonly group: WorkingGroupFixture;
  /** Another Working Group, with a directive of its own. */
  readonly other: WorkingGroupFixture;
  readonly otherDirectiveId: string;
  readonly directiveId: string;
  /** Assignments by a name of the story. */
  readonly ids: Readonly<Record<StoryAssignment, string>>;
  readonly referralId: string;
  /** Before anything was late. */
  readonly early: number;
  act(who: FixturePerson, id: string, command: AssignmentCommand): Promise<void>;
  onCase(who: FixturePerson, command: ReferralCommand): Promise<void>;
  skip(ms: number): Promise<void>;
  /** Takes every step that is due. */
  conduct(): Promise<void>;
  end(): Promise<void>;
}

/** confirmed · extended · obstacle · silent · regular · waiting (submitted late). */
type StoryAssignment = 'justice' | 'communeA' | 'communeB' | 'communeC' | 'regular' | 'office';

const never = Number.MAX_SAFE_INTEGER;

/**
 * The justice department has confirmed work in time; commune A has asked for an extension and got it; B has an
 * accepted obstacle held by the health department; C stays silent, is urged and referred; the office has
 * submitted late and waits; one task is regular, one row unclear.
 */
export async function tellStory(): Promise<Story> {
  const database = await createTestDatabase();
  const engine = openTestEngine(database);
  const group = await makeWorkingGroup(engine.writer, { policy: QUICK_POLICY });
  const { units } = group;
  const tasks = {
    justice: draftTask({ code: 'A1', leadUnitIds: [units.justice], coordinatingUnitIds: [units.health] }),
    communes: draftTask({
      code: 'A2',
      title: 'Cấp định danh điện tử',
      nature: 'general',
      groupCodes: ['commune'],
    }),
    regular: draftTask({
      code: 'B1',
      leadUnitIds: [units.justice],
      recurrence: 'regular',
      phrase: 'thường xuyên',
    }),
    unclear: draftTask({ code: 'B2', title: 'Chưa rõ ai làm', keepUnclear: true, kind: 'goal' }),
    office: draftTask({
      code: 'C1',
      leadUnitIds: [units.office],
      kind: 'model',
      monitorUnitId: units.health,
    }),
  };
  const content = directiveContent(Object.values(tasks), { endsOn: '2099-12-31' });
  const directiveId = await issuedDirective(engine, group, content);
  // Units are shared by all Working Groups, so the other one is made when the general task is issued.
  const other = await makeWorkingGroup(engine.writer, { policy: QUICK_POLICY });
  const otherTask = draftTask({ leadUnitIds: [other.units.justice] });
  const otherDirectiveId = await issuedDirective(engine, other, directiveContent([otherTask]));
  const rows = await engine.writer.query<{ id: string; task_id: string; unit_id: string }>(
    'select id, task_id, unit_id from assignment where directive_id = $1',
    [directiveId],
  );
  const idOf = (taskId: string, unitId: string): string =>
    rows.rows.find((row) => row.task_id === taskId && row.unit_id === unitId)?.id ?? 'missing';
  const ids = {
    justice: idOf(tasks.justice.id, units.justice),
    communeA: idOf(tasks.communes.id, units.communeA),
    communeB: idOf(tasks.communes.id, units.communeB),
    communeC: idOf(tasks.communes.id, units.communeC),
    regular: idOf(tasks.regular.id, units.justice),
    office: idOf(tasks.office.id, units.office),
  };
  const act: Story['act'] = async (who, id, command) => {
    accepted(await executeAssignments(engine, requestOf(group.signIn(who).actor), [id], command));
  };
  const skip = async (ms: number): Promise<void> => moveClock(database, ms);
  const cases = async (): Promise<string[]> =>
    (
      await engine.writer.query<{ id: string }>('select id from referral where working_group_id = $1', [
        group.workingGroupId,
      ])
    ).rows.map(({ id }) => id);
  const conduct = async (): Promise<void> => {
    for (let more = true; more; ) ({ more } = await conductDirective(engine, directiveId, never));
    for (const id of await cases()) await conductReferral(engine, id, never);
  };
  const early = (await engine.writer.query<{ now: number }>('select app_now() as now')).rows[0]?.now ?? 0;
  await skip(HOUR);
  await act('unit:justice', ids.justice, {
    action: 'report',
    input: { text: 'Đã làm một nửa', percent: 50 },
  });
  await act('unit:justice', ids.justice, {
    action: 'ask_contribution',
    input: { unitId: units.health, deadline: 'within 2 days', text: 'Số liệu' },
  });
  await act('unit:justice', ids.justice, {
    action: 'submit',
    input: { text: 'Báo cáo', evidence: ['bao-cao.pdf'] },
  });
  await act('standing_agency', ids.justice, { action: 'confirm', input: {} });
  await act('unit:communeA', ids.communeA, {
    action: 'request_extension',
    input: { deadline: 'within 30 days', reason: 'Thiếu máy' },
  });
  const extension = await matterOf(engine, ids.communeA, 'extension');
  await act('standing_agency', ids.communeA, {
    action: 'decide_extension',
    input: { id: extension, decision: 'grant', reason: 'Đồng ý' },
  });
  await act('unit:communeB', ids.communeB, {
    action: 'raise_obstacle',
    input: { cause: 'data', holderUnitId: units.health, text: 'Chưa có dữ liệu y tế' },
  });
  const obstacle = await matterOf(engine, ids.communeB, 'obstacle');
  await act('standing_agency', ids.communeB, {
    action: 'answer_obstacle',
    input: { id: obstacle, answer: 'accept', text: 'Đúng vậy' },
  });
  await skip(6 * DAY);
  await conduct();
  await act('unit:communeC', ids.communeC, {
    action: 'state_cause',
    input: { cause: 'personnel', objective: false, text: 'Thiếu người' },
  });
  await act('unit:office', ids.office, { action: 'submit', input: { text: 'Nộp muộn' } });
  const [referralId = 'missing'] = (
    await engine.writer.query<{ id: string }>('select id from referral where assignment_id = $1', [
      ids.communeC,
    ])
  ).rows.map(({ id }) => id);
  const onCase: Story['onCase'] = async (who, command) => {
    accepted(await executeReferral(engine, requestOf(group.signIn(who).actor), referralId, command));
  };
  const end = async (): Promise<void> => {
    await engine.close();
    await database.drop();
  };
  return {
    database,
    engine,
    group,
    other,
    otherDirectiveId,
    directiveId,
    ids,
    referralId,
    early,
    act,
    onCase,
    skip,
    conduct,
    end,
  };
}

export async function matterOf(engine: TestEngine, assignmentId: string, kind: string): Promise<string> {
  const found = await engine.writer.query<{ id: string }>(
    'select id from matter where assignment_id = $1 and kind = $2',
    [assignmentId, kind],
  );
  return found.rows[0]?.id ?? 'missing';
}
