import type { DraftTask } from '../domain/directive/draft.js';
import type { PreviewRow, RowStatus } from '../domain/import.js';
import { foldKey, tidy } from '../domain/text.js';
import { readDocumentDate, type StatedDate } from './dates.js';
import type { RowFindings } from './findings.js';
import type { Column, Field } from './header.js';
import { checkHistory, readHistory } from './past.js';
import { type People, readPeople } from './people.js';
import { readResult } from './results.js';
import type { SortedRow } from './rows.js';
import { readTime, type TimeContext } from './time.js';
import type { NameBook } from './units.js';

export interface TaskContext extends TimeContext {
  readonly columns: readonly Column[];
  readonly book: NameBook;
  /** How many units each group has. */
  readonly groupSizes: ReadonlyMap<string, number>;
  readonly newId: (line: number) => string;
}

const KINDS: readonly (readonly [RegExp, DraftTask['kind']])[] = [
  [/\b(mo hinh|model)\b/, 'model'],
  [/\b(muc tieu|goal)\b/, 'goal'],
  [/\b(nhiem vu|task|chung|cu the|general|specific)\b/, 'task'],
];
const REGULAR = /\b(thuong xuyen|regular|dinh ky)\b/;

/** The name of the column a field came from, for findings. */
function columnOf(columns: readonly Column[], ...fields: readonly Field[]): string | null {
  return columns.find((column) => column.field !== null && fields.includes(column.field))?.name ?? null;
}

/** Phrase and date may stand in two columns: “in quarter”, “2024-Q1”. */
function phraseOf(values: ReadonlyMap<Field, string>): string {
  const phrase = tidy(
    [values.get('deadline'), values.get('deadlineNamed')].filter((part) => part !== undefined).join(' '),
  );
  // The column of kinds says “thường xuyên” where the deadline says nothing.
  const kind = values.get('kind') ?? '';
  return phrase === '' && REGULAR.test(foldKey(kind)) ? tidy(kind) : phrase;
}

function kindOf(text: string, column: string | null, findings: RowFindings): DraftTask['kind'] {
  const key = foldKey(text);
  const found = KINDS.find(([words]) => words.test(key));
  if (found === undefined && key !== '' && !REGULAR.test(key)) {
    findings.note('kind_unknown', column, text, {
      vi: `Không rõ loại “${text}”: đọc là nhiệm vụ. Các loại: nhiệm vụ, mô hình, mục tiêu, thường xuyên.`,
      en: `The kind “${text}” is not known: read as a task. Kinds: task, model, goal, regular.`,
    });
  }
  return found?.[1] ?? 'task';
}

function sourceOf(
  values: ReadonlyMap<Field, string>,
  columns: readonly Column[],
  findings: RowFindings,
): {
  source: DraftTask['source'];
  stated: StatedDate | null;
} {
  const typed = values.get('sourceDate') ?? '';
  const stated = typed === '' ? null : readDocumentDate(typed);
  const exact = stated !== null && stated.from === stated.to ? stated.from : null;
  if (typed !== '' && exact === null) {
    const message =
      stated === null
        ? {
            vi: `Không đọc được ngày văn bản “${typed}”: để trống, hãy bổ sung.`,
            en: `The document date “${typed}” cannot be read: left blank, please add it.`,
          }
        : {
            vi: `Ngày văn bản “${typed}” không đủ ngày, tháng: để trống, hãy bổ sung.`,
            en: `The document date “${typed}” has no day: left blank, please add it.`,
          };
    findings.note(
      stated === null ? 'document_date_unreadable' : 'document_date_imprecise',
      columnOf(columns, 'sourceDate'),
      typed,
      message,
    );
  }
  const number = tidy(values.get('source') ?? '');
  const url = values.get('sourceUrl') ?? null;
  if (number === '' && url === null && exact === null) return { source: null, stated };
  return { source: { number, date: exact, url: url === null ? null : tidy(url) }, stated };
}

function resultOf(
  values: ReadonlyMap<Field, string>,
  columns: readonly Column[],
  title: string,
  findings: RowFindings,
): { result: DraftTask['result']; typed: string | null } {
  const product = values.get('result');
  const figure = values.get('figure');
  // Product and figure in two columns: the figure is what can be followed, the product names it.
  const typed = figure ?? product ?? '';
  const column =
    columnOf(columns, figure === undefined ? 'result' : 'figure') ?? columnOf(columns, 'result', 'figure');
  const name = figure !== undefined && product !== undefined ? tidy(product) : title;
  const both = product !== undefined && figure !== undefined ? `${tidy(product)}; ${tidy(figure)}` : null;
  let read = readResult(typed, name);
  if (read.result?.kind === 'deliverable' && both !== null)
    read = { ...read, result: { kind: 'deliverable', text: both } };
  if (read.result === null && both !== null) read = readResult(product ?? '', title);
  for (const note of read.notes) findings.note(note.code, column, note.value, note.message);
  if (read.missing === 'empty') {
    findings.unclear('results', 'result_missing', column, typed === '' ? null : typed, {
      vi: 'Chưa nêu sản phẩm hoặc chỉ tiêu: hãy bổ sung, hoặc giữ hàng ở trạng thái chưa rõ.',
      en: 'Neither a deliverable nor a target is stated: add one, or keep the row as unclear.',
    });
  }
  if (read.missing === 'status') {
    findings.unclear('results', 'result_is_status', column, typed, {
      vi: 'Ô ghi tình hình (số quá hạn, chậm), không phải kết quả được giao: hãy ghi sản phẩm hoặc chỉ tiêu.',
      en: 'The cell says how things stood (overdue, late), not what is asked for: state the deliverable or the target.',
    });
  }
  return { result: read.result, typed: both ?? (typed === '' ? null : typed) };
}

