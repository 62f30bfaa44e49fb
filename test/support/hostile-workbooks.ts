import { PLAN_ROWS, planWorkbook, sheetData, workbook, workbookParts } from './workbooks.js';
import { zip } from './zip.js';

const MB = 1_000_000;
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

const sheet = (xml: string, claimed?: number): Buffer =>
  workbook({ sheets: [{ name: 'Kế hoạch', xml, ...(claimed === undefined ? {} : { claimed }) }] });

function manyRows(count: number, inside: (line: number) => string): string {
  const rows = Array.from({ length: count }, (_, at) => `<row r="${at + 1}">${inside(at + 1)}</row>`);
  return `<sheetData>${rows.join('')}</sheetData>`;
}

function wideRow(columns: number): string {
  const cells = Array.from({ length: columns }, () => '<c><v>1</v></c>');
  return `<sheetData><row r="1">${cells.join('')}</row></sheetData>`;
}

const LAUGHS = Array.from({ length: 9 }, (_, at) => {
  const before = at === 0 ? 'ha' : `&l${at - 1};`;
  return `<!ENTITY l${at} "${before.repeat(10)}">`;
}).join('');

/** Files that a stranger may send, each with what is to be said of it: the problem's code and its reason. */
export const HOSTILE: Readonly<
  Record<string, { readonly bytes: () => Buffer; readonly code: string; readonly reason: string }>
