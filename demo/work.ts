import type { z } from 'zod';
import type { Assignment } from '../src/contracts/assignment-resource.js';
import { MatterAnswer } from '../src/contracts/assignments.js';
import { type AssignmentView, readAssignment } from './directives.js';
import { ofRow, type Plot } from './issuing.js';
import { localTime } from './local-time.js';
import { expectThat } from './narrator.js';
import { actAs, actForUnit, type Stage } from './stage.js';

/** Units that do their work: acknowledged, reported, submitted, returned and mended, extended, held up. */
export async function playWork(stage: Stage, plot: Plot): Promise<void> {
  stage.narrator.chapter('Các đơn vị làm việc', 'Units at work');
  await reportAndConfirm(stage, ofRow(plot, '1'));
  await returnAndMend(stage, ofRow(plot, '2'));
  await extend(stage, ofRow(plot, '3'));
  await holdUp(stage, ofRow(plot, '4'));
  await submitAndConfirm(stage, ofRow(plot, '7'));
  await submitAndConfirm(stage, ofRow(plot, '8'));
  const general = plot.assignments.filter(({ task }) => task.nature === 'general');
  await workTogether(stage, general);
}

/** Units at once in a general task; enough to be quick, few enough to leave others their turn. */
const AT_ONCE = 4;

/** A general task goes to every unit of a group: one assignment each, most of them answered on paper. */
async function workTogether(stage: Stage, assignments: readonly AssignmentView[]): Promise<void> {
  const { narrator, agency } = stage;
  await narrator.step(
    'every unit of the general task submits',
    async () => {
      const body = { text: 'Đã bố trí điểm hỗ trợ', evidence: ['https://example.vn/diem-ho-tro'] };
      return await inTurns(assignments, async (one) => await acted(stage, one, 'submit', body, 'submitted'));
    },
    (by) => [
      `general task: ${by.length} units submit their result`,
      ...by.slice(0, 3).map((who, index) => `${assignments[index]?.unit.name ?? ''}: ${who}`),
      `… and ${by.length - 3} more`,
    ],
  );
  await narrator.step(
    'every result of the general task is confirmed',
    async () =>
      await inTurns(
        assignments,
        async ({ id }) => await actAs(stage, agency, id, 'confirm', {}, 'confirmed'),
      ),
    (done) => `${agency.name} confirms all ${done.length}`,
  );
}

