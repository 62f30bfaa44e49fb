import { type PastContext, type PastFact, readPast } from '../domain/directive/past.js';
import { tidy } from '../domain/text.js';
import { readDocumentDate } from './dates.js';
import type { RowFindings } from './findings.js';
import type { Column, Field } from './header.js';
import type { TimeContext } from './time.js';

/** Which columns say what of a row's past: the day, the document, and of an extension the new deadline. */
const COLUMNS: readonly {
  readonly kind: PastFact['kind'];
  readonly on: Field;
  readonly document: Field | null;
  readonly to: Field | null;
}[] = [
  { kind: 'acknowledged', on: 'acknowledgedOn', document: null, to: null },
  { kind: 'reported', on: 'reportedOn', document: 'reportDocument', to: null },
  { kind: 'extended', on: 'extendedOn', document: 'extensionDocument', to: 'extendedTo' },
  { kind: 'submitted', on: 'submittedOn', document: 'submissionDocument', to: null },
  { kind: 'confirmed', on: 'confirmedOn', document: 'confirmationDocument', to: null },
];

type Values = ReadonlyMap<Field, string>;

export interface PastRow {
  readonly values: Values;
  readonly columns: readonly Column[];
  readonly assignedOn: string | null;
  readonly regular: boolean;
}

/** What a row says of its past. What cannot be read stands in the way: it is never dropped. */
export function readHistory(row: PastRow, findings: RowFindings): readonly PastFact[] {
  return COLUMNS.flatMap((column) => factOf(column, row, findings) ?? []);
}

/** What cannot have been so stands in the way as well. */
export function checkHistory(
  facts: readonly PastFact[],
  { columns, assignedOn, regular }: PastRow,
  context: TimeContext & Pick<PastContext, 'deadlineAt'>,
  findings: RowFindings,
): void {
  for (const { index, code, detail } of readPast(facts, { ...context, assignedOn, regular }).findings) {
    const column = COLUMNS.find(({ kind }) => kind === facts[index]?.kind);
    findings.blocks(code, nameOf(columns, column?.on ?? null), facts[index]?.on ?? null, detail);
  }
}

function factOf(
  column: (typeof COLUMNS)[number],
  { values, columns }: PastRow,
  findings: RowFindings,
): PastFact | null {
  const typed = tidy(values.get(column.on) ?? '');
  const to = column.to === null ? null : tidy(values.get(column.to) ?? '') || null;
  const document = column.document === null ? '' : tidy(values.get(column.document) ?? '');
  if (typed === '' && to === null && document === '') return null;
  // Of an extension the day is often only in its document.
  const stated = readDocumentDate(typed) ?? readDocumentDate(dateIn(document) ?? '');
  if (stated === null || stated.from !== stated.to) {
    findings.blocks('past_date_unreadable', nameOf(columns, column.on), typed === '' ? null : typed, {
      vi: 'Cần ngày cụ thể của việc đã diễn ra (ví dụ 15/3/2025).',
      en: 'The day on which it happened is needed (for example 15/3/2025).',
    });
    return null;
  }
  return {
    kind: column.kind,
    on: stated.from,
    unitId: null,
    document: document === '' ? null : referenceOf(document, stated.from),
    to,
    note: null,
  };
}

/** `12/QĐ-UBND ngày 5/3/2025`: the day behind the number. */
function dateIn(document: string): string | null {
  return /(?:ngày|dated|of|,)\s*(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})/iu.exec(document)?.[1] ?? null;
}

function referenceOf(document: string, on: string): { number: string; date: string } {
  const stated = readDocumentDate(dateIn(document) ?? '');
  const number = tidy(document.replace(/\s*(?:ngày|dated|,)\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}.*$/iu, ''));
  return { number: number === '' ? document : number, date: stated?.from ?? on };
}

function nameOf(columns: readonly Column[], field: Field | null): string | null {
  return columns.find((column) => column.field === field)?.name ?? null;
}
