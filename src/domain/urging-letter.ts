import { type Calendar, isWorkingDate, localDate } from './calendar.js';
import { dayNumberOf, isoDateOf } from './civil-date.js';
import { type Instant, type IsoDate, MINUTE } from './instant.js';

/** What the letter to the head of a unit that is late rests on, as it stood when the rung of the ladder drafted it. */
export interface UrgingFacts {
  readonly workingGroup: string;
  /** Whose letter it is. */
  readonly issuer: string;
  readonly unit: string;
  /** In office when it was drafted. */
  readonly head: string | null;
  readonly directive: {
    readonly number: string | null;
    readonly title: string;
    readonly date: IsoDate | null;
  };
  readonly task: { readonly code: string | null; readonly title: string };
  /** The deadline's words in the directive, or in the act that set it. */
  readonly phrase: string;
  readonly firstDeadlineAt: Instant | null;
  readonly deadlineAt: Instant;
  readonly asOf: Instant;
  readonly late: Lateness;
  /** Steps of the ladder taken before, after the deadline. */
  readonly urgedAt: readonly Instant[];
  /** Causes that the unit has stated, each with what became of it; a pending one says so. */
  readonly causes: readonly { readonly cause: string; readonly state: string }[];
  /** The regulation that the policy names; null where it names none. */
  readonly basis: string | null;
}

/** By how many days something is late: those that began after the day of the deadline. */
export interface Lateness {
  readonly days: number;
  readonly workingDays: number;
}

/** The letter in its parts, in Vietnamese as official letters are, so that a document can be made of it. */
export interface UrgingLetter {
  readonly subject: string;
  readonly addressee: string;
  readonly basis: readonly string[];
  readonly paragraphs: readonly string[];
  readonly closing: string;
}

export function daysLate(calendar: Calendar, deadlineAt: Instant, asOf: Instant): Lateness {
  const from = dayNumberOf(localDate(calendar, deadlineAt));
  const to = dayNumberOf(localDate(calendar, asOf));
  let workingDays = 0;
  for (let day = from + 1; day <= to; day += 1) {
    if (isWorkingDate(calendar, isoDateOf(day))) workingDays += 1;
  }
  return { days: Math.max(0, to - from), workingDays };
}

/**
 * Writes the letter of design §2 (ladder, three working days after the deadline). It states facts and asks; it judges
 * nobody. Number, date and signer are the signed document's and stand beside it.
 */
export function urgingLetter(facts: UrgingFacts, calendar: Calendar): UrgingLetter {
  return {
    subject: `V/v đôn đốc thực hiện nhiệm vụ quá hạn: ${facts.task.title}`,
    addressee: `Người đứng đầu ${facts.unit}${facts.head === null ? '' : ` (${facts.head})`}`,
    basis: basisOf(facts),
    paragraphs: [given(facts, calendar), found(facts, calendar), ...stated(facts), asked(facts)],
    closing: `${facts.issuer} gửi để ${facts.unit} biết, thực hiện./.`,
  };
}

/** The letter as plain text; number and date lead it once it is signed. */
export function letterText(
  letter: UrgingLetter,
  facts: Pick<UrgingFacts, 'workingGroup' | 'issuer'>,
  signed: { readonly number: string; readonly date: IsoDate; readonly signer: string | null } | null,
): string {
  const lines = [
    facts.workingGroup,
    facts.issuer,
    ...(signed === null ? [] : [`Số: ${signed.number}, ngày ${written(signed.date)}`]),
    letter.subject,
    '',
    `Kính gửi: ${letter.addressee}`,
    '',
    ...letter.basis,
    ...letter.paragraphs,
    letter.closing,
    ...(signed?.signer == null ? [] : ['', `Người ký: ${signed.signer}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function basisOf({ directive, basis }: UrgingFacts): string[] {
  const number = directive.number === null ? '' : ` số ${directive.number}`;
  const date = directive.date === null ? '' : ` ngày ${written(directive.date)}`;
  return [
    ...(basis === null ? [] : [`Căn cứ ${basis};`]),
    `Căn cứ văn bản${number}${date}: ${directive.title};`,
  ];
}

function given(facts: UrgingFacts, calendar: Calendar): string {
  const code = facts.task.code === null ? '' : ` ${facts.task.code}`;
  const first =
    facts.firstDeadlineAt === null || facts.firstDeadlineAt === facts.deadlineAt
      ? ''
      : ` Thời hạn giao lần đầu: ${moment(facts.firstDeadlineAt, calendar)}.`;
  return (
    `${facts.unit} được giao chủ trì nhiệm vụ${code} «${facts.task.title}», ` +
    `thời hạn ${moment(facts.deadlineAt, calendar)} (theo văn bản: «${facts.phrase}»).${first}`
  );
}

function found(facts: UrgingFacts, calendar: Calendar): string {
  const { days, workingDays } = facts.late;
  const dates = [...new Set(facts.urgedAt.map((at) => written(localDate(calendar, at))))];
  const urged = dates.length === 0 ? '' : `, đã được đôn đốc ngày ${dates.join(', ')}`;
  return (
    `Tính đến ${moment(facts.asOf, calendar)}, nhiệm vụ đã quá hạn ${days} ngày (${workingDays} ngày làm việc)${urged}, ` +
    'chưa có kết quả được gửi.'
  );
}

function stated({ causes, unit }: UrgingFacts): string[] {
  if (causes.length === 0) return [];
  const list = causes.map(({ cause, state }) => `${cause} (${state.toLowerCase()})`);
  return [`Nguyên nhân ${unit} đã nêu: ${list.join('; ')}.`];
}

function asked({ unit, issuer, workingGroup }: UrgingFacts): string {
  return (
    `Đề nghị người đứng đầu ${unit} trực tiếp chỉ đạo hoàn thành nhiệm vụ, gửi kết quả, nêu rõ nguyên nhân chậm ` +
    `và gửi ${issuer} để tổng hợp, báo cáo lãnh đạo ${workingGroup}.`
  );
}

/** `05/02/2026`. */
function written(date: IsoDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day}/${month}/${year}`;
}

/** Hour and date, local; the end of a day is written as the day alone. */
function moment(at: Instant, calendar: Calendar): string {
  const local = new Date(at + calendar.utcOffsetMinutes * MINUTE).toISOString();
  const time = local.slice(11, 16);
  const day = written(localDate(calendar, at));
  if (time === '23:59') return `hết ngày ${day}`;
  return `${time.replace(':', ' giờ ')} ngày ${day}`;
}
