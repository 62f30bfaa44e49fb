import { describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import type { ImportPreview } from '../../../src/domain/import.js';
import type { ImportContext } from '../../../src/import/preview.js';
import { type Book, packBook } from '../../../src/import/workbook/book.js';
import { WORKBOOK_LIMITS } from '../../../src/import/workbook/limits.js';
import { previewBook } from '../../../src/import/workbook/preview.js';
import { readBook } from '../../../src/import/workbook/read.js';
import { columnIndex, columnLetters } from '../../../src/import/workbook/reference.js';
import { numberFormat, numberText, serialDate } from '../../../src/import/workbook/values.js';
import {
  PLAN_HEADER,
  PLAN_ROWS,
  type RawWorkbook,
  sheetData,
  textCell,
  workbook,
} from '../../support/workbooks.js';
import { codes, context, preview as previewText, rowAt } from './support.js';

const UNITS = ['Sở Tư pháp', 'Sở Y tế', 'Sở Tài chính'];
const DIRECTORY = {
  units: UNITS.map((name, at) => ({
    id: `u${at}`,
    code: `U${at}`,
    name,
    nameEn: null,
    aliases: [],
    groupCode: 'department',
  })),
  groups: [],
};

async function bookOf(bytes: Uint8Array): Promise<Book> {
  const book = await readBook(bytes, WORKBOOK_LIMITS);
  if (isRefusal(book)) throw new Error(JSON.stringify(book));
  return book;
}
/** The cells of the first sheet, by their names. */
async function cellsOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const [sheet] = (await bookOf(bytes)).sheets;
  const cells = (sheet?.rows ?? []).flatMap(({ line, cells: row }) =>
    row.map((text, column) => [`${columnLetters(column)}${line}`, text]),
  );
  return Object.fromEntries(cells.filter(([, text]) => text !== ''));
}
async function read(bytes: Uint8Array, more: Partial<ImportContext> = {}): Promise<ImportPreview | Refusal> {
  return previewBook(packBook(await bookOf(bytes)), context({ directory: DIRECTORY, ...more }));
}
async function preview(bytes: Uint8Array, more: Partial<ImportContext> = {}): Promise<ImportPreview> {
  const result = await read(bytes, more);
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
}
const one = (xml: string, more: Omit<RawWorkbook, 'sheets'> = {}): Buffer =>
  workbook({ sheets: [{ name: 'Kế hoạch', xml }], ...more });
