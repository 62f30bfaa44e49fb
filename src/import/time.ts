import type { Calendar } from '../domain/calendar.js';
import { startOfDay } from '../domain/calendar.js';
import { parseDeadline } from '../domain/deadline/parse.js';
import { resolveDeadline } from '../domain/deadline/resolve.js';
import type { DeadlinePolicy, DeadlineRule } from '../domain/deadline/rule.js';
import type { DraftDeadline, PastAnswer } from '../domain/directive/draft.js';
import type { ImportChoices, PastAnswerInput } from '../domain/import.js';
import type { Instant } from '../domain/instant.js';
import type { StatedDate } from './dates.js';
import type { RowFindings } from './findings.js';

export interface TimeContext {
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  readonly choices: ImportChoices;
  readonly documentDate: string | null;
}

export interface RowTime {
  readonly deadline: DraftDeadline;
  readonly regular: boolean;
  readonly past: boolean;
  /** Of a dated row; null where none is understood. */
  readonly at: Instant | null;
}

function resolved(rule: DeadlineRule, context: TimeContext): Instant | null {
  const { now, calendar, policy } = context;
  return resolveDeadline(rule, { issuedAt: now, calendar, policy }).at;
}

/** The new deadline of a row that is carried over, and whether it can be one. */
function carriedOver(
  answer: Extract<PastAnswerInput, { answer: 'carry_over' }>,
  context: TimeContext,
  column: string | null,
  findings: RowFindings,
): PastAnswer {
  const parsed = parseDeadline(answer.newPhrase, { documentDate: context.documentDate });
  const newRule = parsed.ok ? parsed.rule : null;
  const at = newRule === null ? null : resolved(newRule, context);
  if (!parsed.ok) {
    findings.blocks('new_deadline_not_understood', column, answer.newPhrase, {
      vi: `Thời hạn mới: ${parsed.detail.vi}`,
      en: `The new deadline: ${parsed.detail.en}`,
    });
  } else if (at === null || at <= context.now) {
    findings.blocks('new_deadline_past', column, answer.newPhrase, {
      vi: 'Thời hạn mới cũng đã qua hoặc không phải một ngày; hãy ghi ngày sau hôm nay.',
      en: 'The new deadline is past too, or is no date; give one after today.',
    });
  }
  return { answer: 'carry_over', newPhrase: answer.newPhrase, newRule };
}

interface PastRow {
  readonly line: number;
  readonly column: string | null;
  readonly phrase: string;
  readonly beforeDocument: boolean;
  /** No other clear fails. Where one does, no clock will run, so nothing is asked yet. */
  readonly clearOtherwise: boolean;
  readonly underWay: boolean;
}

function askPast(row: PastRow, context: TimeContext, findings: RowFindings): PastAnswer | null {
  const { past } = context.choices;
  const own = past?.rows?.[row.line];
  // A deadline before its own document is more often a slip than a fact: an answer for all rows does not cover it.
  const taken = row.underWay ? ({ answer: 'take_over' } as const) : undefined;
  const answer = own ?? taken ?? (row.beforeDocument ? undefined : past?.default);
  if (answer !== undefined) {
    findings.note('deadline_past', row.column, row.phrase, {
      vi:
        answer.answer === 'take_over'
          ? 'Thời hạn đã qua: tiếp nhận cùng quá khứ.'
          : 'Thời hạn đã qua: chuyển tiếp với thời hạn mới.',
      en:
        answer.answer === 'take_over'
          ? 'The deadline is past: taken over with its past.'
          : 'The deadline is past: carried over with a new one.',
    });
    return answer.answer === 'take_over'
      ? { answer: 'take_over' }
      : carriedOver(answer, context, row.column, findings);
  }
  const message = {
    vi: 'Thời hạn đã qua. Hãy chọn: chuyển tiếp với thời hạn mới (giữ thời hạn đầu và năm gốc), hoặc tiếp nhận cùng quá khứ.',
    en: 'The deadline is already past. Choose: carry over with a new deadline (the first one and the year of origin are kept), or take over with its past.',
  };
  if (row.clearOtherwise) findings.blocks('deadline_past', row.column, row.phrase, message);
  else findings.note('deadline_past', row.column, row.phrase, message);
  return null;
}

function beforeDocument(at: Instant, stated: StatedDate | null, context: TimeContext): boolean {
  return stated !== null && at < startOfDay(context.calendar, stated.from);
}

/** Reads the deadline of a row; asks where it is past, and remarks where it is before its own document. */
export function readTime(
  row: {
    readonly line: number;
    readonly phrase: string;
    readonly column: string | null;
    readonly regular: boolean;
    readonly clearOtherwise: boolean;
    /** The row says what had happened before: it is taken over with its past, and nothing is asked. */
    readonly underWay: boolean;
  },
  stated: StatedDate | null,
  context: TimeContext,
  findings: RowFindings,
): RowTime {
  const { phrase, column } = row;
  const exactDate = stated !== null && stated.from === stated.to ? stated.from : context.documentDate;
  const parsed = parseDeadline(phrase, { documentDate: exactDate });
  if (!parsed.ok) {
    findings.unclear('time', `deadline_${parsed.code}`, column, phrase === '' ? null : phrase, parsed.detail);
    return { deadline: { phrase, rule: null, past: null }, regular: false, past: false, at: null };
  }
  const { rule } = parsed;
  // Regular by its kind: judged by its reports whatever date stands there, so no date of it is past.
  if (rule.kind === 'regular' || row.regular) {
    findings.note('regular_needs_end', column, phrase, {
      vi: 'Nhiệm vụ thường xuyên: văn bản cần có ngày kết thúc.',
      en: 'A regular task: the directive needs an end date.',
    });
    return { deadline: { phrase, rule, past: null }, regular: true, past: false, at: null };
  }
  // Of work under way a count began on the day of its document.
  const since = row.underWay && exactDate !== null ? startOfDay(context.calendar, exactDate) : context.now;
  const at = resolved(rule, { ...context, now: Math.min(since, context.now) });
  const early = at !== null && beforeDocument(at, stated, context);
  if (early) {
    findings.note('deadline_before_document', column, phrase, {
      vi: 'Thời hạn trước ngày của chính văn bản: hãy kiểm tra cả hai ngày, sửa thời hạn, hoặc trả lời riêng cho hàng này.',
      en: 'The deadline is before the date of its own document: check both, correct the deadline, or answer for this row by itself.',
    });
  }
  if (at === null || at > context.now)
    return { deadline: { phrase, rule, past: null }, regular: false, past: false, at };
  const past = askPast({ ...row, beforeDocument: early }, context, findings);
  return { deadline: { phrase, rule, past }, regular: false, past: true, at };
}