/** Works on several at once, and answers in their order. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

async function reportAndConfirm(stage: Stage, assignment: AssignmentView): Promise<void> {
  const { narrator, agency } = stage;
  const name = assignment.unit.name;
  await narrator.step(
    `${name} acknowledges`,
    async () => await acted(stage, assignment, 'acknowledge', { note: 'Đã nhận' }, 'acknowledged'),
    (by) => `${name} acknowledges (${by})`,
  );
  await narrator.step(
    `${name} reports progress`,
    async () =>
      await acted(
        stage,
        assignment,
        'progress',
        { text: 'Đã rà soát 20/42 thủ tục', percent: 48 },
        'in_progress',
      ),
    () => `${name} reports: 20 of 42 procedures reviewed`,
  );
  await submit(stage, assignment, 'Danh mục 42 thủ tục đã rà soát');
  await narrator.step(
    `${name}'s result is confirmed`,
    async () => await actAs(stage, agency, assignment.id, 'confirm', { note: 'Đạt yêu cầu' }, 'confirmed'),
    () => `${agency.name} confirms the result of ${name}: on time`,
  );
}

async function returnAndMend(stage: Stage, assignment: AssignmentView): Promise<void> {
  const { narrator, agency, today } = stage;
  const name = assignment.unit.name;
  const figure = { numerator: 880, denominator: 1000, asOf: today };
  await narrator.step(
    `${name} reports a figure`,
    async () =>
      await acted(stage, assignment, 'progress', { text: 'Số liệu đến hôm nay', figure }, 'in_progress'),
    () => `${name} reports 880 of 1,000 files: kept as numerator and denominator, never as a percentage`,
  );
  await submit(stage, assignment, 'Đã liên thông 880/1.000 hồ sơ');
  await narrator.step(
    `${name}'s result is returned`,
    async () => {
      const reason = 'Chỉ tiêu là tối thiểu 95%, mới đạt 88%';
      const after = await actAs(stage, agency, assignment.id, 'return', { reason }, 'in_progress');
      expectThat(after.returns === 1, `${after.returns} returns are recorded`);
      return after;
    },
    () => `${agency.name} returns it: 88 % of a target of at least 95 %; the unit gets time to mend it`,
  );
  await submit(stage, assignment, 'Đã bổ sung: 962/1.000 hồ sơ');
  await narrator.step(
    `${name}'s mended result is confirmed`,
    async () => await actAs(stage, agency, assignment.id, 'confirm', {}, 'confirmed'),
    () => `mended to 96.2 % and confirmed`,
  );
}

async function extend(stage: Stage, assignment: AssignmentView): Promise<void> {
  const { narrator, agency, today } = stage;
  const name = assignment.unit.name;
  const extensionId = await narrator.step(
    `${name} asks for an extension`,
    async () => {
      const body = { deadline: 'trong 15 phút', reason: 'Chờ nghị quyết của Hội đồng nhân dân' };
      return openMatter((await actForUnit(stage, assignment, 'extensions', body)).assignment, 'extension');
    },
    () => `${name} asks for more time, before its deadline`,
  );
  await narrator.step(
    'the extension is granted',
    async () => {
      const document = { number: '17/CV-TCTĐA06', date: today };
      const body = { decision: 'grant', reason: 'Lý do khách quan', document };
      await agency.api.post(`/v1/extensions/${extensionId}/decision`, body, MatterAnswer);
      const after = await readAssignment(agency.api, assignment.id);
      const { firstDeadlineAt, deadlineAt } = after.deadline;
      expectThat(firstDeadlineAt === assignment.deadline.firstDeadlineAt, 'the first deadline was not kept');
      expectThat((deadlineAt ?? '') > (firstDeadlineAt ?? ''), 'the deadline did not move');
      expectThat(after.cycle === 2, `the cycle is ${after.cycle}, not 2`);
      return after;
    },
    ({ deadline }) =>
      `${agency.name} grants it by a numbered document: ${localTime(deadline.firstDeadlineAt)} became ${localTime(deadline.deadlineAt)}, and both are kept`,
  );
  await submitAndConfirm(stage, assignment);
}

async function holdUp(stage: Stage, assignment: AssignmentView): Promise<void> {
  const { narrator, agency } = stage;
  const name = assignment.unit.name;
  const obstacleId = await narrator.step(
    `${name} raises an obstacle`,
    async () => {
      const body = { cause: 'data', text: 'Chưa được cấp quyền kết nối CSDL quốc gia về dân cư' };
      return openMatter((await actForUnit(stage, assignment, 'obstacles', body)).assignment, 'obstacle');
    },
    () => `${name} raises an obstacle: no access yet to the national population database`,
  );
  const answered = async (answer: string, text: string): Promise<AssignmentView> => {
    await agency.api.post(`/v1/obstacles/${obstacleId}/answer`, { answer, text }, MatterAnswer);
    return await readAssignment(agency.api, assignment.id);
  };
  await narrator.step(
    'the obstacle is accepted',
    async () => {
      const after = await answered('accept', 'Ghi nhận; đang làm việc với đơn vị quản lý');
      expectThat(after.held !== null, 'the clock was not stopped');
      return after;
    },
    ({ held }) => `${agency.name} accepts it: the clock stands still since ${localTime(held?.since ?? null)}`,
  );
  await narrator.step(
    'the obstacle is resolved',
    async () => {
      const after = await answered('resolve', 'Đã cấp quyền kết nối');
      expectThat(after.held === null, 'the clock still stands');
      expectThat(
        (after.deadline.dueAt ?? '') > (assignment.deadline.dueAt ?? ''),
        'the held time was not added',
      );
      return after;
    },
    ({ deadline }) => `resolved: the time it was held is added, due ${localTime(deadline.dueAt)}`,
  );
  await submitAndConfirm(stage, assignment);
}

async function submitAndConfirm(stage: Stage, assignment: AssignmentView): Promise<void> {
  const { narrator, agency } = stage;
  const name = assignment.unit.name;
  await submit(stage, assignment, 'Đã hoàn thành');
  await narrator.step(
    `${name}'s result is confirmed`,
    async () => await actAs(stage, agency, assignment.id, 'confirm', {}, 'confirmed'),
    () => `${agency.name} confirms the result of ${name}`,
  );
}

async function submit(stage: Stage, assignment: AssignmentView, text: string): Promise<void> {
  const name = assignment.unit.name;
  await stage.narrator.step(
    `${name} submits its result`,
    async () => {
      const evidence = ['https://example.vn/ho-so/ket-qua.pdf'];
      return await acted(stage, assignment, 'submit', { text, evidence }, 'submitted');
    },
    (by) => `${name} submits: ${text} (${by})`,
  );
}

/** An act of the unit; who did it. */
async function acted(
  stage: Stage,
  assignment: AssignmentView,
  path: string,
  body: object,
  state: AssignmentView['state'],
): Promise<string> {
  const { assignment: after, by } = await actForUnit(stage, assignment, path, body);
  expectThat(after.state === state, `the assignment is ${after.state}, not ${state}`);
  return by;
}

type MatterKind = z.output<typeof Assignment>['matters'][number]['kind'];

function openMatter(assignment: AssignmentView, kind: MatterKind): string {
  const matter = assignment.matters.filter((one) => one.kind === kind).at(-1);
  if (matter === undefined) throw new Error(`The assignment carries no ${kind}`);
  return matter.id;
}