async function written(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('Kế hoạch'), book);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('the cells of a workbook', () => {
  test('are what people see: rich text as its words, days, times, percentages and numbers', async () => {
    const bytes = await written((sheet) => {
      sheet.getCell('A1').value = { richText: [{ text: 'Rà ' }, { text: 'soát', font: { bold: true } }] };
      sheet.getCell('B1').value = new Date('2025-06-20T00:00:00Z');
      sheet.getCell('B1').numFmt = 'dd/mm/yyyy';
      sheet.getCell('C1').value = new Date('2025-06-20T17:00:00Z');
      sheet.getCell('C1').numFmt = '[$-1010000]d/m/yyyy h:mm;@';
      sheet.getCell('D1').value = 0.955;
      sheet.getCell('D1').numFmt = '0.0%';
      sheet.getCell('E1').value = 1.1;
      sheet.getCell('E1').numFmt = '0.00';
      sheet.getCell('F1').value = 0.1 + 0.2;
      sheet.getCell('G1').value = 1.125;
      sheet.getCell('H1').value = 1_250_000;
      sheet.getCell('H1').numFmt = '#,##0 "đồng"';
      sheet.getCell('I1').value = true;
      sheet.getCell('J1').value = { text: 'liên kết', hyperlink: 'https://example.vn' };
      sheet.getCell('K1').value = { formula: '1+1', result: 2 };
      sheet.getCell('L1').value = { formula: '"a"&"b"', result: 'ab' };
    });
    expect(await cellsOf(bytes)).toEqual({
      A1: 'Rà soát',
      B1: '20/06/2025',
      C1: '20/06/2025 17:00',
      D1: '95.5%',
      E1: '1.10',
      F1: '0.3',
      G1: '1.1250',
      H1: '1250000',
      I1: 'TRUE',
      J1: 'liên kết',
      K1: '2',
      L1: 'ab',
    });
  });

  test('are NFC, without control characters, lines ended by one sign', async () => {
    const text = 'Ke\u0302\u0301 hoạch_x000D_\nhai_x0007_';
    expect(await cellsOf(one(`<sheetData><row r="1">${textCell('A1', text)}</row></sheetData>`))).toEqual({
      A1: 'Kế hoạch\nhai',
    });
  });

  test('are found with any prefix of names, and without references', async () => {
    const xml =
      '<x:sheetData xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:row><x:c><x:v>1</x:v></x:c><x:c t="str"><x:v>hai</x:v></x:c></x:row></x:sheetData>';
    expect(await cellsOf(one(xml))).toEqual({ A1: '1', B1: 'hai' });
  });

  test('leave out the reading aids of East Asian texts', async () => {
    const strings = '<si><t>課</t><rPh sb="0" eb="1"><t>か</t></rPh></si>';
    expect(
      await cellsOf(one('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', { strings })),
    ).toEqual({ A1: '課' });
  });

  test('count days from 1904 where the file does', async () => {
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>';
    const xml = '<sheetData><row r="1"><c r="A1" s="0"><v>44365</v></c></row></sheetData>';
    const properties = '<workbookPr date1904="1"/>';
    expect(await cellsOf(one(xml, { styles }))).toEqual({ A1: '18/06/2021' });
    expect(await cellsOf(one(xml, { styles, properties }))).toEqual({ A1: '19/06/2025' });
  });

  test('that a formula, an error or a wrong date leaves without a value are marked', async () => {
    const styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>';
    const xml =
      '<sheetData><row r="3"><c r="A3"><f>B1</f></c><c r="B3"><f>B1</f><v></v></c><c r="C3" t="str"><f>""</f><v></v></c><c r="D3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E3" s="1"><v>-5</v></c><c r="F3"><v>7</v></c></row></sheetData>';
    const [sheet] = (await bookOf(one(xml, { styles }))).sheets;
    expect(sheet?.marks).toEqual([
      { line: 3, column: 0, kind: 'no_value', value: null },
      { line: 3, column: 1, kind: 'no_value', value: null },
      { line: 3, column: 3, kind: 'error', value: '#DIV/0!' },
      { line: 3, column: 4, kind: 'not_a_date', value: '-5' },
    ]);
    expect(sheet?.rows[0]?.cells).toEqual(['', '', '', '', '', '7']);
  });

  test('are the same as another program reads them', async () => {
    const texts = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => !/_x[0-9a-f]{4}_/i.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(texts, { maxLength: 4 }), { maxLength: 5 }), async (rows) => {
        const bytes = await written((sheet) => {
          for (const row of rows) sheet.addRow(row);
        });
        const again = new ExcelJS.Workbook();
        // exceljs declares a Buffer of its own that Node's no longer is.
        await again.xlsx.load(bytes as unknown as ExcelJS.Buffer);
        const cells = await cellsOf(bytes);
        for (const [name, text] of Object.entries(cells)) {
          const other = again.worksheets[0]?.getCell(name).value;
          expect([name, text]).toEqual([
            name,
            typeof other === 'string' ? other.normalize('NFC').replace(/\r\n?/g, '\n') : other,
          ]);
        }
        const filled = rows.flat().filter((text) => text.trim() !== '');
        expect(Object.keys(cells)).toHaveLength(filled.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe('numbers and days', () => {
  test.each([
    [61, '01/03/1900'],
    [45_828, '20/06/2025'],
    [45_828.729_166_666_7, '20/06/2025 17:30'],
    [60, null],
    [3_000_000, null],
    [Number.NaN, null],
  ])('the serial %d is %s', (serial, day) => expect(serialDate(serial, false)).toBe(day));

  test.each([
    ['dd/mm/yyyy', 'date'],
    ['[$-42A]dd mmmm yyyy', 'date'],
    ['[h]:mm', 'time'],
    ['mm:ss', 'time'],
    ['mmm', 'date'],
    ['#,##0', 'plain'],
    ['#,##0 "ngày"', 'plain'],
    ['General', 'plain'],
    ['[Red]0', 'plain'],
    ['0%', 'percent'],
  ])('the format %s is of a %s', (code, kind) => expect(numberFormat(200, code).kind).toBe(kind));

  test('a number never looks like thousands that it is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (thousandths) => {
        const text = numberText(thousandths / 1000, { kind: 'plain' });
        expect(text).not.toMatch(/^\d{1,3}\.\d{3}$/);
        expect(Number(text)).toBe(thousandths / 1000);
      }),
    );
  });

  test('letters of columns go both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16_383 }), (index) => {
        expect(columnIndex(`${columnLetters(index)}7`)).toBe(index);
      }),
    );
    expect([columnLetters(25), columnLetters(26), columnIndex('XFE1')]).toEqual(['Z', 'AA', null]);
  });
});

