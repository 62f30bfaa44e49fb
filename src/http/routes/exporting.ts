import { z } from 'zod';
import { isRefusal, type Refusal } from '../../domain/errors.js';
import { SHEET_FORMATS, type SheetFormat } from '../../domain/sheet.js';
import { type ListTable, type Pages, pagesOf, sheetOf } from '../../engine/export/list.js';
import type { Page, PageRequest } from '../../engine/read/page.js';
import { sheetWriterOf } from '../../engine/sheets.js';
import type { Call, StreamReply } from '../route.js';
import { pageRequest } from './viewing.js';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const CSV_TYPE = 'text/csv';
/** What a list may be answered with beside JSON. */
export const TABLE_MEDIA = [XLSX_TYPE, CSV_TYPE] as const;

/** Every list has it: a page of JSON, or all of it as a file. */
export const FormatField = {
  format: z
    .enum(['json', ...SHEET_FORMATS])
    .default('json')
    .meta({ description: 'xlsx, csv: the whole list as a file; limit and cursor are then not used' }),
};

/** The query of a list that takes nothing else. */
export const FormatQuery = z.strictObject(FormatField);

/** How often a long export asks whether its caller still may. */
const ASK_AGAIN_MS = 15_000;

interface Asked {
  readonly format: 'json' | SheetFormat;
  readonly [field: string]: unknown;
}

/** A page of the list, or the whole list as a file, by what was asked for. */
export async function listReply<T>(
  call: Call,
  query: Asked & { readonly limit: number; readonly cursor?: string | undefined },
  table: ListTable<T>,
  read: (request: PageRequest) => Promise<Page<T>>,
): Promise<{ readonly body: Page<T> } | StreamReply> {
  const { format, limit, cursor = null } = query;
  if (format === 'json') return { body: await read({ limit, cursor }) };
  return await tableReply(call, { ...query, format }, table, pagesOf(read));
}

/** The same of a list that hangs on something the caller may not read: then that is the answer. */
export async function listOrRefusal<T>(
  call: Call,
  query: Asked & { readonly limit: number; readonly cursor?: string | undefined },
  table: ListTable<T>,
  read: (request: PageRequest) => Promise<Page<T> | Refusal>,
): Promise<{ readonly body: Page<T> } | StreamReply | Refusal> {
  if (query.format === 'json') {
    const page = await read(pageRequest(query));
    return isRefusal(page) ? page : { body: page };
  }
  const first = await read({ limit: 1, cursor: null });
  if (isRefusal(first)) return first;
  return await listReply(call, query, table, async (request) => {
    const page = await read(request);
    if (isRefusal(page)) throw new Error('The caller may no longer: the export is cut');
    return page;
  });
}

/** A list that is there as a whole: as it is answered in JSON, or its rows as a file. */
export async function wholeReply<T, B>(
  call: Call,
  query: Asked,
  body: B,
  table: ListTable<T>,
  rows: readonly T[],
): Promise<{ readonly body: B } | StreamReply> {
  const { format } = query;
  return format === 'json' ? { body } : await tableReply(call, { ...query, format }, table, once(rows));
}

/** What is there already, as pages. */
async function* once<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield await Promise.resolve(items);
}

/**
 * A table as a file. It is written down before the first byte leaves; the first rows are read before, too, so that
 * what is wrong is answered as a Problem and not as a file that ends early.
 */
export async function tableReply<T>(
  call: Call,
  query: Asked & { readonly format: SheetFormat },
  table: ListTable<T>,
  pages: Pages<T>,
): Promise<StreamReply> {
  const { format } = query;
  const begun = await begin(pages);
  await call.recordAccess('exported', { kind: table.file, id: null }, { format, filters: filtersOf(query) });
  const sheet = sheetOf(table, call.locale, whileAllowed(call, begun));
  return {
    stream: sheetWriterOf(call.engine).write(format, sheet),
    headers: fileHeaders(format, table.file),
  };
}

/** A file to be kept, that no browser takes for anything else. */
export const fileHeaders = (format: SheetFormat, name: string) => ({
  'Content-Type': format === 'csv' ? `${CSV_TYPE}; charset=utf-8` : XLSX_TYPE,
  'Content-Disposition': `attachment; filename="${name}.${format}"`,
  'X-Content-Type-Options': 'nosniff',
});

/** The filters as they were set; words that somebody searched for are only said to have been given. */
function filtersOf(query: Asked): Record<string, unknown> {
  const { format: _format, limit: _limit, cursor: _cursor, q, ...filters } = query;
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(q === undefined ? {} : { searched: true }) };
}

/** Reads the first rows now, and the rest when it is asked for. */
export async function begin<T>(pages: Pages<T>): Promise<Pages<T>> {
  const iterator = pages[Symbol.asyncIterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

/** @throws where a caller lost the right on the way, or the process stops: the connection is cut, the file not whole */
export async function* whileAllowed<T>(
  call: Call,
  pages: Pages<T>,
): AsyncGenerator<readonly T[], void, undefined> {
  let askedAt = performance.now();
  for await (const items of pages) {
    if (call.draining) throw new Error('The process stops: the export is cut');
    if (performance.now() - askedAt > ASK_AGAIN_MS) {
      askedAt = performance.now();
      if (!(await call.stillAllowed())) throw new Error('The caller may no longer: the export is cut');
    }
    yield items;
  }
}
