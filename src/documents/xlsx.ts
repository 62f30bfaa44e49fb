import { EventEmitter, once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import ExcelJS from 'exceljs';
import type { Cell, CellKind, Sheet, SheetColumn } from '../domain/sheet.js';
import { cellText, localClock } from './cells.js';

/** Text is marked as text, so that a cell which begins with `=` stays words also after somebody has edited it. */
const FORMATS: Readonly<Record<CellKind, string>> = {
  text: '@',
  number: 'General',
  date: 'dd/mm/yyyy',
  instant: 'dd/mm/yyyy hh:mm',
};
const WIDTH = 20;

/**
 * A table as a workbook, made while it is read: neither its rows nor the file are ever held as a whole. Whoever
 * stops taking stops the making.
 */
export async function* xlsxSheet(sheet: Sheet): AsyncGenerator<Uint8Array> {
  const out = new PassThrough();
  const left = new AbortController();
  fill(sheet, out, left.signal).catch((error: unknown) => {
    out.destroy(
      error instanceof Error ? error : new Error('The workbook could not be made', { cause: error }),
    );
  });
  try {
    for await (const chunk of out) yield Buffer.from(chunk);
  } finally {
    left.abort();
    out.destroy();
  }
}

async function fill(sheet: Sheet, out: Writable, left: AbortSignal): Promise<void> {
  const { columns, locale } = sheet;
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: true,
    useSharedStrings: false,
  });
  book.creator = 'Dondoc';
  book.lastModifiedBy = 'Dondoc';
  const page = book.addWorksheet(sheetName(sheet.title), {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  page.columns = columns.map(({ kind, width = WIDTH }) => ({
    width,
    style: { numFmt: FORMATS[kind], alignment: { vertical: 'top', wrapText: kind === 'text' } },
  }));
  page.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } };
  const head = page.addRow(columns.map(({ name }) => name[locale]));
  head.font = { bold: true };
  head.commit();
  for await (const rows of sheet.rows) {
    for (const row of rows)
      page.addRow(columns.map((column, at) => cellOf(row[at] ?? null, column))).commit();
    await keptUp(page, left);
    if (left.aborted) return;
  }
  page.commit();
  await book.commit();
}

function cellOf(value: Cell, { kind }: SheetColumn): string | number | Date | null {
  if (value === null) return null;
  if (kind === 'instant' && typeof value === 'number') return localClock(value);
  if (kind === 'date') return new Date(`${value}T00:00:00Z`);
  if (kind === 'number' && typeof value === 'number') return value;
  return cellText(String(value));
}

/** What the streams of exceljs are at run time; its types leave them out. */
interface Taker extends EventEmitter {
  readonly writableLength: number;
  readonly writableHighWaterMark: number;
}

/**
 * Waits until what was written has been taken. exceljs hands its text on without asking whether the next one keeps
 * up; where a caller takes slowly, the whole file would gather in memory.
 */
async function keptUp(page: object, left: AbortSignal): Promise<void> {
  for (const taker of takersOf(page)) {
    if (taker.writableLength < taker.writableHighWaterMark) continue;
    await once(taker, 'drain', { signal: left }).catch((error: unknown) => {
      if (!left.aborted) throw error;
    });
  }
}

/** @throws where exceljs is not built as it was: then a slow caller would go unnoticed */
function takersOf(page: object): readonly Taker[] {
  const stream: unknown = Reflect.get(page, 'stream');
  const pipes: unknown = typeof stream === 'object' && stream !== null ? Reflect.get(stream, 'pipes') : null;
  if (Array.isArray(pipes) && pipes.length > 0 && pipes.every(isTaker)) return pipes;
  throw new Error('exceljs does not tell who takes what it writes');
}

const isTaker = (pipe: unknown): pipe is Taker =>
  pipe instanceof EventEmitter && 'writableLength' in pipe && 'writableHighWaterMark' in pipe;

/** What Excel allows as the name of a sheet. */
const sheetName = (title: string): string => title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31);
