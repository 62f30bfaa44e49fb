import type { Calendar } from '../calendar.js';
import { endOfDay, localDate, startOfDay } from '../calendar.js';
import { parseDeadline } from '../deadline/parse.js';
import { endOfRegular, resolveDeadline } from '../deadline/resolve.js';
import type { DeadlinePolicy, DeadlineRule } from '../deadline/rule.js';
import type { Bilingual } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import type { DirectiveContent, DraftTask } from './draft.js';
import { beyondParent, type CarriedAssignment, carriedOf, type LinkContext, linkFindings } from './links.js';
import { type ResolvedFact, readPast } from './past.js';
import { secretPlaces } from './secret.js';
import type { Clear } from './state.js';

/** What the gate must know beside the draft. */
export interface GateContext {
  readonly now: Instant;
  readonly calendar: Calendar;
  readonly policy: DeadlinePolicy;
  /** Units valid today, by id. */
  readonly unitIds: ReadonlySet<string>;
  /** The roster of every group today: group code → unit ids, in a stable order. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** What it carries on, and what of last year goes on in it; absent: a content without links. */
  readonly links?: LinkContext;
}

export interface GateFinding {
  readonly clear: Clear;
  readonly detail: Bilingual;
}

/** One task as the gate reads it. */
export interface GateRow {
  readonly taskId: string;
  readonly ordinal: number;
  readonly code: string | null;
  readonly findings: readonly GateFinding[];
  /** The deadline the row would get if issued now; null for regular or unclear ones. */
  readonly deadlineAt: Instant | null;
  readonly rule: DeadlineRule | null;
  /** Lead units, one assignment each. */
  readonly leads: readonly string[];
  /** A deadline already past, and whether one of the two answers was given. */
  readonly past: { readonly at: Instant; readonly answered: boolean } | null;
  /** From when the phrase was counted, where that is earlier than now: of work under way. */
  readonly countedFrom: Instant | null;
  /** The new deadline of a carried-over row. */
  readonly newDeadlineAt: Instant | null;
  /** What had happened before, in order; with the day on which the work was given. */
  readonly history: readonly ResolvedFact[];
  readonly assignedAt: Instant | null;
  /** What its leads carry over from last year. */
  readonly carried: readonly CarriedAssignment[];
  /** Fails a clear and stays in the directive as unclear. */
  readonly unclear: boolean;
}

export interface GateReport {
  readonly rows: readonly GateRow[];
  /** What the directive as a whole lacks. */
  readonly findings: readonly {
    readonly pointer: string;
    /** Absent: something is missing. */
    readonly code?: string;
    readonly detail: Bilingual;
  }[];
  readonly ready: boolean;
  readonly counts: {
    readonly rows: number;
    readonly clear: number;
    readonly unclear: number;
    readonly refused: number;
    readonly past: number;
    readonly assignments: number;
  };
}

/** The issuing gate, the four clears (design §2): every row answered with which of the four it fails. */
export function gate(content: DirectiveContent, ctx: GateContext): GateReport {
  const rows = content.tasks.map((task, index) => gateRow(task, index, content, ctx));
  const refused = rows.filter(
    (row) => !row.unclear && (row.findings.length > 0 || row.past?.answered === false),
  );
  const leads = new Map(rows.map((row) => [row.taskId, row.leads]));
  const findings = [
    ...headFindings(content, localDate(ctx.calendar, ctx.now)),
    ...(ctx.links === undefined ? [] : linkFindings(content, leads, ctx.links)),
  ];
  // Every row is exactly one of clear, unclear and refused.
  const clear = rows.filter((row) => !row.unclear && !refused.includes(row));
  return {
    rows,
    findings,
    ready: refused.length === 0 && findings.length === 0,
    counts: {
      rows: rows.length,
      clear: clear.length,
      unclear: rows.filter((row) => row.unclear).length,
      refused: refused.length,
      past: rows.filter((row) => row.past !== null).length,
      assignments: clear.reduce((sum, row) => sum + row.leads.length, 0),
    },
  };
}

function headFindings(content: DirectiveContent, today: IsoDate): { pointer: string; detail: Bilingual }[] {
  const findings: { pointer: string; detail: Bilingual }[] = [];
  const lacks = (pointer: string, vi: string, en: string): void => {
    findings.push({ pointer, detail: { vi, en } });
  };
  if (content.title.trim() === '') lacks('/title', 'Thiếu trích yếu.', 'The title is missing.');
  if (content.tasks.length === 0) lacks('/tasks', 'Chưa có nhiệm vụ nào.', 'There is no task yet.');
  if (!content.provisional) {
    if (content.number === null)
      lacks('/number', 'Thiếu số, ký hiệu văn bản.', 'The number and symbol are missing.');
    if (content.documentDate === null)
      lacks('/documentDate', 'Thiếu ngày văn bản.', 'The date of the document is missing.');
  }
  if (content.documentDate !== null && content.documentDate > today)
    lacks('/documentDate', 'Ngày văn bản ở tương lai.', 'The date of the document lies in the future.');
  for (const pointer of secretPlaces(content)) {
    lacks(
      pointer,
      'Nội dung mang dấu mật không được đưa vào hệ thống này.',
      'Content marked as classified does not belong in this system.',
    );
  }
  return findings;
}

