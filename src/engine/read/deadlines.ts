import { calendarsOf } from '../../db/calendar-store.js';
import { frozenPolicy, loadCalendar, loadPolicy, loadWorkingGroup } from '../../db/directive-store.js';
import { databaseNow } from '../../db/lock-store.js';
import type { Queryable } from '../../db/pool.js';
import { type AssignmentRow, readAssignment } from '../../db/read/assignments.js';
import { readUnit, unitsNamed } from '../../db/read/directory.js';
import { deadlineEvents, type TimelineRow } from '../../db/read/events.js';
import { notFound } from '../../domain/assignment/access.js';
import { isOverdue } from '../../domain/assignment/contributions.js';
import type { Assignment, Cause, Contribution } from '../../domain/assignment/state.js';
import { type Calendar, localDate, workingTimeBetween } from '../../domain/calendar.js';
import { parseDeadline } from '../../domain/deadline/parse.js';
import { type ResolvedDeadline, resolveDeadline } from '../../domain/deadline/resolve.js';
import type { DeadlinePolicy } from '../../domain/deadline/rule.js';
import type { Bilingual, Refusal } from '../../domain/errors.js';
import { type Instant, MINUTE } from '../../domain/instant.js';
import type { Engine } from '../engine.js';
import { calendarOf } from '../settings.js';
import { CAUSES, matterWords } from './matter-words.js';
import { type MatterView, matterView } from './matters.js';
import { entryOf, type TimelineEntry } from './timeline.js';
import { inLocale, iso, isoOrNull, type Locale, localText, look, type UnitRef, type Viewer } from './view.js';

/** How a phrase would be read and when it would fall due; nothing is changed. */
export interface PreviewQuestion {
  readonly phrase: string;
  readonly reference: Instant | null;
  readonly documentDate: string | null;
  readonly unitId: string | null;
  readonly calendarId: string | null;
}

export interface DeadlinePreviewView {
  readonly phrase: string;
  readonly understood: boolean;
  readonly rule: object | null;
  readonly at: string | null;
  readonly explanation: string | null;
  readonly skipped: readonly { readonly date: string; readonly why: string }[];
  readonly provisional: boolean;
  readonly calendar: { readonly id: string; readonly version: number };
  readonly finding: { readonly code: string; readonly detail: string } | null;
}

export async function previewDeadline(
  engine: Engine,
  viewer: Viewer,
  question: PreviewQuestion,
): Promise<DeadlinePreviewView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const judging = await judges(client, viewer.actor.workingGroupId, question);
    return judging === null ? null : { ...judging, now: Math.floor(await databaseNow(client)) };
  });
  if (found === null) return notFound();
  const { calendar, policy } = found;
  const reference = question.reference ?? found.now;
  const documentDate = question.documentDate ?? localDate(calendar, reference);
  const used = { id: calendar.id, version: calendar.version };
  const none = { explanation: null, skipped: [], provisional: false, calendar: used, at: null };
  const { phrase } = question;
  const parsed = parseDeadline(phrase, { documentDate });
  if (!parsed.ok) {
    const finding = { code: parsed.code, detail: inLocale(parsed.detail, viewer.locale) };
    return { phrase, understood: false, rule: null, ...none, finding };
  }
  const resolved = resolveDeadline(parsed.rule, { issuedAt: reference, calendar, policy });
  return {
    phrase,
    understood: true,
    rule: parsed.rule,
    at: isoOrNull(resolved.at),
    explanation: inLocale(resolved.explanation, viewer.locale),
    skipped: skippedIn(resolved, viewer.locale),
    provisional: resolved.provisional,
    calendar: used,
    finding: null,
  };
}

/** The calendar and the settings that would judge; null where the unit or calendar is unknown. */
async function judges(
  db: Queryable,
  workingGroupId: string,
  { unitId, calendarId }: PreviewQuestion,
): Promise<{ calendar: Calendar; policy: DeadlinePolicy } | null> {
  const group = await loadWorkingGroup(db, workingGroupId);
  const policy = group === null ? null : await loadPolicy(db, group.policyId);
  if (group === null || policy === null) return null;
  let id = calendarId ?? group.calendarId;
  if (unitId !== null) {
    if ((await readUnit(db, unitId)) === null) return null;
    id = (await calendarsOf(db, workingGroupId, [unitId])).get(unitId)?.id ?? id;
  }
  const calendar = await loadCalendar(db, id, 'latest');
  return calendar === null ? null : { calendar, policy: policy.deadline };
}

const skippedIn = ({ skipped }: ResolvedDeadline, locale: Locale) =>
  skipped.map(({ date, why, whyEn }) => ({ date, why: locale === 'vi' ? why : whyEn }));