describe('a plan from a workbook', () => {
  test('is the same as from CSV', async () => {
    const csv = PLAN_ROWS.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
    const text = previewText(csv, { directory: DIRECTORY });
    const book = await preview(one(sheetData(PLAN_ROWS)));
    expect(book.rows).toEqual(text.rows);
    expect(book.summary).toEqual(text.summary);
    expect(book).toMatchObject({ sheet: 'Kế hoạch', separator: 'xlsx', headerLine: 1 });
  });

  test('names rows and cells as Excel does, wherever the table stands', async () => {
    const rows = [
      ['', 'ỦY BAN NHÂN DÂN TỈNH'],
      ['', 'KẾ HOẠCH năm 2099'],
      [],
      ['', ...PLAN_HEADER],
      ['', '1', 'Rà soát dữ liệu', 'Sở Không Có', 'trước 20/6/2099', 'Báo cáo'],
      [],
      ['', '2', 'Cấp định danh', 'Sở Y tế', 'sớm', 'Báo cáo'],
    ];
    const found = await preview(one(sheetData(rows)));
    expect([found.headerLine, found.titleLines]).toEqual([4, ['ỦY BAN NHÂN DÂN TỈNH', 'KẾ HOẠCH năm 2099']]);
    expect(found.findings).toEqual([]);
    const unknown = rowAt(found, 5).findings.find(({ severity }) => severity === 'blocks');
    expect(unknown).toMatchObject({ row: 5, column: 'Đơn vị chủ trì', cell: 'D5' });
    const time = rowAt(found, 7).findings.find(({ clear }) => clear === 'time');
    expect(time).toMatchObject({ row: 7, column: 'Thời hạn', cell: 'E7' });
  });

  test('gives a cell that is merged over rows to each of them, and takes a merged row for a heading', async () => {
    const bytes = await written((sheet) => {
      sheet.addRow([...PLAN_HEADER]);
      sheet.addRow(['I. Chuyển đổi số']);
      sheet.mergeCells('A2:E2');
      sheet.addRow(['1', 'Rà soát dữ liệu', 'Sở Tư pháp', 'trước 20/6/2099', 'Báo cáo']);
      sheet.addRow([null, null, 'Sở Y tế', null, 'Danh sách']);
      sheet.mergeCells('A3:A4');
      sheet.mergeCells('B3:B4');
      sheet.mergeCells('D3:D4');
    });
    const found = await preview(bytes);
    expect(rowAt(found, 2)).toMatchObject({ kind: 'section', section: 'I. Chuyển đổi số' });
    const second = rowAt(found, 4);
    expect(second.task).toMatchObject({ title: 'Rà soát dữ liệu', leadUnitIds: ['u1'], code: '1' });
    expect(second.task?.deadline.phrase).toBe('trước 20/6/2099');
    expect([second.status, codes(second).filter((code) => code === 'merged_cell')]).toEqual([
      'ready',
      ['merged_cell', 'merged_cell', 'merged_cell'],
    ]);
  });

  test('is read under names that stand in two rows, one of them merged', async () => {
    const bytes = await written((sheet) => {
      sheet.addRow(['STT', 'Nội dung nhiệm vụ', 'Cơ quan thực hiện', null, 'Thời hạn', 'Sản phẩm']);
      sheet.addRow([null, null, 'Chủ trì', 'Phối hợp']);
      sheet.mergeCells('C1:D1');
      for (const column of ['A', 'B', 'E', 'F']) sheet.mergeCells(`${column}1:${column}2`);
      sheet.addRow(['1', 'Rà soát', 'Sở Tư pháp', 'Sở Y tế', 'trước 20/6/2099', 'Báo cáo']);
    });
    const found = await preview(bytes);
    expect(rowAt(found, 3).task).toMatchObject({ leadUnitIds: ['u0'], coordinatingUnitIds: ['u1'] });
  });

  test('waits for what a formula did not leave, until it is typed as an answer', async () => {
    const xml = sheetData(PLAN_ROWS).replace(
      textCell('D2', 'trước 20/6/2099'),
      '<c r="D2"><f>TODAY()+7</f></c>',
    );
    const found = await preview(one(xml));
    const open = rowAt(found, 2);
    expect(open.status).toBe('blocked');
    expect(open.findings).toContainEqual(
      expect.objectContaining({ code: 'formula_without_value', cell: 'D2', severity: 'blocks' }),
    );
    const choices = { rows: { 2: { deadline: 'trước 20/6/2099' } } };
    expect(rowAt(await preview(one(xml), { choices }), 2).status).toBe('ready');
  });

  test('says what is hidden and read all the same, and what stands beside the table', async () => {
    const bytes = await written((sheet) => {
      for (const row of PLAN_ROWS) sheet.addRow([...row]);
      sheet.getRow(2).hidden = true;
      sheet.getColumn(4).hidden = true;
      sheet.getCell('H3').value = 'xem lại';
    });
    const found = await preview(bytes);
    expect(found.findings.map(({ code, cell }) => [code, cell])).toEqual([['column_hidden', 'D1']]);
    expect(codes(rowAt(found, 2))).toContain('row_hidden');
    expect(codes(rowAt(found, 3))).toContain('cell_outside_table');
  });

  test('takes days that Excel keeps as numbers for deadlines', async () => {
    const bytes = await written((sheet) => {
      sheet.addRow([...PLAN_HEADER]);
      sheet.addRow([1, 'Rà soát', 'Sở Tư pháp', new Date('2099-06-20T00:00:00Z'), 'Báo cáo']);
      sheet.getCell('D2').numFmt = 'mm-dd-yy';
    });
    expect(rowAt(await preview(bytes), 2)).toMatchObject({
      status: 'ready',
      task: { deadline: { phrase: '20/06/2099' } },
    });
  });
});

