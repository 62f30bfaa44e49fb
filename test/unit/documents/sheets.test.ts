import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { writeSheet } from '../../../src/documents/sheets.js';
import type { Cell, Sheet, SheetColumn } from '../../../src/domain/sheet.js';

const COLUMNS: readonly SheetColumn[] = [
  { name: { vi: 'Nội dung', en: 'Text' }, kind: 'text' },
  { name: { vi: 'Số', en: 'Number' }, kind: 'number' },
  { name: { vi: 'Ngày', en: 'Date' }, kind: 'date' },
  { name: { vi: 'Thời điểm', en: 'Instant' }, kind: 'instant' },
];

async function* pages(...rows: readonly (readonly (readonly Cell[])[])[]) {
  for (const page of rows) yield await Promise.resolve(page);
}
const sheet = (rows: readonly (readonly Cell[])[], locale: 'vi' | 'en' = 'vi'): Sheet => ({
  title: 'Danh sách: 1/2',
  locale,
  columns: COLUMNS,
  rows: pages(rows),
});

async function bytesOf(made: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of made) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
const csv = async (rows: readonly (readonly Cell[])[], locale: 'vi' | 'en' = 'vi') =>
  (await bytesOf(writeSheet('csv', sheet(rows, locale)))).toString('utf8');
async function firstPage(made: Sheet): Promise<ExcelJS.Worksheet> {
  const book = new ExcelJS.Workbook();
  // exceljs declares a Buffer of its own that Node's no longer is.
  await book.xlsx.load((await bytesOf(writeSheet('xlsx', made))) as unknown as ExcelJS.Buffer);
  const [page] = book.worksheets;
  if (page === undefined) throw new Error('no sheet');
  return page;
}

const DANGEROUS = ['=1+1', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1', '＝1'];
/** 17:30 on 20 June 2025 in Vietnam. */
const AT = Date.parse('2025-06-20T10:30:00Z');

describe('a table as CSV', () => {
  test('begins with the mark of UTF-8 and its columns in the language asked for', async () => {
    expect(await csv([])).toBe('\ufeffNội dung,Số,Ngày,Thời điểm\r\n');
    expect(await csv([], 'en')).toBe('\ufeffText,Number,Date,Instant\r\n');
  });

  test('shows days and instants by the clock of Vietnam, and numbers as numbers', async () => {
    expect(await csv([['x', -3, '2025-06-20', AT]])).toContain('x,-3,2025-06-20,2025-06-20 17:30\r\n');
  });

  test('holds no text that a spreadsheet would compute', async () => {
    const rows = parse(await csv(DANGEROUS.map((text) => [text, null, null, null])), { bom: true });
    const texts = rows.slice(1).map((row: readonly string[]) => row[0]);
    expect(texts).toHaveLength(DANGEROUS.length);
    for (const text of texts) expect(text).not.toMatch(/^[=+\-@\t\r＝]/);
  });

  test('is NFC, with lines ended by one sign inside a cell', async () => {
    const text = await csv([['Ke\u0302\u0301 hoạch\r\nhai', null, null, null]]);
    expect(text).toContain('"Kế hoạch\nhai"');
  });
});

describe('a table as a workbook', () => {
  test('is read again as it was: text, numbers, days and instants of Vietnam', async () => {
    const page = await firstPage(sheet([['Rà soát', 12.5, '2025-06-20', AT]]));
    expect(page.name).toBe('Danh sách  1 2');
    expect(page.getRow(1).values).toEqual([undefined, 'Nội dung', 'Số', 'Ngày', 'Thời điểm']);
    expect(page.getRow(2).values).toEqual([
      undefined,
      'Rà soát',
      12.5,
      new Date('2025-06-20T00:00:00Z'),
      new Date('2025-06-20T17:30:00Z'),
    ]);
    expect(page.getCell('D2').numFmt).toBe('dd/mm/yyyy hh:mm');
  });

  test('holds text that looks like a formula as text, and keeps it text when edited', async () => {
    const page = await firstPage(sheet(DANGEROUS.map((text) => [text, null, null, null])));
    DANGEROUS.forEach((text, index) => {
      const cell = page.getCell(index + 2, 1);
      expect([cell.type, cell.numFmt, cell.formula]).toEqual([ExcelJS.ValueType.String, '@', undefined]);
      expect(cell.value).toBe(text.replace('\r', '\n'));
    });
  });

  test('leaves out what XML cannot carry', async () => {
    const page = await firstPage(sheet([['a\u0000b\u000bc', null, null, null]]));
    expect(page.getCell('A2').value).toBe('abc');
  });

  test('breaks off where the rows do', async () => {
    const rows = (async function* () {
      yield await Promise.resolve([['x', 1, null, null]] as const);
      throw new Error('the database is away');
    })();
    await expect(bytesOf(writeSheet('xlsx', { ...sheet([]), rows }))).rejects.toThrow('the database is away');
  });
});

describe('a long table', () => {
  // Nothing that would shrink to little on its way.
  const PAGE = Array.from({ length: 500 }, (_, at) => [randomBytes(200).toString('base64'), at, null, AT]);

  /** Gives pages for ever, counts them, and tells when it was ended. */
  function endless() {
    const seen = { pages: 0, ended: false };
    const rows = (async function* () {
      try {
        for (;;) {
          seen.pages += 1;
          yield await Promise.resolve(PAGE);
        }
      } finally {
        seen.ended = true;
      }
    })();
    return { seen, rows };
  }

  test.each(['xlsx', 'csv'] as const)(
    'is made as %s only as fast as it is taken, and no longer',
    async (format) => {
      const { seen, rows } = endless();
      const made = writeSheet(format, { ...sheet([]), rows })[Symbol.asyncIterator]();
      await made.next();
      await made.next();
      // All that could run without being asked has run.
      for (let turn = 0; turn < 2_000; turn += 1) await new Promise((done) => setImmediate(done));
      expect(seen.pages).toBeLessThan(20);
      await made.return?.();
      for (let turn = 0; turn < 200 && !seen.ended; turn += 1)
        await new Promise((done) => setImmediate(done));
      expect(seen.ended).toBe(true);
    },
  );
});