/** An assignment's deadline: what was typed, how it was read, which days were skipped, and every change with its reason. */
export interface DeadlineView {
  readonly phrase: string;
  readonly rule: object | null;
  /** Set by a decision on this one assignment: it does not move when the calendar changes. */
  readonly byHand: boolean;
  readonly firstDeadlineAt: string | null;
  readonly deadlineAt: string | null;
  /** The instant that judges: the deadline plus held time, or the end of the time to mend. */
  readonly dueAt: string | null;
  readonly cycle: number;
  /** The clock stands still since. */
  readonly held: { readonly kind: string; readonly since: string } | null;
  readonly explanation: readonly string[];
  readonly skipped: readonly { readonly date: string; readonly why: string }[];
  readonly provisional: boolean;
  readonly calendar: { readonly id: string; readonly version: number };
  readonly pauses: readonly {
    readonly kind: 'suspension' | 'obstacle' | 'contest';
    readonly from: string;
    readonly to: string | null;
    readonly workingMinutes: number | null;
  }[];
  readonly outages: readonly { readonly id: string; readonly from: string; readonly to: string }[];
  /** What coordinating units did not give in time, as far as the viewer may read it. */
  readonly overdueContributions: readonly {
    readonly id: string;
    readonly unit: UnitRef;
    readonly askedAt: string;
    readonly dueAt: string;
    readonly answeredAt: string | null;
  }[];
  /** Causes of lateness that were stated; what nobody has decided is pending. */
  readonly causes: readonly MatterView[];
  readonly changes: readonly DeadlineChange[];
}

export interface DeadlineChange extends TimelineEntry {
  /** The deadline that the event set, where it set one. */
  readonly deadlineAt: string | null;
  /** The instant that judges from then on, where the event says it. */
  readonly dueAt: string | null;
  /** The words that set it, where words did. */
  readonly phrase: string | null;
}

export async function assignmentDeadline(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<DeadlineView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const row = await readAssignment(client, id);
    if (row === null) return null;
    const calendar = await calendarOf(client, row.body.calendar);
    const overdue = contributionsOver(row);
    const units = await unitsNamed(
      client,
      overdue.map(({ askedUnitId }) => askedUnitId),
    );
    return { row, calendar, overdue, units, events: await deadlineEvents(client, id) };
  });
  if (found === null) return notFound();
  const { body } = found.row;
  // How the phrase was read is frozen; units may read their deadline though not the whole version.
  const policy = await frozenPolicy(engine.writer, found.row.directive.id);
  const resolved = resolvedAgain(body, found.calendar, policy?.deadline ?? null);
  const held = body.pauses.find((pause) => pause.to === null);
  const named = namedUnits(found);
  const stated = found.row.matters.filter((matter) => matter.kind === 'cause');
  const others = [...named.map(overdueSentence), ...stated.map(causeSentence)];
  return {
    phrase: body.deadline.phrase,
    rule: body.deadline.rule,
    byHand: body.deadline.byHand,
    firstDeadlineAt: isoOrNull(body.firstDeadlineAt),
    deadlineAt: isoOrNull(body.deadlineAt),
    dueAt: isoOrNull(body.dueAt),
    cycle: body.cycle,
    held: held === undefined ? null : { kind: held.kind, since: iso(held.from) },
    explanation: [...sentences(body, resolved, found.events), ...others].map((text) =>
      inLocale(text, viewer.locale),
    ),
    skipped: resolved === null ? [] : skippedIn(resolved, viewer.locale),
    provisional: resolved?.provisional ?? false,
    calendar: body.calendar,
    pauses: body.pauses.map(({ kind, from, to }) => ({
      kind,
      from: iso(from),
      to: isoOrNull(to),
      workingMinutes:
        to === null
          ? null
          : Math.round(workingTimeBetween(found.calendar, from, Math.max(from, to)) / MINUTE),
    })),
    outages: found.events.filter(({ type }) => type === 'outage_excused').map(({ data }) => outageOf(data)),
    overdueContributions: named.map(contributionView),
    causes: stated.map((matter) => matterView(matter, { now: found.row.now, locale: viewer.locale }, null)),
    changes: found.events.filter(changedIt).map((event) => ({
      ...entryOf(event, viewer.locale),
      ...newDeadline(event.data),
    })),
  };
}

function resolvedAgain(
  { deadline }: Assignment,
  calendar: Calendar,
  policy: DeadlinePolicy | null,
): ResolvedDeadline | null {
  if (deadline.rule === null || policy === null) return null;
  return resolveDeadline(deadline.rule, { issuedAt: deadline.from, calendar, policy });
}

/** A submission is part of the history of the deadline only where it ended a stretch that held the clock. */
function changedIt({ type, data }: TimelineRow): boolean {
  if (type === 'submitted' || type === 'recalled') return typeof data.heldMs === 'number' && data.heldMs > 0;
  return type !== 'revised' || data.deadline !== null;
}