function gateRow(task: DraftTask, ordinal: number, content: DirectiveContent, ctx: GateContext): GateRow {
  const findings: GateFinding[] = [];
  const leads = leadsOf(task, ctx, findings);
  if (task.title.trim() === '')
    findings.push(finding('work', 'Chưa nêu rõ việc phải làm.', 'The piece of work is not stated.'));
  if (!statesResult(task, leads)) {
    findings.push(
      finding(
        'results',
        'Chưa nêu sản phẩm hoặc chỉ tiêu.',
        'Neither a deliverable nor an indicator with a target is stated.',
      ),
    );
  }
  othersOf(task, ctx, findings);
  const time = timeOf(task, content, ctx, findings);
  const past = historyOf(task, content, time, ctx, findings);
  boundOf(content, time, ctx, findings);
  return {
    taskId: task.id,
    ordinal,
    code: task.code,
    findings,
    leads,
    ...time,
    ...past,
    carried: carriedOf(task, leads, ctx.links?.previous ?? new Map()),
    unclear: findings.length > 0 && task.keepUnclear,
  };
}

function finding(clear: Clear, vi: string, en: string): GateFinding {
  return { clear, detail: { vi, en } };
}

/** A deliverable in words, or an indicator with a target for every unit that leads. */
function statesResult({ result, targets }: DraftTask, leads: readonly string[]): boolean {
  if (result === null) return false;
  if (result.kind === 'deliverable') return result.text.trim() !== '';
  if (result.numerator !== null) return true;
  return leads.length > 0 && leads.every((unit) => targets.some((target) => target.unitId === unit));
}

/** Who coordinates and who monitors must exist as well: nobody else would confirm. */
function othersOf(task: DraftTask, ctx: GateContext, findings: GateFinding[]): void {
  const named = [...task.coordinatingUnitIds, ...(task.monitorUnitId === null ? [] : [task.monitorUnitId])];
  const unknown = named.filter((id) => !ctx.unitIds.has(id));
  if (unknown.length === 0) return;
  findings.push(
    finding(
      'people',
      `Đơn vị phối hợp hoặc theo dõi không còn hiệu lực: ${unknown.join(', ')}.`,
      `A coordinating or monitoring unit is unknown or no longer valid: ${unknown.join(', ')}.`,
    ),
  );
}

/** The roster of every group; one that is empty or unknown would leave its units out unseen. */
function rosterOf(task: DraftTask, ctx: GateContext, findings: GateFinding[]): readonly string[] {
  const missing = task.groupCodes.filter((code) => (ctx.groups.get(code) ?? []).length === 0);
  if (task.groupCodes.length === 0 || missing.length > 0) {
    findings.push(
      finding(
        'people',
        `Nhóm đơn vị trống hoặc không tồn tại: ${missing.join(', ')}.`,
        `A group of units is empty or unknown: ${missing.join(', ')}.`,
      ),
    );
  }
  return [...new Set(task.groupCodes.flatMap((code) => ctx.groups.get(code) ?? []))];
}

function leadsOf(task: DraftTask, ctx: GateContext, findings: GateFinding[]): readonly string[] {
  if (task.nature === 'general') return rosterOf(task, ctx, findings);
  // Named twice, a unit still leads once.
  const leads = [...new Set(task.leadUnitIds)];
  const unknown = leads.filter((id) => !ctx.unitIds.has(id));
  if (leads.length === 0) {
    findings.push(finding('people', 'Chưa có đơn vị chủ trì.', 'No lead unit is named.'));
  } else if (unknown.length > 0) {
    findings.push(
      finding(
        'people',
        `Đơn vị chủ trì không còn hiệu lực: ${unknown.join(', ')}.`,
        `A lead unit is unknown or no longer valid: ${unknown.join(', ')}.`,
      ),
    );
  } else if (leads.length > 1 && task.severalLeads === null) {
    findings.push(
      finding(
        'people',
        'Nhiều đơn vị chủ trì: mỗi đơn vị một nhiệm vụ, hay đơn vị đầu chủ trì?',
        'Several leads are named: does each lead, or does the first lead and the rest coordinate?',
      ),
    );
  }
  return task.severalLeads === 'first_leads' ? leads.slice(0, 1) : leads;
}

/** The day on which work under way was given: that of its own document, or of the directive. */
function assignedOn(task: DraftTask, content: DirectiveContent): IsoDate | null {
  return task.source?.date ?? content.documentDate;
}

