import { type Calendar, type CalendarDay, entryOn, localDate, startOfDay } from '../calendar.js';
import { civilDate, dayNumberOf, weekdayOf } from '../civil-date.js';
import { assertNever, type Bilingual } from '../errors.js';
import { type Instant, type IsoDate, MINUTE, SECOND } from '../instant.js';
import type { Resolution, ResolveContext, SkippedDay } from './resolve.js';
import type { CountFrom, DeadlineRule, NamedPeriod, ReadingNote } from './rule.js';

const WEEKDAYS_VI = ['thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'] as const;
const WEEKDAYS_EN = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const MONTHS_EN =
  'January February March April May June July August September October November December'.split(' ');
const HALVES = { vi: ['đầu', 'cuối'], en: ['first', 'second'] } as const;

/** More days off than this are counted, not listed: nobody reads a hundred Sundays. */
const LISTED = 16;

const pad = (value: number): string => String(value).padStart(2, '0');

/** `thứ Sáu 20/6/2025`, `Friday 20 June 2025`. */
function dateWords(date: IsoDate): Bilingual {
  const number = dayNumberOf(date);
  const { year, month, day } = civilDate(number);
  const weekday = weekdayOf(number);
  return {
    vi: `${WEEKDAYS_VI[weekday]} ${pad(day)}/${month}/${year}`,
    en: `${WEEKDAYS_EN[weekday]} ${day} ${MONTHS_EN[month - 1]} ${year}`,
  };
}