describe('a workbook of several sheets', () => {
  const several = (): Buffer =>
    workbook({
      sheets: [
        {
          name: 'Danh mục',
          xml: sheetData([
            ['Mã', 'Tên'],
            ['1', 'a'],
            ['2', 'b'],
            ['3', 'c'],
          ]),
        },
        { name: 'Phụ lục I', xml: sheetData(PLAN_ROWS) },
        { name: 'Phụ lục II', xml: sheetData([...PLAN_ROWS.slice(0, 2)]) },
        { name: 'Cũ', xml: sheetData([...PLAN_ROWS, ...PLAN_ROWS.slice(1)]), state: 'hidden' },
      ],
    });

  test('is read from the one that looks most like a plan, and says which and what else there is', async () => {
    const found = await preview(several());
    expect(found.sheet).toBe('Phụ lục I');
    expect(found.sheets).toEqual([
      { name: 'Danh mục', hidden: false, rows: 4, looksLikePlan: false },
      { name: 'Phụ lục I', hidden: false, rows: 3, looksLikePlan: true },
      { name: 'Phụ lục II', hidden: false, rows: 2, looksLikePlan: true },
      { name: 'Cũ', hidden: true, rows: 5, looksLikePlan: true },
    ]);
    expect(found.findings).toMatchObject([{ code: 'sheet_chosen', value: 'Phụ lục I' }]);
    expect(found.findings[0]?.message.vi).toContain('“Phụ lục II”');
  });

  test('is read from the one that is named, and refused where there is none of that name', async () => {
    const chosen = await preview(several(), { choices: { sheet: 'phụ lục II' } });
    expect([chosen.sheet, chosen.summary.tasks, chosen.findings]).toEqual(['Phụ lục II', 1, []]);
    expect(await read(several(), { choices: { sheet: 'Phụ lục III' } })).toMatchObject({
      code: 'reference_unknown',
      errors: [{ pointer: '/sheet' }],
    });
  });

  test('is read though another sheet is far too long', async () => {
    const rows = Array.from({ length: 7_000 }, (_, at) => [String(at)]);
    const bytes = workbook({
      sheets: [
        { name: 'Số liệu', xml: sheetData(rows) },
        { name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) },
      ],
    });
    expect((await preview(bytes)).sheet).toBe('Kế hoạch');
    expect(await read(bytes, { choices: { sheet: 'Số liệu' } })).toMatchObject({ code: 'payload_too_large' });
  });
});

describe('a workbook that carries a marking of secrecy', () => {
  const drawing =
    '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>MẬT</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>';
  test.each([
    [
      'in a cell of a sheet that is not read',
      workbook({
        sheets: [
          { name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) },
          { name: 'Khác', xml: sheetData([['MẬT']]) },
        ],
      }),
    ],
    [
      'in a page header',
      one(
        `${sheetData(PLAN_ROWS)}<headerFooter><oddHeader>&amp;C&amp;"Times New Roman,Bold"&amp;14MẬT</oddHeader></headerFooter>`,
      ),
    ],
    [
      'in a text box',
      one(sheetData(PLAN_ROWS), { more: [{ name: 'xl/drawings/drawing1.xml', data: drawing }] }),
    ],
  ])('%s is refused', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject({ code: 'secret_content' });
  });

  test('a page header about anything else is none', async () => {
    const xml = `${sheetData(PLAN_ROWS)}<headerFooter><oddHeader>&amp;CBảo mật thông tin</oddHeader></headerFooter>`;
    expect((await preview(one(xml))).summary.tasks).toBe(2);
  });
});
