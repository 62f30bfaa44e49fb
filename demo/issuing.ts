import type { ImportChoices } from '../src/domain/import.js';
import {
  type AssignmentView,
  answer,
  apply,
  assignmentsOf,
  check,
  issue,
  type Preview,
  preview,
} from './directives.js';
import { expectThat } from './narrator.js';
import type { Stage } from './stage.js';

/** The issued directive, and its assignments by the number of their row. */
export interface Plot {
  readonly directiveId: string;
  readonly assignments: readonly AssignmentView[];
  /** When it was issued: mails of this play are later. */
  readonly since: number;
}

/** The one assignment of a row of the plan. */
export function ofRow({ assignments }: Plot, code: string): AssignmentView {
  const found = assignments.find(({ task }) => task.code === code);
  if (found === undefined) throw new Error(`Row ${code} of the plan has no assignment`);
  return found;
}

/** The answers to what the preview asks; rows by their line in demo/plan.csv. */
const ANSWERS: ImportChoices = {
  units: { 'Sở Văn hóa': { units: ['so-vhttdl'] } },
  past: { rows: { 11: { answer: 'carry_over', newPhrase: 'trong 10 phút' } } },
  rows: { 12: { result: 'Báo cáo kết quả tuyên truyền' } },
};

/** The invented plan comes in, is asked about, answered, checked and issued. */
export async function playIssuing(stage: Stage): Promise<Plot> {
  const { narrator, agency, number, today } = stage;
  const { api } = agency;
  narrator.chapter('Kế hoạch mới: nhập, kiểm tra, ban hành', 'A new plan: import, check, issue');
  const first = await narrator.step(
    'the plan is previewed',
    async () => {
      const title = 'Kế hoạch triển khai Đề án 06';
      const about = { number, title, documentDate: today, endsOn: `${today.slice(0, 4)}-12-31` };
      return await preview(api, 'demo/plan.csv', about);
    },
    tellPreview,
  );
  const answered = await narrator.step(
    'the questions of the preview are answered',
    async () => {
      const read = await answer(api, first.id, ANSWERS);
      const { blocked, unclear, ready, past } = read.preview.summary;
      expectThat(blocked === 0 && unclear === 0, `${blocked} rows still wait and ${unclear} are unclear`);
      expectThat(
        ready + past === read.preview.summary.tasks,
        'a row is neither ready nor past with an answer',
      );
      return read;
    },
    ({ preview: { summary } }) =>
      `answers given: a unit chosen, a product named, a past deadline carried over; ${summary.tasks} tasks are clear`,
  );
  const { id, counts } = await narrator.step(
    'the draft passes the gate of the four clears',
    async () => {
      const draft = await apply(api, answered.id);
      const report = await check(api, draft);
      expectThat(report.ready, `the gate refuses ${report.counts.refused} rows`);
      return { id: draft, counts: report.counts };
    },
    ({ counts: of }) => `bốn rõ · the gate passes ${of.clear} rows: people, work, time and results are clear`,
  );
  return await narrator.step(
    'the directive is issued',
    async () => {
      const since = Date.now();
      const directive = await issue(narrator, api, id);
      const assignments = await assignmentsOf(api, id);
      expectThat(directive.state === 'issued', `the directive is ${directive.state}`);
      expectThat(
        assignments.length === counts.assignments,
        `${assignments.length} of ${counts.assignments} assignments`,
      );
      return { directiveId: id, assignments, since };
    },
    ({ assignments }) => [
      `${agency.name} issues ${number}: ${assignments.length} assignments, one instant of issue for all`,
      ...tellTasks(assignments),
    ],
  );
}

/** One line a task; a general one says to how many units it goes. */
function tellTasks(assignments: readonly AssignmentView[]): string[] {
  const first = assignments.filter(
    ({ task }, index) => assignments.findIndex((other) => other.task.id === task.id) === index,
  );
  return first.map(({ task, unit, deadline }) => {
    const units = assignments.filter((other) => other.task.id === task.id).length;
    const who = units === 1 ? unit.name : `${units} units (${unit.name} …)`;
    return `${task.code ?? '-'}  ${who}: ${task.title} (${deadline.phrase})`;
  });
}

function tellPreview({ preview: read }: Preview): string[] {
  const { summary } = read;
  const findings = read.rows.flatMap((row) => row.findings).filter(({ severity }) => severity !== 'note');
  return [
    `the plan is read: ${summary.tasks} tasks under ${summary.sections} headings, ${findings.length} findings`,
    ...findings.map(
      ({ row, column, message }) => `line ${row}${column === null ? '' : `, ${column}`}: ${message}`,
    ),
  ];
}