function instantWords(calendar: Calendar, at: Instant): Bilingual {
  const date = localDate(calendar, at);
  const since = at - startOfDay(calendar, date);
  const minutes = Math.floor(since / MINUTE);
  const seconds = Math.floor((since % MINUTE) / SECOND);
  const time = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}${seconds > 0 ? `:${pad(seconds)}` : ''}`;
  const day = dateWords(date);
  return { vi: `${time} ${day.vi}`, en: `${time} on ${day.en}` };
}

/** Why the office is closed on a date: the calendar's entry, or the weekday. */
export function whyOff(calendar: Calendar, date: IsoDate): Bilingual {
  const entry = entryOn(calendar, date);
  if (entry !== null) return { vi: entry.name, en: entry.nameEn ?? entry.name };
  const weekday = weekdayOf(dayNumberOf(date));
  return { vi: WEEKDAYS_VI[weekday] ?? '', en: WEEKDAYS_EN[weekday] ?? '' };
}

/** What the reader of a phrase assumed, in words. */
function noteWords(note: ReadingNote): Bilingual {
  switch (note) {
    case 'time_left_out':
      return {
        vi: 'Giờ trong ngày được ghi lại nhưng không dùng để tính: báo cáo định kỳ tính theo ngày.',
        en: 'The time of day is kept as typed and judges nobody: regular reports go by the day.',
      };
    case 'year_resolved':
      return {
        vi: 'Cụm từ không ghi năm: lấy lần đến gần nhất kể từ ngày của văn bản.',
        en: "The phrase has no year: the next such date from the document's date on was taken.",
      };
    case 'two_digit_year':
      return { vi: 'Năm ghi hai chữ số: hiểu là 20xx.', en: 'The year has two digits: read as 20xx.' };
    case 'day_before_month':
      return { vi: 'Đọc theo thứ tự ngày/tháng.', en: 'Read as day/month.' };
    case 'relative_to_document':
      return { vi: 'Tính theo ngày của văn bản.', en: "Counted from the document's date." };
    default:
      return assertNever(note);
  }
}

interface Explained {
  readonly rule: DeadlineRule;
  readonly context: ResolveContext;
  readonly resolution: Resolution;
  readonly skipped: readonly SkippedDay[];
}

/** The explanation of a resolved deadline: the rule, the instant, the days that moved it, what is uncertain. */
export function explain({ rule, context, resolution, skipped }: Explained): Bilingual {
  const { calendar } = context;
  const { at, decidedBy, movedFrom } = resolution;
  const parts: Bilingual[] = [ruleWords(rule, context)];
  if (movedFrom !== null) parts.push(movedWords(movedFrom));
  if (at !== null) {
    const due = instantWords(calendar, at);
    parts.push({ vi: `Hạn: ${due.vi}.`, en: `Due at ${due.en}.` });
  }
  if (skipped.length > 0) parts.push(skippedWords(skipped));
  if (decidedBy !== null) parts.push(...calendarWords(calendar, decidedBy));
  parts.push(...rule.notes.map(noteWords));
  return { vi: parts.map(({ vi }) => vi).join(' '), en: parts.map(({ en }) => en).join(' ') };
}

function ruleWords(rule: DeadlineRule, context: ResolveContext): Bilingual {
  switch (rule.kind) {
    case 'date':
      return namedDateWords(rule, context);
    case 'part_of': {
      const period = periodWords(rule.period);
      return rule.part === 'beginning'
        ? { vi: `Đầu ${period.vi}.`, en: `The beginning of ${period.en}.` }
        : { vi: `Giữa ${period.vi}.`, en: `The middle of ${period.en}.` };
    }
    case 'end_of': {
      const period = periodWords(rule.period);
      return { vi: `Hết ${period.vi}.`, en: `The end of ${period.en}.` };
    }
    case 'window': {
      const [from, to] = [dateWords(rule.from), dateWords(rule.to)];
      return { vi: `Từ ${from.vi} đến hết ${to.vi}.`, en: `From ${from.en} to the end of ${to.en}.` };
    }
    case 'count':
      return countWords(rule, context);
    case 'months': {
      const start = startWords(rule.from, context);
      return {
        vi: `${rule.months} tháng kể từ ${start.vi}, đến ngày tương ứng.`,
        en: `${rule.months} months from ${start.en}, to the corresponding day.`,
      };
    }
    case 'regular':
      return rule.until === null && (context.regularEndsAt ?? null) === null
        ? {
            vi: 'Thường xuyên: đánh giá theo báo cáo; cần ngày kết thúc của văn bản.',
            en: 'Regular: judged by its reports; the directive needs an end date.',
          }
        : {
            vi: 'Thường xuyên: đánh giá theo báo cáo, kết thúc vào ngày dưới đây.',
            en: 'Regular: judged by its reports, concluded on the date below.',
          };
    default:
      return assertNever(rule);
  }
}

function namedDateWords(
  rule: Extract<DeadlineRule, { kind: 'date' }>,
  { policy }: ResolveContext,
): Bilingual {
  const date = dateWords(rule.date);
  if (!rule.before || rule.minute !== null) return { vi: `Ngày ${date.vi}.`, en: `${date.en}.` };
  return policy.beforeIsExclusive
    ? { vi: `Trước ${date.vi}: không tính ngày đó.`, en: `Before ${date.en}: that day is not included.` }
    : { vi: `Trước ${date.vi}: tính cả ngày đó.`, en: `Before ${date.en}: that day is included.` };
}

function periodWords({ unit, year, index }: NamedPeriod): Bilingual {
  switch (unit) {
    case 'month':
      return { vi: `tháng ${index}/${year}`, en: `${MONTHS_EN[index - 1]} ${year}` };
    case 'quarter':
      return { vi: `quý ${['I', 'II', 'III', 'IV'][index - 1]}/${year}`, en: `quarter ${index} of ${year}` };
    case 'half':
      return {
        vi: `6 tháng ${HALVES.vi[index - 1]} năm ${year}`,
        en: `the ${HALVES.en[index - 1]} half of ${year}`,
      };
    case 'year':
      return { vi: `năm ${year}`, en: String(year) };
    default:
      return assertNever(unit);
  }
}

/** Units of time as people are told them. */
export const UNIT_WORDS = {
  s: { vi: 'giây', en: 'seconds' },
  min: { vi: 'phút', en: 'minutes' },
  h: { vi: 'giờ', en: 'hours' },
  d: { vi: 'ngày (tính cả ngày nghỉ)', en: 'calendar days' },
  wh: { vi: 'giờ làm việc', en: 'working hours' },
  wd: { vi: 'ngày làm việc', en: 'working days' },
} as const;

function countWords(rule: Extract<DeadlineRule, { kind: 'count' }>, context: ResolveContext): Bilingual {
  const { value, unit } = rule.count;
  const read = rule.bare && unit === 'd' && context.policy.bareDays === 'working' ? 'wd' : unit;
  const words = UNIT_WORDS[read];
  const start = startWords(rule.from, context);
  const byDay = read === 'd' || read === 'wd';
  return {
    vi: `${value} ${words.vi} kể từ ${start.vi}${byDay ? ', không tính ngày đầu' : ''}.`,
    en: `${value} ${words.en} from ${start.en}${byDay ? ', the first day not counted' : ''}.`,
  };
}

function startWords(from: CountFrom, { calendar, issuedAt }: ResolveContext): Bilingual {
  if (typeof from === 'object') {
    const date = dateWords(from.date);
    return { vi: `ngày ${date.vi}`, en: date.en };
  }
  const issued = instantWords(calendar, issuedAt);
  return from === 'receipt'
    ? { vi: `khi nhận (là lúc giao, ${issued.vi})`, en: `receipt (the delivery at issue, ${issued.en})` }
    : { vi: `khi ban hành (${issued.vi})`, en: `the issue (${issued.en})` };
}

function movedWords(from: IsoDate): Bilingual {
  const date = dateWords(from);
  return {
    vi: `Ngày cuối cùng, ${date.vi}, là ngày nghỉ: chuyển sang hết ngày làm việc tiếp theo (Bộ luật Dân sự 2015, điều 148 khoản 5).`,
    en: `The last day, ${date.en}, is a day off: moved to the end of the next working day (Civil Code 2015, article 148.5).`,
  };
}

function skippedWords(skipped: readonly SkippedDay[]): Bilingual {
  const short = (date: IsoDate): string => `${date.slice(8)}/${Number(date.slice(5, 7))}`;
  const listed = skipped.slice(0, LISTED);
  const more = skipped.length - listed.length;
  const vi = listed.map(({ date, why }) => `${short(date)} (${why})`).join(', ');
  const en = listed.map(({ date, whyEn }) => `${short(date)} (${whyEn})`).join(', ');
  return {
    vi: `Ngày nghỉ không tính: ${vi}${more > 0 ? ` và ${more} ngày khác` : ''}.`,
    en: `Days off passed over: ${en}${more > 0 ? ` and ${more} more` : ''}.`,
  };
}

/** Whether the stretch holds an unconfirmed entry, or reaches into a year without any. */
export function isProvisional(calendar: Calendar, { from, to }: { from: IsoDate; to: IsoDate }): boolean {
  const unsure = calendar.days.some((day) => day.provisional === true && day.date >= from && day.date <= to);
  return unsure || missingYear(calendar, to) !== null;
}

/** The year of a date, where the calendar has entries but none of that year. */
function missingYear(calendar: Calendar, date: IsoDate): string | null {
  const year = date.slice(0, 4);
  const known = calendar.days.some((day) => day.date.startsWith(year));
  return calendar.days.length > 0 && !known ? year : null;
}

/** Make-up working days that counted, what is provisional or not in the calendar, and which calendar it was. */
function calendarWords(calendar: Calendar, { from, to }: { from: IsoDate; to: IsoDate }): Bilingual[] {
  const within = calendar.days.filter(({ date }) => date >= from && date <= to);
  const parts: Bilingual[] = [];
  const made = within.filter(({ kind }) => kind === 'swap_work');
  if (made.length > 0) {
    parts.push({
      vi: `Ngày làm bù được tính: ${dates(made)}.`,
      en: `Make-up working days counted: ${dates(made)}.`,
    });
  }
  const unsure = within.filter(({ provisional }) => provisional === true);
  if (unsure.length > 0) {
    parts.push({
      vi: `Tạm tính, chưa có văn bản xác nhận: ${dates(unsure)}.`,
      en: `Provisional, not confirmed by a document: ${dates(unsure)}.`,
    });
  }
  const missing = missingYear(calendar, to);
  if (missing !== null) {
    parts.push({
      vi: `Lịch chưa có ngày nghỉ lễ năm ${missing}: tạm tính.`,
      en: `The calendar has no holidays of ${missing} yet: provisional.`,
    });
  }
  parts.push({
    vi: `Lịch ${calendar.id}, phiên bản ${calendar.version}.`,
    en: `Calendar ${calendar.id}, version ${calendar.version}.`,
  });
  return parts;
}

const dates = (days: readonly CalendarDay[]): string =>
  [...days]
    .sort((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date }) => `${date.slice(8)}/${Number(date.slice(5, 7))}/${date.slice(0, 4)}`)
    .join(', ');
