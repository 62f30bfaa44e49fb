import { foldKey, nameKey, tidy, tidyLines } from '../domain/text.js';

/** One name of a cell, with the number beside it where the cell breaks a total down by unit. */
export interface NamePart {
  readonly name: string;
  readonly count: number | null;
}

export interface NamesOfCell {
  readonly parts: readonly NamePart[];
  /** “(not stated)”, “chưa rõ”: the cell says that it says nothing. */
  readonly notStated: boolean;
  /** “A; B; …”: there are more, not named here. */
  readonly goesOn: boolean;
  /** “12 chairmen: A, B, …”: how many it says there are, when that is not how many it names. */
  readonly saidCount: number | null;
}

const NOT_STATED =
  /^(not stated|not specified|unknown|n a|tbd|none|chua (neu|ro|xac dinh|giao)|khong (neu|ro|co|xac dinh)|khong)\b/;

/** What an organisation's name begins with, so that a comma before it separates two names. */
const BEGINS_NAME =
  /^(Sở|Bộ|Ban|Cục|Chi cục|Tổng cục|Công an|UBND|Ủy ban|Uỷ ban|Văn phòng|Thanh tra|Ngân hàng|Bảo hiểm|Viện|Đài|Tòa|Toà|Kho bạc|Bưu điện|Hội|Liên đoàn|Tỉnh đoàn|Trung tâm|Ministry|Department|Office|Provincial|State|Agency) \p{L}/u;

/** “Các sở: Y tế, Tài chính”: the kind of body stands once before the names. */
const KINDS_BEFORE_COLON =
  /^(?:(?:các|cac|những)\s+)?(sở|bộ|ban|cục|xã|phường|huyện|tỉnh|quận|ministries|departments)$/i;
const SINGULAR: Readonly<Record<string, string>> = {
  ministries: 'Ministry of',
  departments: 'Department of',
};

export function isNotStated(text: string): boolean {
  const key = foldKey(text);
  return key === '' || NOT_STATED.test(key);
}

/** What is left of a name without remarks in brackets, a leading number, “all”, “các”, “each”. */
export function bareName(name: string): string {
  return tidy(name.replace(/\([^)]*\)/g, ' '))
    .replace(/^\d[\d.,]*\s+/, '')
    .replace(/^(all|each|every|the|tất cả các|tất cả|toàn bộ các|toàn bộ|mỗi|mọi|các|những)\s+/i, '');
}

/** Cuts at the marks, but not inside brackets. */
function cut(text: string, marks: RegExp): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const piece of text.split(/([()])/)) {
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    const pieces = depth > 0 || piece === '(' || piece === ')' ? [piece] : piece.split(marks);
    const [first = '', ...others] = pieces;
    parts.push((parts.pop() ?? '') + first, ...others);
  }
  return parts.map(tidy).filter((part) => part !== '');
}

/** Pieces between commas that one name may have. */
const LONGEST_NAME = 8;

type Known = (name: string) => boolean;

/** “A and B” is two names where both are known or both begin like a name; else it may be one. */
function cutAtAnd(text: string, known: Known): readonly string[] {
  if (known(text)) return [text];
  const pieces = cut(text, / (?:và|and|\+) /iu);
  if (pieces.length < 2) return [text];
  const separate = pieces.every((piece) => known(piece)) || pieces.every((piece) => BEGINS_NAME.test(piece));
  return separate ? pieces : [text];
}

/** Commas are part of many names: the longest run that is known wins, what is not known stays together. */
function cutAtCommas(text: string, known: Known): readonly string[] {
  const whole = cutAtAnd(text, known);
  if (whole.length > 1 || known(text)) return whole;
  const tokens = cut(text, /,/);
  const names: string[] = [];
  let pending: string[] = [];
  const flush = (): void => {
    if (pending.length > 0) names.push(...cutAtAnd(pending.join(', '), known));
    pending = [];
  };
  for (let at = 0; at < tokens.length; at += 1) {
    let end = Math.min(tokens.length, at + LONGEST_NAME);
    while (end > at && cutAtAnd(tokens.slice(at, end).join(', '), known).some((name) => !known(name)))
      end -= 1;
    const token = tokens[at] ?? '';
    if (end > at) {
      flush();
      names.push(...cutAtAnd(tokens.slice(at, end).join(', '), known));
      at = end - 1;
    } else {
      if (BEGINS_NAME.test(token)) flush();
      pending.push(token);
    }
  }
  flush();
  return names;
}

/** “Education 13; Labour 2”: every part ends with a number, and no name comes twice (as “Ward 1; Ward 3” would). */
function breakdown(parts: readonly string[], known: Known): readonly NamePart[] | null {
  if (parts.length < 2 || parts.some((part) => known(part))) return null;
  const read = parts.map((part) => /^(.*\p{L}.*?)[\s:]+(\d[\d.,]*)$/u.exec(part));
  const names = read.flatMap((match) => {
    const [, name = '', digits = ''] = match ?? [];
    return name === '' ? [] : [{ name: tidy(name), count: Number(digits.replace(/[.,]/g, '')) }];
  });
  if (names.length < parts.length) return null;
  return new Set(names.map((part) => nameKey(part.name))).size === parts.length ? names : null;
}

function plain(names: readonly string[]): readonly NamePart[] {
  return names.map((name) => ({ name, count: null }));
}

/** “Các sở: Y tế, Tài chính” and “12 provincial chairmen: A, B”. */
function afterColon(text: string, known: Known): { names: readonly string[]; said: number | null } | null {
  const [, head = '', list = ''] = /^([^:;]{2,60}):\s*(\S.*)$/s.exec(text) ?? [];
  if (list === '') return null;
  const kind = KINDS_BEFORE_COLON.exec(tidy(head))?.[1];
  const items = cut(list, list.includes(';') ? /[;\n]/ : /[,\n]/).flatMap((item) => cutAtAnd(item, known));
  if (kind === undefined) {
    const said = /^(\d{1,4})\s/.exec(tidy(head))?.[1];
    return { names: items, said: said === undefined ? null : Number(said) };
  }
  const prefix = SINGULAR[kind.toLowerCase()] ?? kind.charAt(0).toUpperCase() + kind.slice(1).toLowerCase();
  return { names: items.map((item) => (known(item) ? item : `${prefix} ${item}`)), said: null };
}

/**
 * The names in a cell. Nothing is guessed: where a separator may also be part of a name, only what is
 * known (in the directory, or by an answer) is cut off, and the rest is shown as it was typed.
 */
export function namesOf(cell: string, known: Known): NamesOfCell {
  const text = tidyLines(cell);
  if (isNotStated(text)) return { parts: [], notStated: text !== '', goesOn: false, saidCount: null };
  if (known(text)) return { parts: plain([tidy(text)]), notStated: false, goesOn: false, saidCount: null };
  const goesOn = /(\.\.\.|…|v\.v\.?|etc\.?)\s*$/u.test(text);
  const all = goesOn ? text.replace(/[;,\s]*(\.\.\.|…|v\.v\.?|etc\.?)\s*$/u, '') : text;
  const listed = afterColon(all, known);
  if (listed !== null) {
    const saidCount = listed.said !== null && listed.said !== listed.names.length ? listed.said : null;
    return { parts: plain(listed.names), notStated: false, goesOn, saidCount };
  }
  const chunks = cut(all, /[;\n]/);
  const counted = breakdown(chunks.length > 1 ? chunks : cut(all, /,/), known);
  const parts = counted ?? plain(chunks.flatMap((chunk) => cutAtCommas(chunk, known)));
  return { parts, notStated: false, goesOn, saidCount: null };
}
