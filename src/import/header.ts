import { foldKey } from '../domain/text.js';

/** What a column can hold. A plan needs `title`; all others may be missing. */
const FIELDS = [
  'code',
  'title',
  'titleEn',
  'lead',
  'coordinating',
  'monitor',
  'deadline',
  'deadlineNamed',
  'result',
  'figure',
  'source',
  'sourceDate',
  'sourceUrl',
  'kind',
  'note',
  // Of work under way: what had happened before.
  'acknowledgedOn',
  'reportedOn',
  'reportDocument',
  'extendedOn',
  'extendedTo',
  'extensionDocument',
  'submittedOn',
  'submissionDocument',
  'confirmedOn',
  'confirmationDocument',
] as const;
export type Field = (typeof FIELDS)[number];

export function isField(name: string): name is Field {
  return FIELDS.some((field) => field === name);
}

/** Names that are exactly this column, folded: no accents, case or punctuation. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  code: [
    'id',
    'stt',
    'tt',
    'so tt',
    'so thu tu',
    'no',
    'number',
    'ma',
    'ma nhiem vu',
    'code',
    'task id',
    '#',
  ],
  title: [
    'task',
    'tasks',
    'task vi',
    'nhiem vu',
    'noi dung',
    'noi dung nhiem vu',
    'ten nhiem vu',
    'cong viec',
    'noi dung cong viec',
    'nhiem vu giai phap',
    'nhiem vu cu the',
    'title',
    'mo hinh',
    'ten mo hinh',
  ],
  titleEn: ['task en', 'title en', 'task english', 'english'],
  lead: [
    'lead',
    'lead unit',
    'lead units',
    'lead agency',
    'responsible unit',
    'chu tri',
    'don vi chu tri',
    'co quan chu tri',
    'don vi thuc hien',
    'co quan thuc hien',
    'don vi',
    'co quan',
    'co quan don vi',
  ],
  coordinating: [
    'coordinating',
    'coordinating unit',
    'coordinating units',
    'coordination',
    'phoi hop',
    'don vi phoi hop',
    'co quan phoi hop',
  ],
  monitor: ['monitor', 'monitoring unit', 'theo doi', 'don vi theo doi', 'co quan theo doi'],
  deadline: [
    'deadline',
    'due',
    'due date',
    'deadline phrase',
    'thoi han',
    'han',
    'han hoan thanh',
    'thoi gian',
    'tien do',
    'ngay hoan thanh',
  ],
  deadlineNamed: ['deadline named', 'deadline date'],
  result: [
    'result',
    'results',
    'product',
    'products',
    'output',
    'deliverable',
    'san pham',
    'ket qua',
    'san pham dau ra',
    'ket qua dau ra',
  ],
  figure: ['target', 'targets', 'indicator', 'chi tieu', 'muc tieu'],
  source: [
    'source',
    'source document',
    'document',
    'document number',
    'van ban',
    'so van ban',
    'so ky hieu',
    'can cu',
  ],
  sourceDate: ['document date', 'source date', 'ngay van ban', 'ngay ban hanh', 'ngay thang'],
  sourceUrl: ['source url', 'url', 'link', 'duong dan', 'lien ket'],
  kind: ['kind', 'type', 'loai', 'loai nhiem vu', 'phan loai', 'nature'],
  note: ['note', 'notes', 'remark', 'remarks', 'ghi chu'],
  acknowledgedOn: ['acknowledged on', 'acknowledged', 'ngay tiep nhan', 'da tiep nhan ngay'],
  reportedOn: ['reported on', 'last report', 'ngay bao cao', 'ngay bao cao gan nhat', 'bao cao gan nhat'],
  reportDocument: ['report document', 'so bao cao', 'van ban bao cao', 'so van ban bao cao'],
  extendedOn: ['extended on', 'ngay gia han', 'ngay cho gia han'],
  extendedTo: ['extended to', 'gia han den', 'gia han den ngay', 'thoi han gia han', 'thoi han moi'],
  extensionDocument: ['extension document', 'van ban gia han', 'so van ban gia han'],
  submittedOn: [
    'submitted on',
    'submitted',
    'ngay nop',
    'ngay nop ket qua',
    'ngay gui ket qua',
    'ngay trinh',
  ],
  submissionDocument: ['submission document', 'van ban nop ket qua', 'so van ban ket qua', 'van ban ket qua'],
  confirmedOn: ['confirmed on', 'confirmed', 'ngay xac nhan', 'ngay xac nhan hoan thanh', 'ngay nghiem thu'],
  confirmationDocument: ['confirmation document', 'van ban xac nhan', 'so van ban xac nhan'],
};

/**
 * Words that tell the column in a longer name, in the order in which they decide: “thời gian đơn vị chủ
 * trì hoàn thành” is about the lead only if nothing before it says otherwise.
 */
