import type { DocumentReference } from '../actor.js';
import { type Calendar, localDate, startOfDay } from '../calendar.js';
import { parseDeadline } from '../deadline/parse.js';
import { resolveDeadline } from '../deadline/resolve.js';
import type { DeadlinePolicy, DeadlineRule } from '../deadline/rule.js';
import type { Bilingual } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';

export const PAST_KINDS = ['acknowledged', 'reported', 'extended', 'submitted', 'confirmed'] as const;

/** One thing that had happened before the directive came into the system, as its plan says. */
export interface PastFact {
  readonly kind: (typeof PAST_KINDS)[number];
  /** The local day; judged from its beginning, so that no hour that nobody wrote down harms a unit. */
  readonly on: IsoDate;
  /** Of one lead unit; null: of all of them. */
  readonly unitId: string | null;
  readonly document: DocumentReference | null;
  /** Extended: the new deadline as typed. */
  readonly to: string | null;
  readonly note: string | null;
}

/** A past fact with its instant, and of an extension the deadline it gave. */
export interface ResolvedFact extends Omit<PastFact, 'on' | 'to'> {
  readonly at: Instant;
  readonly deadline: { readonly phrase: string; readonly rule: DeadlineRule; readonly at: Instant } | null;
}

export interface PastFinding {
  /** Position in the list. */
  readonly index: number;
  readonly code:
    | 'past_in_future'
    | 'past_before_assigned'
    | 'confirmed_before_submitted'
    | 'confirmed_without_result'
    | 'past_after_end'
    | 'past_out_of_order'
    | 'past_of_regular'
    | 'past_deadline_not_understood'
    | 'past_deadline_not_later'
    | 'past_extension_without_document'
    | 'past_twice';
  readonly detail: Bilingual;
}

export interface PastContext {
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** The day on which the work was given: that of its document; null where it is not known. */
  readonly assignedOn: IsoDate | null;
  readonly regular: boolean;
  /** The deadline that the work was given with, beyond which an extension goes; null where it has none. */
  readonly deadlineAt: Instant | null;
}

const HEIGHT: Readonly<Record<PastFact['kind'], number>> = {
  acknowledged: 0,
  reported: 1,
  extended: 2,
  submitted: 3,
  confirmed: 4,
};

/** In the order in which they happened; of one day in the order of the work. */
const inOrder = (one: { f: PastFact }, other: { f: PastFact }): number =>
  one.f.on.localeCompare(other.f.on) || HEIGHT[one.f.kind] - HEIGHT[other.f.kind];

/**
 * Reads what a plan says of its past. Everything that cannot have been so is a finding: in the future, before
 * the work was given, confirmed before or without a result, going on after its end. The facts come back in order.
 */
export function readPast(
  facts: readonly PastFact[],
  ctx: PastContext,
): { readonly facts: readonly ResolvedFact[]; readonly findings: readonly PastFinding[] } {
  const findings: PastFinding[] = [];
  const listed = facts.map((f, index) => ({ f, index }));
  for (const { f, index } of listed) findings.push(...ownFindings(f, index, ctx));
  const units = [...new Set(facts.map(({ unitId }) => unitId))];
  for (const unit of units) {
    const own = listed.filter(({ f }) => f.unitId === unit || f.unitId === null);
    findings.push(...orderFindings(own));
  }
  const resolved = [...listed].sort(inOrder).map(({ f, index }) => resolve(f, index, ctx, findings));
  findings.push(...extensionFindings([...listed].sort(inOrder), resolved, ctx));
  const seen = new Set<string>();
  const once = findings.filter(({ index, code }) => {
    const key = `${index} ${code}`;
    return seen.has(key) ? false : seen.add(key);
  });
  return { facts: resolved, findings: once };
}

function ownFindings(f: PastFact, index: number, ctx: PastContext): PastFinding[] {
  const found: PastFinding[] = [];
  const add = (code: PastFinding['code'], vi: string, en: string): void => {
    found.push({ index, code, detail: { vi, en } });
  };
  const name = NAMES[f.kind];
  if (f.on > localDate(ctx.calendar, ctx.now)) {
    add(
      'past_in_future',
      `${name.vi} ghi ngày ở tương lai (${f.on}).`,
      `${name.en} is dated in the future (${f.on}).`,
    );
  }
  if (ctx.assignedOn !== null && f.on < ctx.assignedOn) {
    add(
      'past_before_assigned',
      `${name.vi} (${f.on}) trước ngày của văn bản giao (${ctx.assignedOn}).`,
      `${name.en} (${f.on}) lies before the document that gave the work (${ctx.assignedOn}).`,
    );
  }
  if (ctx.regular && HEIGHT[f.kind] > HEIGHT.reported) {
    add(
      'past_of_regular',
      'Nhiệm vụ thường xuyên chỉ có tiếp nhận và báo cáo.',
      'A regular task has only been acknowledged and reported on.',
    );
  }
  if (f.kind === 'extended' && f.document === null) {
    add(
      'past_extension_without_document',
      'Gia hạn phải có số và ngày văn bản: thời hạn mới làm căn cứ đánh giá đúng hạn.',
      'An extension needs the number and date of its document: the new deadline is what is judged by.',
    );
  }
  return found;
}

