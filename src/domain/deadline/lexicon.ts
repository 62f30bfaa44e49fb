import type { Recurrence } from './rule.js';
import { type CountUnit, WEEKDAY_NAMES, type Word } from './tokens.js';

/**
 * The words of deadline phrases, without diacritics. Where two patterns begin alike the longer stands
 * first. A word that is in no table makes the phrase "not understood": a limit that hangs on something
 * unknown ("after the law takes effect") must not become a date.
 */

/** Words that tell how a date or period is meant. */
export const SIGNAL_WORDS: readonly (readonly [Word, string])[] = [
  ['by', 'truoc hoac(?: dung| trong| vao| den)?|trong hoac truoc|on or before|by or before'],
  [
    'by',
    'toi da|khong (?:(?:cham |muon |tre )?qua|cham hon|muon hon|tre hon|vuot qua|duoc qua)|(?:cham|muon|tre) nhat(?: la)?',
  ],
  ['by', '(?:no|not) later than|not exceeding|not more than|no more than|at most|at (?:the )?latest|by'],
  ['before', 'truoc|before|prior to|ahead of'],
  ['closing', '(?:het|cuoi|ket thuc) (?:gio|buoi) (?:lam viec|hanh chinh|chieu)'],
  ['closing', 'trong gio (?:lam viec|hanh chinh)(?: cua)?(?= (?:ngay )?\\d)'],
  ['closing', '(?:close|end) of (?:business|office hours|working hours)|cob|eob'],
  ['as_of', 'tinh den|so lieu den|chot so lieu|as of|as at'],
  ['extension', 'gia han|extension|extended|extend'],
  [
    'start',
    'tro di|onwards?|bat dau|khoi cong|khoi dong|start(?:s|ed|ing)?|begin(?:s|ning) (?:on|from)|commenc(?:e|es|ing)',
  ],
  [
    'end',
    '(?:last|final) day(?: of)?|late(?= (?:in |jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|cuoi(?: cung)?|het|ket thuc|window end|the end|ends?|end of',
  ],
  ['begin', 'dau|beginning|early|start of'],
  ['middle', 'giua|middle|mid'],
  ['first_ten', 'thuong tuan'],
  ['second_ten', 'trung tuan'],
  ['end', 'ha tuan'],
  ['in', 'ca(?= nam)'],
  ['in', 'trong(?: vong| khoang| thoi han| thoi gian| pham vi)?|within|during|in|window'],
  ['from', 'ke tu|tinh tu|tu|from|between|since'],
  ['until', 'den|toi|until|till|through|thru|to'],
  ['after', 'sau(?: khi)?|after|following'],
  ['and', 'va|and|hoac|or|hay'],
];

/** The same in signs, which may stand close to the next word. */
export const SIGNAL_SIGNS: readonly (readonly [Word, string])[] = [
  ['and', '[&;/+]'],
  // Behind a day or a period; before one `~` says "about".
  ['range', '\\.\\.+|->|-|(?<=(?:\\d|[iv]) ?)~'],
  ['comma', ','],
];

export const REGULAR_WORDS =
  'thuong xuyen|lien tuc|thuong ky|ongoing|continuous(?:ly)?|continual(?:ly)?|regular(?:ly)?|running|permanent(?:ly)?|constantly|on a regular basis';

/** Words that ask for haste or point elsewhere: no date, and no harm beside one. */
export const NO_DATE_WORDS = [
  'khan truong|khan cap|khan|hoa toc|gap(?: rut)?|cap bach|som(?: nhat)?(?: co the)?|lap tuc|kip thoi|nhanh chong|dung tien do|dung han',
  'as soon as possible|as early as possible|asap|urgent(?:ly)?|soon(?:est)?|prompt(?:ly)?|immediate(?:ly)?|quick(?:ly)?|at once|timely|in time|on time',
  '(?:theo|per|according to|as per|under) (?:dung )?(?:the )?(?:ke hoach|tien do|lo trinh|quy dinh|chi dao|yeu cau|plan|schedule|roadmap|regulations?)',
  'dot xuat|(?:khi|theo) (?:co )?yeu cau|on request|when requested|as (?:required|requested|needed)',
].join('|');

/** Words that say there is no date. Beside one they deny it or leave it open, and then it is none. */
export const DENYING_WORDS =
  'khong co|khong xac dinh|khong|chua (?:co|xac dinh|ro)|none|n/a|not stated|unknown|tb[acd]|to be (?:determined|confirmed|announced|decided|agreed)|no deadline|no date|later';

/** Words of a note in brackets that tell how or with what something is handed in, and nothing about time. */
export const NOTE_WORDS: ReadonlySet<string> = new Set(
  'qua bang bieu kem theo mau phu luc danh sach tai lieu email e-mail mail file pdf word excel scan he thong phan mem truc tuyen goc chinh via with attached attachment enclosed copy hard soft annex form template table tables signed paper and'.split(
    ' ',
  ),
);

