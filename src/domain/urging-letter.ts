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
  readonly about: LateTask | LateReport;
  readonly deadlineAt: Instant;
  readonly asOf: Instant;
  readonly late: Lateness;
  /** Steps of the ladder taken before, after the deadline. */
  readonly urgedAt: readonly Instant[];
  /** The regulation that the policy names; null where it names none. */
  readonly basis: string | null;
}

export interface LateTask {
  readonly kind: 'task';
  readonly directive: {
    readonly number: string | null;
    readonly title: string;
    readonly date: IsoDate | null;
  };
  readonly code: string | null;
  readonly title: string;
  /** The deadline's words in the directive, or in the act that set it. */
  readonly phrase: string;
  readonly firstDeadlineAt: Instant | null;
  /** Causes that the unit has stated, each with what became of it; a pending one says so. */
  readonly causes: readonly { readonly cause: string; readonly state: string }[];
}

export interface LateReport {
  readonly kind: 'report';
  /** Of the regime, or of the request. */
  readonly name: string;
  /** Null where it was asked for once. */
  readonly period: { readonly opensOn: IsoDate; readonly closesOn: IsoDate } | null;
  /** What came was returned and has not come again. */
  readonly returned: boolean;
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
  const { about, unit, head, issuer } = facts;
  const what =
    about.kind === 'task' ? taskWords(about, facts, calendar) : reportWords(about, facts, calendar);
  return {
    subject: what.subject,
    addressee: `Người đứng đầu ${unit}${head === null ? '' : ` (${head})`}`,
    basis: [...(facts.basis === null ? [] : [`Căn cứ ${facts.basis};`]), what.basis],
    paragraphs: what.paragraphs,
    closing: `${issuer} gửi để ${unit} biết, thực hiện./.`,
  };
}

interface Words {
  readonly subject: string;
  readonly basis: string;
  readonly paragraphs: readonly string[];
}

function taskWords(task: LateTask, facts: UrgingFacts, calendar: Calendar): Words {
  const { directive, title } = task;
  const number = directive.number === null ? '' : ` số ${directive.number}`;
  const date = directive.date === null ? '' : ` ngày ${written(directive.date)}`;
  return {
    subject: `V/v đôn đốc thực hiện nhiệm vụ quá hạn: ${title}`,
    basis: `Căn cứ văn bản${number}${date}: ${directive.title};`,
    paragraphs: [
      given(task, facts, calendar),
      `${found(facts, calendar, 'nhiệm vụ')}, chưa có kết quả được gửi.`,
      ...stated(task, facts.unit),
      `Đề nghị người đứng đầu ${facts.unit} trực tiếp chỉ đạo hoàn thành nhiệm vụ, gửi kết quả, ${answered(facts)}`,
    ],
  };
}

function reportWords(report: LateReport, facts: UrgingFacts, calendar: Calendar): Words {
  const { name, period } = report;
  const span = period === null ? '' : ` kỳ ${written(period.opensOn)} - ${written(period.closesOn)}`;
  const missing = report.returned ? 'đã được trả lại và chưa được gửi lại' : 'chưa được gửi';
  return {
    subject: `V/v đôn đốc gửi báo cáo quá hạn: ${name}${span}`,
    basis: period === null ? `Căn cứ yêu cầu báo cáo «${name}»;` : `Căn cứ chế độ báo cáo «${name}»;`,
    paragraphs: [
      `${facts.unit} có trách nhiệm gửi báo cáo «${name}»${span}, thời hạn ${moment(facts.deadlineAt, calendar)}.`,
      `${found(facts, calendar, 'báo cáo')}, ${missing}.`,
      `Đề nghị người đứng đầu ${facts.unit} trực tiếp chỉ đạo gửi báo cáo, ${answered(facts)}`,
    ],
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

function given(
  { code, title, phrase, firstDeadlineAt }: LateTask,
  { unit, deadlineAt }: UrgingFacts,
  calendar: Calendar,
): string {
  const first =
    firstDeadlineAt === null || firstDeadlineAt === deadlineAt
      ? ''
      : ` Thời hạn giao lần đầu: ${moment(firstDeadlineAt, calendar)}.`;
  return (
    `${unit} được giao chủ trì nhiệm vụ${code === null ? '' : ` ${code}`} «${title}», ` +
    `thời hạn ${moment(deadlineAt, calendar)} (theo văn bản: «${phrase}»).${first}`
  );
}

function found({ late, urgedAt, asOf }: UrgingFacts, calendar: Calendar, what: string): string {
  const dates = [...new Set(urgedAt.map((at) => written(localDate(calendar, at))))];
  const urged = dates.length === 0 ? '' : `, đã được đôn đốc ngày ${dates.join(', ')}`;
  return `Tính đến ${moment(asOf, calendar)}, ${what} đã quá hạn ${late.days} ngày (${late.workingDays} ngày làm việc)${urged}`;
}

function stated({ causes }: LateTask, unit: string): string[] {
  if (causes.length === 0) return [];
  const list = causes.map(({ cause, state }) => `${cause} (${state.toLowerCase()})`);
  return [`Nguyên nhân ${unit} đã nêu: ${list.join('; ')}.`];
}

const answered = ({ issuer, workingGroup }: UrgingFacts): string =>
  `nêu rõ nguyên nhân chậm và gửi ${issuer} để tổng hợp, báo cáo lãnh đạo ${workingGroup}.`;

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