/** An extension gives time: beyond its own day, the first deadline, and what an earlier one of the same unit gave. */
function extensionFindings(
  listed: readonly { f: PastFact; index: number }[],
  resolved: readonly ResolvedFact[],
  { deadlineAt: first }: PastContext,
): PastFinding[] {
  const given: ResolvedFact[] = [];
  return listed.flatMap(({ f, index }, place) => {
    const fact = resolved[place];
    const { deadline = null } = fact ?? {};
    if (fact === undefined || deadline === null) return [];
    const concerns = ({ unitId }: ResolvedFact): boolean =>
      unitId === null || fact.unitId === null || unitId === fact.unitId;
    const before = given.filter(concerns).map((one) => one.deadline?.at ?? 0);
    given.push(fact);
    if (deadline.at > Math.max(fact.at, first ?? 0, ...before)) return [];
    const detail = {
      vi: `Gia hạn (${f.on}) đến «${deadline.phrase}» không muộn hơn thời hạn đang có hoặc ngày gia hạn: hãy kiểm tra ngày và năm.`,
      en: `The extension (${f.on}) to "${deadline.phrase}" gives no time beyond the deadline in force or its own day: check day and year.`,
    };
    return [{ index, code: 'past_deadline_not_later' as const, detail }];
  });
}

const NAMES: Readonly<Record<PastFact['kind'], Bilingual>> = {
  acknowledged: { vi: 'Tiếp nhận', en: 'The acknowledgement' },
  reported: { vi: 'Báo cáo', en: 'The report' },
  extended: { vi: 'Gia hạn', en: 'The extension' },
  submitted: { vi: 'Nộp kết quả', en: 'The submission' },
  confirmed: { vi: 'Xác nhận', en: 'The confirmation' },
};

function orderFindings(own: readonly { f: PastFact; index: number }[]): PastFinding[] {
  const found: PastFinding[] = [];
  const add = (index: number, code: PastFinding['code'], vi: string, en: string): void => {
    found.push({ index, code, detail: { vi, en } });
  };
  const last = (kind: PastFact['kind']) => own.filter(({ f }) => f.kind === kind).at(-1);
  for (const kind of ['acknowledged', 'submitted', 'confirmed'] as const) {
    const all = own.filter(({ f }) => f.kind === kind);
    const second = all[1];
    if (second !== undefined)
      add(second.index, 'past_twice', `${NAMES[kind].vi} ghi hai lần.`, `${NAMES[kind].en} is stated twice.`);
  }
  const submitted = last('submitted');
  const confirmed = last('confirmed');
  if (confirmed !== undefined && submitted === undefined) {
    add(
      confirmed.index,
      'confirmed_without_result',
      'Đã xác nhận nhưng chưa ghi ngày nộp kết quả: hãy bổ sung, vì đúng hạn hay không tính theo ngày nộp.',
      'Confirmed, but no day of the submission is stated: add it, for the submission is what is judged.',
    );
  }
  if (confirmed !== undefined && submitted !== undefined && confirmed.f.on < submitted.f.on) {
    add(
      confirmed.index,
      'confirmed_before_submitted',
      `Xác nhận (${confirmed.f.on}) trước khi nộp kết quả (${submitted.f.on}).`,
      `Confirmed (${confirmed.f.on}) before the result was submitted (${submitted.f.on}).`,
    );
  }
  for (const { f, index } of own) {
    if (submitted === undefined || f.kind === 'confirmed' || f.kind === 'submitted') continue;
    if (f.on <= submitted.f.on) continue;
    add(
      index,
      'past_after_end',
      `${NAMES[f.kind].vi} (${f.on}) sau khi đã nộp kết quả (${submitted.f.on}).`,
      `${NAMES[f.kind].en} (${f.on}) lies after the submission (${submitted.f.on}).`,
    );
  }
  const acknowledged = last('acknowledged');
  for (const { f, index } of own) {
    if (acknowledged === undefined || f.on >= acknowledged.f.on) continue;
    if (f.kind !== 'reported' && f.kind !== 'submitted') continue;
    add(
      index,
      'past_out_of_order',
      `${NAMES[f.kind].vi} (${f.on}) trước khi tiếp nhận (${acknowledged.f.on}).`,
      `${NAMES[f.kind].en} (${f.on}) lies before the acknowledgement (${acknowledged.f.on}).`,
    );
  }
  return found;
}

function resolve(f: PastFact, index: number, ctx: PastContext, findings: PastFinding[]): ResolvedFact {
  const at = startOfDay(ctx.calendar, f.on);
  const { kind, unitId, document, note } = f;
  const fact = { kind, unitId, document, note, at, deadline: null };
  if (kind !== 'extended') return fact;
  const phrase = f.to ?? '';
  const parsed = parseDeadline(phrase, { documentDate: f.on });
  const to = parsed.ok ? resolveDeadline(parsed.rule, { issuedAt: at, ...ctx }).at : null;
  if (parsed.ok && to !== null) return { ...fact, deadline: { phrase, rule: parsed.rule, at: to } };
  const why = parsed.ok ? { vi: 'cần một ngày cụ thể.', en: 'a date is needed.' } : parsed.detail;
  findings.push({
    index,
    code: 'past_deadline_not_understood',
    detail: { vi: `Gia hạn đến: ${why.vi}`, en: `Extended to: ${why.en}` },
  });
  return fact;
}