/** Words that carry nothing about time. */
export const FILLER_WORDS = [
  // Whom it goes to: offices that a deadline cell names beside its date.
  '(?:cong an|ubnd|uy ban nhan dan|hdnd|van phong|so|bo|nganh|to cong tac|ban chi dao|co quan|don vi|thu truong|lanh dao|chinh phu|thu tuong)(?: (?:tinh|thanh pho|huyen|xa|phuong|thuong truc|chu tri|chu quan|noi vu|tu phap|y te|tai chinh|cap tren|trung uong))*',
  '(?:mot|0?1) lan|duong lich|ban (?:cung|mem|giay|dien tu)|nguoi dung dau|tinh|eod',
  'phan dau|dut diem|gio viet nam|dat(?= \\d{1,3} ?%)',
  'hoan thanh|hoan thien|xong|bao cao|gui|nop|trinh|trien khai|thuc hien|to chuc|tong hop|xu ly|phai|can|yeu cau|ket qua|de|duoc|la|cua|cung|vao|luc|ngay|nhiem vu|viec|thoi han|thoi gian|thoi diem|thoi ky|giai doan|dot(?: \\d{1,2}(?= ?:))?|han(?: chot(?! so lieu))?|hoan tat|tu nay|dung|mung|mong|cho|ve|cac|khoang thoi gian',
  'complet(?:e|ed|ion)|finish(?:ed)?|report(?:s|ed|ing)?|submit(?:ted)?|deadline|due|date|day|done|deliver(?:ed)?|must|should|please|be|is|the|of|on|at|a|an|from now|month end|time|period|for',
].join('|');

/** Spans of which something happens once, or so many times. */
export const SPANS = 'ngay|tuan|thang|qu[yi]|nam|days?|weeks?|months?|quarters?|years?';

/** A reference to the document that a limit rests on, as it stands in brackets behind a date. */
export const REFERENCE =
  /^(?:theo |tai |can cu |quy dinh tai |thuc hien )?(?:cac )?(?:ke hoach|quyet dinh|cong van|thong bao|nghi quyet|chi thi|ket luan|nghi dinh|thong tu|van ban) (?:so )?\d+[/-][a-z\d/-]+(?:,? ngay \d{1,2}\/\d{1,2}\/\d{4})?$/;

/** Units of a count, longest first. */
export const COUNT_UNITS: readonly (readonly [CountUnit, boolean, string])[] = [
  ['wd', false, '(?:ngay )?ngay (?:lam viec|cong|l\\.?v\\.?)|(?:working|business|work)[ -]?days?|wd'],
  ['wh', false, 'gio (?:lam viec|hanh chinh)|(?:working|business|office) hours?|wh'],
  ['d', false, 'ngay (?:theo )?(?:duong )?lich|calendar days?|ngay lien tuc|consecutive days?'],
  ['d', true, 'ngay|days?|d'],
  ['week', false, 'tuan(?: le)?|weeks?'],
  ['month', false, 'thang|months?'],
  ['year', false, 'nam(?! ?\\d)|years?'],
  ['min', false, 'phut|minutes?|mins?'],
  ['s', false, 'giay|seconds?|secs?|s'],
];

export const PERIOD_UNITS = {
  ngay: 'day',
  day: 'day',
  tuan: 'week',
  week: 'week',
  thang: 'month',
  month: 'month',
  quy: 'quarter',
  qui: 'quarter',
  quarter: 'quarter',
  'nua nam': 'half',
  'half-year': 'half',
  'half year': 'half',
  nam: 'year',
  year: 'year',
} as const satisfies Record<string, Recurrence>;

export const EVERY_ADVERBS: Readonly<Record<string, Recurrence>> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  'half-yearly': 'half',
  'semi-annual': 'half',
  'semi-annually': 'half',
  yearly: 'year',
  annual: 'year',
  annually: 'year',
};

const PREPOSITION =
  '(?:(?:duoc )?(?:tinh |ke )?tu|sau|ngay sau|from|after|of|since|upon|following|counted from)';
const MOMENT = '(?: (?:khi|ngay|luc|thoi diem|the|date|day|time|of|being))*';
const DOCUMENT =
  '(?: (?:duoc|van ban|cong van|chi thi|ke hoach|thong bao|quyet dinh|nhiem vu|yeu cau|chi dao|nay|of|the|this|directive|document|letter|order|notice|task|assignment|it|decision|plan))*';

/** The events a count may start from. `nhận đủ hồ sơ` (a complete file) is another event and stays unknown. */
export const RECEIPT_PHRASE = `${PREPOSITION}${MOMENT} (?:tiep nhan|nhan|receipt|receiving|receive|received|delivery)${DOCUMENT}`;
export const ISSUE_PHRASE = [
  `${PREPOSITION}${MOMENT} (?:ky ban hanh|ban hanh|ky|phat hanh|duoc giao|giao|issuance|issuing|issued|issue|signing|signature|signed|assignment|assigned|publication)${DOCUMENT}`,
  `${PREPOSITION}${MOMENT} (?:van ban|chi thi|cong van|ke hoach|thong bao|quyet dinh|chi dao)(?: nay)?(?: duoc)? (?:ban hanh|ky|phat hanh)`,
  `(?:from|of|after) the date of (?:this|the) (?:document|directive|letter|order|decision)`,
  '(?:ke|tinh) tu (?:ngay )?(?:hom )?nay',
].join('|');

/** Counted from an event of which nobody knows the day: such a phrase must not be counted from the issue instead. */
export const OTHER_EVENT_PHRASE = `${PREPOSITION}${MOMENT} (?:duoc )?(?:hoan thanh|hoan tat|hoan thien|xong|trien khai|thuc hien|to chuc|tong hop|xu ly|bao cao|gui|nop|trinh|completion|complet(?:ing|ed)|finish(?:ing|ed)|implementation|submission|submitting|reporting|sending)`;

/** 1 Monday … 7 Sunday; Vietnamese counts from 2 (Monday) to 7 and `chủ nhật`. */
export function weekdayNumber(text: string): number {
  const vietnamese = /^thu ([2-7])$/.exec(text);
  if (vietnamese !== null) return Number(vietnamese[1]) - 1;
  if (text === 'chu nhat' || text === 'cn') return 7;
  const names: readonly string[] = WEEKDAY_NAMES;
  return names.indexOf(text.replace(/s$/, '')) + 1;
}