> = {
  'a bomb that says how large it is': {
    bytes: () => zip([{ name: '[Content_Types].xml', data: Buffer.alloc(250 * MB, 32) }]),
    code: 'payload_too_large',
    reason: 'unpacked',
  },
  'a bomb that says it is small': {
    bytes: () => sheet(' '.repeat(150 * MB), 1_000),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'a sheet of blanks': {
    bytes: () => sheet(' '.repeat(150 * MB)),
    code: 'payload_too_large',
    reason: 'bytes',
  },
  'parts that are too much together': {
    bytes: () =>
      workbook({
        sheets: ['a', 'b', 'c'].map((name) => ({ name, xml: ' '.repeat(23 * MB) })),
      }),
    code: 'payload_too_large',
    reason: 'unpacked',
  },
  'one text of 20 MB': {
    bytes: () =>
      sheet(
        `<sheetData><row r="1"><c t="inlineStr"><is><t>${'a'.repeat(20 * MB)}</t></is></c></row></sheetData>`,
      ),
    code: 'import_unreadable',
    reason: 'header',
  },
  'one attribute of 20 MB': {
    bytes: () => sheet(`<sheetData><row r="1" spans="${'1'.repeat(20 * MB)}"></row></sheetData>`),
    code: 'import_unreadable',
    reason: 'header',
  },
  'a million rows': {
    bytes: () => sheet(manyRows(1_000_000, (line) => `<c r="A${line}"><v>1</v></c>`)),
    code: 'payload_too_large',
    reason: 'rows',
  },
  'a million formatted blank rows below a plan': {
    bytes: () =>
      sheet(
        sheetData(PLAN_ROWS).replace(
          '</sheetData>',
          `${Array.from({ length: 1_000_000 }, (_, at) => `<row r="${at + 10}" s="1"/>`).join('')}</sheetData>`,
        ),
      ),
    code: 'payload_too_large',
    reason: 'rows',
  },
  'a row of all columns': {
    bytes: () => sheet(wideRow(16_384)),
    code: 'payload_too_large',
    reason: 'columns',
  },
  'a row of a million cells': {
    bytes: () => sheet(wideRow(1_000_000)),
    code: 'payload_too_large',
    reason: 'columns',
  },
  'a million shared texts': {
    bytes: () =>
      workbook({ sheets: [{ name: 'a', xml: '' }], strings: '<si><t>a</t></si>'.repeat(1_000_000) }),
    code: 'payload_too_large',
    reason: 'texts',
  },
  'a hundred thousand merges': {
    bytes: () => sheet(`<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(100_000)}</mergeCells>`),
    code: 'payload_too_large',
    reason: 'merges',
  },
  'ten thousand parts': {
    bytes: () => zip(Array.from({ length: 10_000 }, (_, at) => ({ name: `xl/${at}.xml`, data: '' }))),
    code: 'payload_too_large',
    reason: 'parts',
  },
  'a thousand sheets': {
    bytes: () =>
      workbook({ sheets: Array.from({ length: 1_000 }, (_, at) => ({ name: `s${at}`, xml: '' })) }),
    code: 'payload_too_large',
    reason: 'sheets',
  },
  'entities that grow': {
    bytes: () =>
      planWorkbook({
        more: [
          {
            name: 'xl/worksheets/sheet1.xml',
            data: `<?xml version="1.0"?><!DOCTYPE x [${LAUGHS}]><worksheet><sheetData><row r="1"><c><v>&l8;</v></c></row></sheetData></worksheet>`,
          },
        ],
      }),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'an entity that reads a file': {
    bytes: () =>
      planWorkbook({
        more: [
          {
            name: 'xl/worksheets/sheet1.xml',
            data: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet>&f;</worksheet>',
          },
        ],
      }),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'elements within elements without end': {
    bytes: () => sheet('<a>'.repeat(5_000_000)),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'a million attributes of one element': {
    bytes: () =>
      planWorkbook({
        more: [
          {
            name: 'xl/worksheets/sheet1.xml',
            data: `<worksheet><sheetData><row r="2" ${Array.from({ length: 1_000_000 }, (_, at) => `a${at}="1"`).join(' ')}/></sheetData></worksheet>`,
          },
        ],
      }),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'two parts of one name': {
    bytes: () =>
      zip([
        ...workbookParts({ sheets: [{ name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) }] }),
        { name: 'XL/worksheets/sheet1.xml', data: '<worksheet/>' },
      ]),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'a workbook with macros': {
    bytes: () => planWorkbook({ more: [{ name: 'xl/vbaProject.bin', data: 'x' }] }),
    code: 'import_unreadable',
    reason: 'macros',
  },
  'a workbook that is declared to hold macros': {
    bytes: () =>
      planWorkbook({
        more: [
          {
            name: '[Content_Types].xml',
            data: '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>',
          },
        ],
      }),
    code: 'import_unreadable',
    reason: 'macros',
  },
  'a workbook with links to others': {
    bytes: () => planWorkbook({ more: [{ name: 'xl/externalLinks/externalLink1.xml', data: '<x/>' }] }),
    code: 'import_unreadable',
    reason: 'external_links',
  },
  'a workbook with a connection to a database': {
    bytes: () => planWorkbook({ more: [{ name: 'xl/connections.xml', data: '<x/>' }] }),
    code: 'import_unreadable',
    reason: 'external_links',
  },
  'a workbook that a password protects': {
    bytes: () => Buffer.concat([OLE, Buffer.alloc(2_000), Buffer.from('EncryptedPackage', 'utf16le')]),
    code: 'import_unreadable',
    reason: 'encrypted',
  },
  'an archive with encrypted parts': {
    bytes: () => zip(workbookParts({ sheets: [] }).map((part) => ({ ...part, encrypted: true }))),
    code: 'import_unreadable',
    reason: 'encrypted',
  },
  'an .xls': {
    bytes: () => Buffer.concat([OLE, Buffer.alloc(4_000, 7)]),
    code: 'import_unreadable',
    reason: 'old_format',
  },
  'an .xlsb': {
    bytes: () => planWorkbook({ more: [{ name: 'xl/workbook.bin', data: 'x' }] }),
    code: 'import_unreadable',
    reason: 'binary_workbook',
  },
  'a Word file': {
    bytes: () =>
      zip([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: 'word/document.xml', data: '<x/>' },
      ]),
    code: 'import_unreadable',
    reason: 'other_office',
  },
  'an OpenDocument sheet': {
    bytes: () =>
      zip([
        { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet' },
        { name: 'content.xml', data: '<x/>' },
      ]),
    code: 'import_unreadable',
    reason: 'open_document',
  },
  'a zip of anything': {
    bytes: () => zip([{ name: 'readme.txt', data: 'x' }]),
    code: 'import_unreadable',
    reason: 'not_a_workbook',
  },
  'a workbook cut short': {
    bytes: () => planWorkbook().subarray(0, 600),
    code: 'import_unreadable',
    reason: 'damaged',
  },
  'a workbook without sheets': {
    bytes: () => workbook({ sheets: [] }),
    code: 'import_unreadable',
    reason: 'no_sheet',
  },
};