/** From the rule to the instant that judges, each part in a sentence. */
function sentences(
  a: Assignment,
  resolved: ResolvedDeadline | null,
  events: readonly TimelineRow[],
): Bilingual[] {
  const said: Bilingual[] = [
    { vi: `Thời hạn ghi: «${a.deadline.phrase}».`, en: `As typed: "${a.deadline.phrase}".` },
  ];
  if (resolved !== null) said.push(resolved.explanation);
  if (a.deadline.byHand) {
    said.push({
      vi: 'Thời hạn do người có thẩm quyền ấn định; không thay đổi khi sửa lịch.',
      en: 'Set by a decision; an edit of the calendar does not move it.',
    });
  } else if (
    resolved !== null &&
    resolved.at !== null &&
    a.deadlineAt !== null &&
    a.deadlineAt > resolved.at
  ) {
    said.push({
      vi: `Thời hạn đã báo là ${localText(a.deadlineAt)}; thời hạn đang chạy không bị kéo sớm lên.`,
      en: `${localText(a.deadlineAt)} had been told; a running deadline never moves earlier.`,
    });
  }
  if (a.dueAt !== null && a.dueAt !== a.deadlineAt) said.push(judgedBy(a.dueAt, events));
  return said;
}

/** What moved the instant that judges away from the deadline: the act that set it, and the edits that moved it since. */
function judgedBy(dueAt: Instant, events: readonly TimelineRow[]): Bilingual {
  let because: TimelineRow[] = [];
  let last: string | null = null;
  for (const event of events) {
    const { dueAt: is } = newDeadline(event.data);
    if (is === null || is === last) continue;
    because = event.type === 'calendar_changed' ? [...because, event] : [event];
    last = is;
  }
  const why = (locale: Locale): string => {
    const words = last === iso(dueAt) ? because.map((event) => entryOf(event, locale).words) : [];
    return words.length === 0 ? '' : ` (${words.join('; ')})`;
  };
  return {
    vi: `Hạn để đánh giá: ${localText(dueAt)}${why('vi')}.`,
    en: `Judged by ${localText(dueAt)}${why('en')}.`,
  };
}

/** The matters are those that row security shows to the viewer. */
function contributionsOver({ matters, now }: AssignmentRow): Contribution[] {
  return matters
    .filter((matter): matter is Contribution => matter.kind === 'contribution')
    .filter((matter) => isOverdue(matter, now));
}

interface Named {
  readonly matter: Contribution;
  readonly unit: UnitRef;
}

function namedUnits({
  overdue,
  units,
}: {
  readonly overdue: readonly Contribution[];
  readonly units: ReadonlyMap<string, UnitRef>;
}): Named[] {
  return overdue.flatMap((matter) => {
    const unit = units.get(matter.askedUnitId);
    return unit === undefined ? [] : [{ matter, unit }];
  });
}

function contributionView({ matter, unit }: Named): DeadlineView['overdueContributions'][number] {
  const { id, openedAt, dueAt, answeredAt } = matter;
  return { id, unit, askedAt: iso(openedAt), dueAt: iso(dueAt), answeredAt: isoOrNull(answeredAt) };
}

function overdueSentence({ matter, unit }: Named): Bilingual {
  const { dueAt, answeredAt } = matter;
  const [vi, en] =
    answeredAt === undefined
      ? ['chưa trả lời', 'it has not answered']
      : [`trả lời lúc ${localText(answeredAt)}`, `it answered at ${localText(answeredAt)}`];
  return {
    vi: `${unit.name} được đề nghị phối hợp trước ${localText(dueAt)} nhưng quá hạn: ${vi}.`,
    en: `${unit.nameEn ?? unit.name} was asked to contribute by ${localText(dueAt)} and was late: ${en}.`,
  };
}

function causeSentence(matter: Cause): Bilingual {
  const state = matterWords(matter);
  const cause = CAUSES[matter.cause];
  return {
    vi: `Nguyên nhân chậm đơn vị nêu: ${cause.vi} (${state.vi.toLowerCase()}).`,
    en: `Cause of lateness as stated: ${cause.en} (${state.en.toLowerCase()}).`,
  };
}

function outageOf(data: Readonly<Record<string, unknown>>): { id: string; from: string; to: string } {
  const instant = (value: unknown): string => iso(typeof value === 'number' ? value : 0);
  return { id: String(data.outageId), from: instant(data.from), to: instant(data.to) };
}

function newDeadline(
  data: Readonly<Record<string, unknown>>,
): Pick<DeadlineChange, 'deadlineAt' | 'dueAt' | 'phrase'> {
  const set = data.deadline;
  const at = typeof set === 'object' && set !== null && 'at' in set ? set.at : data.deadlineAt;
  const phrase = typeof set === 'object' && set !== null && 'phrase' in set ? set.phrase : data.phrase;
  const mend = data.mend;
  const mended =
    typeof mend === 'object' &&
    mend !== null &&
    'until' in mend &&
    'movesDue' in mend &&
    mend.movesDue === true
      ? mend.until
      : undefined;
  const due = mended ?? data.dueAt ?? (data.latenessStands === true ? null : at);
  const instant = (value: unknown): string | null => (typeof value === 'number' ? iso(value) : null);
  return {
    deadlineAt: instant(at),
    dueAt: instant(due),
    phrase: typeof phrase === 'string' ? phrase : null,
  };
}