function isUnderWay({ history }: DraftTask): boolean {
  return history !== undefined && history.length > 0;
}

function historyOf(
  task: DraftTask,
  content: DirectiveContent,
  time: RowTime,
  ctx: GateContext,
  findings: GateFinding[],
): Pick<GateRow, 'history' | 'assignedAt'> {
  if (task.history === undefined || task.history.length === 0) return { history: [], assignedAt: null };
  const on = assignedOn(task, content);
  const regular = task.recurrence === 'regular' || (time.rule !== null && time.deadlineAt === null);
  const read = readPast(task.history, {
    ...ctx,
    assignedOn: on,
    regular,
    deadlineAt: time.deadlineAt,
  });
  findings.push(...read.findings.map(({ detail }) => ({ clear: 'time' as const, detail })));
  const given = on === null ? ctx.now : startOfDay(ctx.calendar, on);
  return { history: read.facts, assignedAt: Math.min(given, read.facts[0]?.at ?? given, ctx.now) };
}

/** Of a regular row it is the directive's end that may not pass the superior deadline. */
function boundOf(
  content: DirectiveContent,
  { rule, deadlineAt, newDeadlineAt }: RowTime,
  { calendar, links }: GateContext,
  findings: GateFinding[],
): void {
  const end = rule === null ? null : (endOfRegular(rule, calendar) ?? endsAtOf(content, calendar));
  const at = newDeadlineAt ?? deadlineAt ?? end;
  const detail = beyondParent(at, links?.parent?.until, calendar);
  if (detail !== null) findings.push({ clear: 'time', detail });
}

type RowTime = Pick<GateRow, 'deadlineAt' | 'rule' | 'past' | 'newDeadlineAt' | 'countedFrom'>;

function timeOf(
  task: DraftTask,
  content: DirectiveContent,
  ctx: GateContext,
  findings: GateFinding[],
): RowTime {
  const none: RowTime = { deadlineAt: null, rule: null, past: null, newDeadlineAt: null, countedFrom: null };
  const parsed = parseDeadline(task.deadline.phrase, {
    documentDate: task.source?.date ?? content.documentDate,
  });
  if (!parsed.ok) {
    findings.push({ clear: 'time', detail: parsed.detail });
    return none;
  }
  const regular = parsed.rule.kind === 'regular' || task.recurrence === 'regular';
  if (regular) {
    const endsAt = endOfRegular(parsed.rule, ctx.calendar) ?? endsAtOf(content, ctx.calendar);
    if (endsAt !== null && endsAt <= ctx.now) {
      findings.push(
        finding(
          'time',
          'Ngày kết thúc của nhiệm vụ hoặc của văn bản đã qua.',
          'The end date of the task or of the directive has passed.',
        ),
      );
    }
    if (endsAt === null) {
      findings.push(
        finding(
          'time',
          'Nhiệm vụ thường xuyên cần ngày kết thúc của văn bản.',
          'A regular task needs an end date of the directive.',
        ),
      );
    }
    return { ...none, rule: parsed.rule };
  }
  // Of work under way a count began on the day on which it was given.
  const given = isUnderWay(task) ? assignedOn(task, content) : null;
  const since = given === null ? null : Math.min(ctx.now, startOfDay(ctx.calendar, given));
  const at = resolveDeadline(parsed.rule, {
    issuedAt: since ?? ctx.now,
    calendar: ctx.calendar,
    policy: ctx.policy,
  }).at;
  const read = { ...none, deadlineAt: at, rule: parsed.rule, countedFrom: since };
  if (at === null || at > ctx.now) return read;
  const answer = task.deadline.past;
  const newDeadlineAt = answer?.answer === 'carry_over' ? newDeadline(answer.newPhrase, ctx, findings) : null;
  return { ...read, past: { at, answered: answer !== null || isUnderWay(task) }, newDeadlineAt };
}

function newDeadline(phrase: string, ctx: GateContext, findings: GateFinding[]): Instant | null {
  const parsed = parseDeadline(phrase, { documentDate: null });
  if (!parsed.ok) {
    findings.push({ clear: 'time', detail: parsed.detail });
    return null;
  }
  const at = resolveDeadline(parsed.rule, {
    issuedAt: ctx.now,
    calendar: ctx.calendar,
    policy: ctx.policy,
  }).at;
  if (at !== null && at > ctx.now) return at;
  findings.push(
    finding(
      'time',
      'Thời hạn mới của việc chuyển tiếp phải ở tương lai.',
      'The new deadline of a carried-over row must lie in the future.',
    ),
  );
  return null;
}

/** The instant at which regular tasks conclude: the end of the directive's last day, local. */
export function endsAtOf(content: Pick<DirectiveContent, 'endsOn'>, calendar: Calendar): Instant | null {
  return content.endsOn === null ? null : endOfDay(calendar, content.endsOn);
}
