import type { Result } from '../domain/assignment/state.js';
import type { Bilingual } from '../domain/errors.js';
import { foldKey, tidy } from '../domain/text.js';
import { isNotStated } from './names.js';

export interface ResultNote {
  readonly code:
    | 'percentage_differs'
    | 'reported_figure'
    | 'several_targets'
    | 'zero_target'
    | 'remark_in_result'
    | 'change_kept_as_text';
  readonly message: Bilingual;
  readonly value: string;
}

export interface ReadResult {
  readonly result: Result | null;
  /** Why there is none: nothing is stated, or only how things stood. */
  readonly missing: 'empty' | 'status' | null;
  readonly notes: readonly ResultNote[];
}

const NUMBER = '\\d{1,3}(?:[.,]\\d{3})+(?![\\d])|\\d+(?:[.,]\\d+)?';
const AT_LEAST = '>=|≥|>|at least|no less than|over|tối thiểu|ít nhất|không dưới|trên|đạt trên';
const RATIO = new RegExp(
  `(?<before>(?:ngày|trước|đến|hết|from|before|by|at|on|until)\\s+)?(?<op>${AT_LEAST})?\\s*(?<![\\d/.,])(?<n>${NUMBER})\\s*/\\s*(?<d>${NUMBER})(?![\\d/%])`,
  'giu',
);
const PERCENT = new RegExp(
  `(?<op>${AT_LEAST})?\\s*(?<![\\d/.,])(?<n>\\d+(?:[.,]\\d+)?)\\s*%(?<more>\\s*trở lên)?`,
  'giu',
);
const COUNT = new RegExp(`^(?<op>${AT_LEAST})?\\s*(?<n>${NUMBER})(?![\\d/%])(?<more>\\s*trở lên)?`, 'iu');
/** What reports a figure reached, before a percentage; after a ratio only, for “đạt 80%” alone is a target. */
const REPORTED = '(?:=|reported|báo cáo|đạt|tức|tương đương)\\s*~?\\s*(\\d+(?:[.,]\\d+)?)\\s*%';
const RATIO_REPORTED = new RegExp(
  `(?<![\\d/.,])(${NUMBER})\\s*/\\s*(${NUMBER})[^;:/()%]{0,60}?${REPORTED}`,
  'giu',
);
/** How things stand, not what is asked for; “chậm nhất” is a deadline. */
const STATUS = /\b(overdue|late|qua han|tre han|cham muon|cham tien do|behind schedule)\b/;

/** `1,086` and `1.086` are thousands: no count of documents has three decimals. */
function count(digits: string): number {
  if (/^\d{1,3}([.,]\d{3})+$/.test(digits)) return Number(digits.replace(/[.,]/g, ''));
  return Number(digits.replace(',', '.'));
}

function percent(digits: string): number {
  return Number(digits.replace(',', '.'));
}

/** Half-up at the number of decimals that was printed. */
function rounded(value: number, decimals: number): string {
  const scale = 10 ** decimals;
  // A hair more than half: 24.365 in binary lies below itself.
  return (Math.round(value * scale * (1 + Number.EPSILON)) / scale).toFixed(decimals);
}

function checkReported(numerator: number, denominator: number, printed: string): ResultNote | null {
  if (denominator === 0) return null;
  const decimals = /[.,](\d+)$/.exec(printed)?.[1]?.length ?? 0;
  const computed = rounded((numerator / denominator) * 100, decimals);
  if (computed === rounded(percent(printed), decimals)) return null;
  return {
    code: 'percentage_differs',
    value: printed,
    message: {
      vi: `Ghi ${printed} %, tính ra ${computed} % (${numerator}/${denominator}). Chỉ lưu hai số, không lưu tỷ lệ; hãy kiểm tra số liệu.`,
      en: `It says ${printed} %, computed it is ${computed} % (${numerator}/${denominator}). The two numbers are kept, never the percentage; check the figures.`,
    },
  };
}

function reportedFigure(value: string): ResultNote {
  return {
    code: 'reported_figure',
    value,
    message: {
      vi: 'Ô ghi số đã đạt cùng mẫu số, có thể không phải chỉ tiêu được giao: hãy kiểm tra và sửa chỉ tiêu nếu cần.',
      en: 'The cell gives a figure reached with its denominator, which may not be the target: check, and correct the target if needed.',
    },
  };
}

interface Parts {
  readonly outside: string;
  readonly remarks: readonly string[];
}

/** What stands in brackets is a remark, unless the whole cell does. */
function withoutRemarks(text: string): Parts {
  const remarks = [...text.matchAll(/\(([^()]*)\)/g)].map(([, inside = '']) => tidy(inside));
  const outside = tidy(text.replace(/\([^()]*\)/g, ' '));
  return outside === '' ? { outside: text, remarks: [] } : { outside, remarks };
}

function remarkNotes({ remarks }: Parts): readonly ResultNote[] {
  return remarks
    .filter((remark) => /\d/.test(remark))
    .map((remark) => ({
      code: 'remark_in_result',
      value: remark,
      message: {
        vi: 'Phần trong ngoặc được giữ làm ghi chú, không tính là chỉ tiêu. Nếu là số liệu đã đạt, hãy ghi vào báo cáo tiến độ.',
        en: 'What stands in brackets is kept as a remark and is not part of the target. If it is progress, record it as a report.',
      },
    }));
}

interface Figure {
  readonly text: string;
  readonly numerator: number;
  readonly denominator: number | null;
  readonly atLeast: boolean;
}

function ratiosIn(text: string): readonly Figure[] {
  return [...text.matchAll(RATIO)].flatMap(({ 0: all, groups }) => {
    // “by 30/6” is a date.
    if (groups?.before !== undefined) return [];
    const figure = { numerator: count(groups?.n ?? ''), denominator: count(groups?.d ?? '') };
    return [{ ...figure, text: all, atLeast: groups?.op !== undefined }];
  });
}

