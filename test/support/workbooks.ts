import { type ZipPart, zip } from './zip.js';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export interface RawSheet {
  readonly name: string;
  /** What stands inside `<worksheet>`. */
  readonly xml: string;
  readonly state?: 'hidden' | 'veryHidden';
  readonly claimed?: number;
}

export interface RawWorkbook {
  readonly sheets: readonly RawSheet[];
  readonly strings?: string;
  readonly styles?: string;
  readonly properties?: string;
  /** Further parts, or others in place of those made here. */
  readonly more?: readonly ZipPart[];
}

/** Parts of a workbook, written as text: what no writer would write can be written here. */
export function workbookParts({
  sheets,
  strings,
  styles,
  properties = '',
  more = [],
}: RawWorkbook): ZipPart[] {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (inside: string): string =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${inside}</Relationships>`;
  const listed = sheets.map(
    ({ name, state = 'visible' }, at) =>
      `<sheet name="${name}" sheetId="${at + 1}" state="${state}" r:id="s${at + 1}"/>`,
  );
  const parts: ZipPart[] = [
    {
      name: '[Content_Types].xml',
      data: `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    },
    { name: '_rels/.rels', data: relations(relation('r1', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      data: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">${properties}<sheets>${listed.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relations(
        [
          ...sheets.map((_, at) => relation(`s${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
          relation('t1', 'sharedStrings', 'sharedStrings.xml'),
          relation('t2', 'styles', 'styles.xml'),
        ].join(''),
      ),
    },
    ...sheets.map(({ xml, claimed }, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      data: `${HEAD}<worksheet xmlns="${MAIN}">${xml}</worksheet>`,
      ...(claimed === undefined ? {} : { claimed }),
    })),
  ];
  if (strings !== undefined)
    parts.push({ name: 'xl/sharedStrings.xml', data: `${HEAD}<sst xmlns="${MAIN}">${strings}</sst>` });
  if (styles !== undefined)
    parts.push({ name: 'xl/styles.xml', data: `${HEAD}<styleSheet xmlns="${MAIN}">${styles}</styleSheet>` });
  const replaced = new Set(more.map(({ name }) => name));
  return [...parts.filter(({ name }) => !replaced.has(name)), ...more];
}

export const workbook = (raw: RawWorkbook): Buffer => zip(workbookParts(raw));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A cell of text that stands in the sheet itself. */
export const textCell = (reference: string, text: string): string =>
  `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** Rows of texts, from row 1 on; blank ones are left out, as spreadsheets do. */
export function sheetData(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], at: number): string => {
    const inside = cells.map((text, column) =>
      text === '' ? '' : textCell(`${String.fromCharCode(65 + column)}${at + 1}`, text),
    );
    return `<row r="${at + 1}">${inside.join('')}</row>`;
  };
  return `<sheetData>${rows.map(line).join('')}</sheetData>`;
}

export const PLAN_HEADER = ['STT', 'Nội dung nhiệm vụ', 'Đơn vị chủ trì', 'Thời hạn', 'Kết quả'] as const;
export const PLAN_ROWS: readonly (readonly string[])[] = [
  PLAN_HEADER,
  ['1', 'Rà soát dữ liệu dân cư', 'Sở Tư pháp', 'trước 20/6/2099', 'Báo cáo rà soát'],
  ['2', 'Cấp định danh điện tử', 'Sở Y tế', 'trước 20/6/2099', 'Báo cáo cấp định danh'],
];

/** A workbook with one small plan. */
export const planWorkbook = (more: Omit<RawWorkbook, 'sheets'> = {}): Buffer =>
  workbook({ sheets: [{ name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) }], ...more });