/** A breakdown by unit has to add up to the total that is stated. */
function checkBreakdown(
  people: People,
  result: DraftTask['result'],
  column: string | null,
  findings: RowFindings,
): void {
  if (people.targets.length === 0 || result?.kind !== 'indicator' || result.numerator === null) return;
  const sum = people.targets.reduce((total, target) => total + target.numerator, 0);
  if (sum === result.numerator || people.unresolved) return;
  findings.note('breakdown_differs', column, String(sum), {
    vi: `Cộng theo đơn vị được ${sum}, tổng ghi ${result.numerator}: hãy kiểm tra.`,
    en: `The units' figures add up to ${sum}, the total says ${result.numerator}: check them.`,
  });
}

function titlesOf(
  values: ReadonlyMap<Field, string>,
  columns: readonly Column[],
  findings: RowFindings,
): Pick<DraftTask, 'title' | 'titleEn'> {
  const vi = tidy(values.get('title') ?? '');
  const en = tidy(values.get('titleEn') ?? '');
  if (vi === '' && en === '') {
    findings.unclear('work', 'title_missing', columnOf(columns, 'title', 'titleEn'), null, {
      vi: 'Chưa nêu việc phải làm: hãy bổ sung nội dung nhiệm vụ.',
      en: 'The work is not stated: add it.',
    });
  }
  return vi === '' ? { title: en, titleEn: null } : { title: vi, titleEn: en === '' ? null : en };
}

function statusOf(findings: RowFindings, past: boolean): RowStatus {
  if (findings.isBlocked) return 'blocked';
  if (findings.unclears.length > 0) return 'unclear';
  return past ? 'past' : 'ready';
}

function keeps(keepUnclear: boolean | readonly number[] | undefined, line: number): boolean {
  return typeof keepUnclear === 'boolean' ? keepUnclear : (keepUnclear ?? []).includes(line);
}

/** When it is due, and what a row under way says of its past. */
function timesOf(
  values: ReadonlyMap<Field, string>,
  {
    line,
    source,
    stated,
  }: {
    readonly line: number;
    readonly source: DraftTask['source'];
    readonly stated: StatedDate | null;
  },
  context: TaskContext,
  findings: RowFindings,
) {
  const { columns } = context;
  const regular = REGULAR.test(foldKey(values.get('kind') ?? ''));
  const assignedOn = source?.date ?? context.documentDate;
  const row = { values, columns, assignedOn, regular };
  const history = readHistory(row, findings);
  const asked = {
    line,
    phrase: phraseOf(values),
    column: columnOf(columns, 'deadline', 'deadlineNamed'),
    regular,
    underWay: history.length > 0,
    clearOtherwise: findings.unclears.length === 0,
  };
  const time = readTime(asked, stated, context, findings);
  checkHistory(history, row, { ...context, deadlineAt: time.at }, findings);
  return { history, time };
}

/** One row to one task of the draft, with everything that has to be said of it. */
export function readTask(row: SortedRow, context: TaskContext): PreviewRow {
  const { values, findings, line } = row;
  const { columns } = context;
  const { title, titleEn } = titlesOf(values, columns, findings);
  const leadColumn = columnOf(columns, 'lead');
  const people = readPeople(row, context, {
    lead: leadColumn,
    coordinating: columnOf(columns, 'coordinating'),
    monitor: columnOf(columns, 'monitor'),
  });
  const { result, typed } = resultOf(values, columns, title, findings);
  checkBreakdown(people, result, leadColumn, findings);
  const kind = kindOf(values.get('kind') ?? '', columnOf(columns, 'kind'), findings);
  const { source, stated } = sourceOf(values, columns, findings);
  const { history, time } = timesOf(values, { line, source, stated }, context, findings);
  const status = statusOf(findings, time.past);
  const task: DraftTask = {
    id: context.newId(line),
    code: values.get('code') ?? null,
    title,
    titleEn,
    nature: people.groupCodes.length > 0 ? 'general' : 'specific',
    recurrence: time.regular ? 'regular' : 'one_off',
    kind,
    leadUnitIds: people.leadUnitIds,
    severalLeads: people.severalLeads,
    groupCodes: people.groupCodes,
    coordinatingUnitIds: people.coordinatingUnitIds,
    monitorUnitId: people.monitorUnitId,
    deadline: time.deadline,
    result,
    targets: people.targets,
    source,
    importRow: line,
    asTyped: {
      leads: values.get('lead') ?? null,
      coordinating: values.get('coordinating') ?? null,
      result: typed,
    },
    keepUnclear: status === 'unclear' && keeps(context.choices.keepUnclear, line),
    previousTaskId: null,
    ...(history.length === 0 ? {} : { history }),
  };
  return {
    line,
    kind: 'task',
    status,
    task,
    section: row.section,
    cells: row.cells,
    findings: findings.list,
  };
}