const WORDS: readonly (readonly [RegExp, Field | null])[] = [
  // Columns of a progress table that sound like a plan's: never taken for the plan's own.
  [/ket qua thuc hien|tinh hinh|hien trang|bat dau|nguoi phu trach|lanh dao|can bo|kho khan|kinh phi/, null],
  [/theo doi|don doc|monitor/, 'monitor'],
  [/phoi hop|coordinat/, 'coordinating'],
  [/ngay (ban hanh|van ban|ky)|document date/, 'sourceDate'],
  [/thoi (han|gian|diem)|han (hoan thanh|xu ly|thuc hien)|tien do|deadline|due date/, 'deadline'],
  [
    /chu tri|chu quan|don vi thuc hien|co quan thuc hien|(don vi|co quan) (duoc giao|chiu trach nhiem)|lead (unit|agency)|responsible/,
    'lead',
  ],
  [/chi tieu|target|indicator/, 'figure'],
  [/san pham|ket qua|deliverable|output/, 'result'],
  [/(so|ten|so ky hieu) van ban|van ban (giao|chi dao|nguon)|so ky hieu|source document/, 'source'],
  [/noi dung|nhiem vu|cong viec|task/, 'title'],
  [/ghi chu|remark/, 'note'],
];

export interface Recognised {
  readonly field: Field;
  readonly exact: boolean;
}

/** The field a column name means, by its usual names in Vietnamese and English. */
function fieldOf(columnName: string): Recognised | null {
  if (isField(columnName)) return { field: columnName, exact: true };
  // A cell, not a name; and brackets without end would take the square of its length.
  if (columnName.length > 200) return null;
  const key = foldKey(columnName.replace(/\([^)]*\)/g, ' '));
  if (key === '') return null;
  for (const field of FIELDS) if (NAMES[field].includes(key)) return { field, exact: true };
  // A sentence is a cell or a title line, not a column name.
  if (key.length > 60) return null;
  for (const [words, field] of WORDS) {
    if (words.test(key)) return field === null ? null : { field, exact: false };
  }
  return null;
}

/** The field a column mapping names: one of ours, or any name of it that is known. */
export function fieldNamed(name: string): Field | 'ignore' | null {
  if (name === 'ignore' || isField(name)) return name;
  const recognised = fieldOf(name);
  return recognised?.exact === true ? recognised.field : null;
}

export interface Column {
  readonly index: number;
  readonly name: string;
  readonly field: Field | null;
  /** Why the column is not used, though its name was understood. */
  readonly unused: 'repeated' | 'ignored' | null;
}

/** What the columns of a header row hold; each field once, the exact name before the similar one. */
export function columnsOf(
  names: readonly string[],
  mapping: Readonly<Record<string, string>> = {},
): readonly Column[] {
  const asked = new Map(Object.entries(mapping).map(([name, field]) => [columnKey(name), fieldNamed(field)]));
  const answers = names.map(
    (name, index) => asked.get(`#${index + 1}`) ?? asked.get(columnKey(name)) ?? null,
  );
  const recognised = names.map((name) => fieldOf(name));
  const taken = new Map<Field, number>();
  answers.forEach((field, index) => {
    if (field !== null && field !== 'ignore' && !taken.has(field)) taken.set(field, index);
  });
  for (const exact of [true, false]) {
    recognised.forEach((found, index) => {
      if (answers[index] === null && found?.exact === exact && !taken.has(found.field))
        taken.set(found.field, index);
    });
  }
  return names.map((name, index) => {
    const answer = answers[index] ?? null;
    const wanted = answer ?? recognised[index]?.field ?? null;
    if (wanted === 'ignore') return { index, name, field: null, unused: 'ignored' };
    if (wanted === null) return { index, name, field: null, unused: null };
    const first = taken.get(wanted) === index;
    return { index, name, field: first ? wanted : null, unused: first ? null : 'repeated' };
  });
}

/** Under which a column name of the file and one of a mapping are the same; `#3` stays itself. */
export function columnKey(name: string): string {
  return /^#\d+$/.test(name) ? name : foldKey(name);
}

/** A header has to name the work and one more thing; a title line names at most one. */
export function isHeader(columns: readonly Column[]): boolean {
  const fields = new Set(columns.map((column) => column.field));
  const known = columns.filter((column) => column.field !== null).length;
  return (fields.has('title') || fields.has('titleEn')) && known >= 2;
}