function percentsIn(text: string): readonly Figure[] {
  return [...text.matchAll(PERCENT)].map(({ 0: all, groups }) => ({
    text: all,
    numerator: percent(groups?.n ?? ''),
    denominator: 100,
    atLeast: groups?.op !== undefined || groups?.more !== undefined,
  }));
}

/** “48 documents”: one number, at the beginning, and not a year. */
function countIn(text: string): Figure | null {
  const match = COUNT.exec(text);
  if (match === null) return null;
  const rest = text.slice(match[0].length);
  const digits = match.groups?.n ?? '';
  if (/\d/.test(rest) || (/^(19|20)\d\d$/.test(digits) && rest.trim() === '')) return null;
  if (foldKey(rest).split(' ').length > 8) return null;
  const atLeast = match.groups?.op !== undefined || match.groups?.more !== undefined;
  return { text: match[0], numerator: count(digits), denominator: null, atLeast };
}

/** What is counted: the words around the figure, or else the work itself. */
function nameAround(outside: string, figure: Figure, title: string): string {
  const clause = outside.split(';').find((part) => part.includes(figure.text.trim())) ?? outside;
  const words = tidy(clause.replace(figure.text.trim(), ' '))
    .replace(/^(of|số|trên|:|-|,)\s+/i, '')
    .replace(/[\s:,=–-]+$/, '');
  return /\p{L}/u.test(words) ? words : title;
}

function deliverable(text: string, notes: readonly ResultNote[]): ReadResult {
  return { result: { kind: 'deliverable', text }, missing: null, notes };
}

function indicator(parts: Parts, figure: Figure, title: string, notes: readonly ResultNote[]): ReadResult {
  const { numerator, denominator, atLeast } = figure;
  const name = nameAround(parts.outside, figure, title);
  return { result: { kind: 'indicator', name, numerator, denominator, atLeast }, missing: null, notes };
}

function severalTargets(text: string): ResultNote {
  return {
    code: 'several_targets',
    value: text,
    message: {
      vi: 'Một ô có nhiều chỉ tiêu: giữ nguyên văn làm sản phẩm, không theo dõi bằng số. Muốn theo dõi từng chỉ tiêu, hãy tách hàng.',
      en: 'Several targets in one cell: kept as text, not followed by figures. Split the row to follow each.',
    },
  };
}

function readCount(text: string, parts: Parts, title: string): ReadResult {
  const figure = countIn(parts.outside);
  if (figure === null || figure.denominator !== null) return deliverable(text, remarkNotes(parts));
  if (figure.numerator === 0) {
    const message = {
      vi: 'Chỉ tiêu bằng 0 không đếm tới được: giữ làm sản phẩm bằng chữ.',
      en: 'A target of zero cannot be counted up to: kept as text.',
    };
    return deliverable(text, [{ code: 'zero_target', message, value: text }]);
  }
  const notes = [...remarkNotes(parts)];
  for (const remark of parts.remarks) {
    const printed = new RegExp(REPORTED, 'iu').exec(remark)?.[1];
    const reached = /(?<![\d/])\d{1,3}(?:[.,]\d{3})+(?!\d)/.exec(remark)?.[0];
    if (printed === undefined || reached === undefined || remark.includes(`${reached}/`)) continue;
    const differs = checkReported(count(reached), figure.numerator, printed);
    if (differs !== null) notes.push(differs);
  }
  return indicator(parts, figure, title, notes);
}

/** Whether the cell tells how many are late instead of what is asked; “0 late” is a target. */
function isStatus(outside: string): boolean {
  return outside.split(/[;,]/).some((clause) => {
    const figure = /\d[\d.,]*/.exec(clause)?.[0];
    return figure !== undefined && count(figure) > 0 && !clause.includes('%') && STATUS.test(foldKey(clause));
  });
}

/**
 * The target or product of a row. A percentage becomes its two numbers, a count a number without
 * denominator, anything else a product in words. The name of an indicator is the words beside the
 * figure, or the title.
 */
export function readResult(cell: string, title: string): ReadResult {
  const text = tidy(cell);
  if (isNotStated(text)) return { result: null, missing: 'empty', notes: [] };
  const parts = withoutRemarks(text);
  if (isStatus(parts.outside)) return { result: null, missing: 'status', notes: [] };
  const checked: ResultNote[] = [];
  for (const [all, n = '', d = '', printed = ''] of text.matchAll(RATIO_REPORTED)) {
    const differs = checkReported(count(n), count(d), printed);
    if (differs !== null) checked.push(differs);
    if (parts.outside.includes(all)) checked.push(reportedFigure(all));
  }
  const notes = [...checked, ...remarkNotes(parts)];
  if (/\d\s*(->|→|=>)\s*\d/.test(parts.outside)) {
    const message = {
      vi: 'Mức thay đổi được giữ nguyên văn: hãy ghi chỉ tiêu bằng một số nếu muốn theo dõi.',
      en: 'A change from one number to another is kept as text: state the target as one number to follow it.',
    };
    return deliverable(text, [...notes, { code: 'change_kept_as_text', message, value: text }]);
  }
  const asked = { ...parts, outside: parts.outside.replace(RATIO_REPORTED, '$1/$2') };
  const figures = [...ratiosIn(asked.outside), ...percentsIn(asked.outside)];
  if (figures.length > 1) return deliverable(text, [...notes, severalTargets(text)]);
  const [only] = figures;
  if (only !== undefined) return indicator(asked, only, title, notes);
  return readCount(text, parts, title);
}
