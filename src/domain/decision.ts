import type { Actor, DocumentReference } from './actor.js';
import type { AssignmentEvent, NewDeadline } from './assignment/events.js';
import { type Calendar, localDate } from './calendar.js';
import { parseDeadline } from './deadline/parse.js';
import { resolveDeadline } from './deadline/resolve.js';
import { type Refusal, refuse } from './errors.js';
import type { Instant, IsoDate } from './instant.js';
import type { DirectivePolicy, RecipientKind } from './policy.js';
import type { ReferralEvent } from './referral/events.js';

/** What a decider may know beside the state: who, when, under which frozen policy and calendar. */
export interface DecisionContext {
  readonly actor: Actor;
  /** When the API got it, by the database's clock, before any queue or lock. For the clock: now. */
  readonly receivedAt: Instant;
  /** The judged instant: `receivedAt`, except for what is recorded from a numbered document. */
  readonly happenedAt: Instant;
  /** Under the lock; never before the subject's previous one. */
  readonly recordedAt: Instant;
  readonly document: DocumentReference | null;
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  /** The Working Group's: by it those answer who are not the unit, whatever calendar the unit has. */
  readonly officeCalendar: Calendar;
  readonly directive: DirectiveFacts;
  /** A case about this assignment runs; absent: none. */
  readonly caseRuns?: boolean;
  newId(): string;
}

/**
 * Whether an act is recorded for a unit as design §1 asks: from a numbered document, with its arrival, which is judged.
 * Without one the days in which the paper lay in an in-tray would be the unit's.
 */
export function isPapered({
  document,
  happenedAt,
  receivedAt,
}: Pick<DecisionContext, 'document' | 'happenedAt' | 'receivedAt'>): boolean {
  return document !== null && happenedAt !== receivedAt;
}

/** A document that an act rests on has been signed: not tomorrow, by the office's own date. */
export function futureDocument(
  document: DocumentReference | null,
  at: Instant,
  calendar: Calendar,
): Refusal | null {
  if (document === null || document.date <= localDate(calendar, at)) return null;
  return refuse(
    'happened_in_future',
    { vi: 'Ngày của văn bản ở tương lai.', en: 'The date of the document lies in the future.' },
    { extra: { documentDate: document.date } },
  );
}

/** The context of a case, whatever it rests on: of its Working Group only the offices count. */
export type CaseContext = Omit<DecisionContext, 'directive'> & {
  readonly directive: OfficeFacts;
  /** Who was head of the unit on the day of the fact. */
  readonly headId?: string | null;
  /** Units that answer in the place of one that is no more. */
  readonly answering?: readonly string[];
};

/** The offices of a Working Group, as a subject's decisions and messages need them. */
export interface OfficeFacts {
  readonly workingGroupId: string;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
}

/** What an assignment or a case needs to know of its directive and Working Group. */
export interface DirectiveFacts extends OfficeFacts {
  readonly id: string;
  readonly state: 'draft' | 'awaiting_approval' | 'issued' | 'closed' | 'withdrawn';
  readonly documentDate: IsoDate | null;
  /** Given by word of mouth; absent: no. */
  readonly provisional?: boolean;
  readonly endsAt: Instant | null;
  /** Carries on an assignment of a superior directive, which has to be done until then; absent or null: bound by none. */
  readonly carriedUntil?: Instant | null;
}

/** A subject that a decision brings into the record together with its own events. */
export type Spawned =
  | { readonly kind: 'assignment'; readonly id: string; readonly events: readonly AssignmentEvent[] }
  | { readonly kind: 'referral'; readonly id: string; readonly events: readonly ReferralEvent[] };

export interface Decision<E> {
  readonly events: readonly E[];
  readonly spawned?: readonly Spawned[];
}

/** A message that an event asks for; the engine gives it its key and the pump its envelope. */
export interface MessageDraft {
  readonly template: string;
  readonly to: RecipientKind;
  /** The case it speaks of, where its subject is not the case itself. */
  readonly caseId?: string;
  /** Overrides the unit that `to` would mean: the office that is written to. */
  readonly unitId?: string;
  /** The higher joins over the lower in one envelope. */
  readonly rank: number;
  /**
   * `while_unanswered`: dropped when the assignment has been submitted, ended or paused meanwhile.
   * `while_current`: dropped when what it is about (`params.turn`, `params.matterId` or `params.unacknowledged`)
   * has been overtaken: the result has changed hands again, the matter is answered, the unit has acknowledged.
   */
  readonly holds: 'always' | 'while_unanswered' | 'while_current';
  readonly params: Readonly<Record<string, string | number | null>>;
}

/** Reads a phrase typed by a person and resolves it now; what is not understood is a refusal, never a guess. */
export function deadlineFrom(phrase: string, ctx: DecisionContext): NewDeadline | Refusal {
  const parsed = parseDeadline(phrase, { documentDate: ctx.directive.documentDate });
  if (!parsed.ok) {
    return refuse('deadline_not_understood', parsed.detail, { extra: { phrase, finding: parsed.code } });
  }
  const resolved = resolveDeadline(parsed.rule, {
    issuedAt: ctx.happenedAt,
    calendar: ctx.calendar,
    policy: ctx.policy.deadline,
  });
  if (resolved.at === null) {
    return refuse(
      'deadline_not_understood',
      { vi: 'Cần một thời hạn có ngày cụ thể.', en: 'A deadline with a date is needed here.' },
      { extra: { phrase } },
    );
  }
  return { phrase, rule: parsed.rule, at: resolved.at };
}

/** As `deadlineFrom`, and the instant must lie ahead. */
export function futureDeadlineFrom(phrase: string, ctx: DecisionContext): NewDeadline | Refusal {
  const deadline = deadlineFrom(phrase, ctx);
  if ('refused' in deadline || deadline.at > ctx.receivedAt) return deadline;
  return refuse(
    'deadline_in_past',
    { vi: 'Thời hạn mới phải ở tương lai.', en: 'The new deadline must lie in the future.' },
    { extra: { phrase, at: new Date(deadline.at).toISOString() } },
  );
}

/**
 * Nobody extends beyond the deadline of the superior assignment that the directive carries on without a document of
 * its issuer (design §2, Extension); with one the deadline keeps it.
 */
export function withinParent(
  deadline: NewDeadline | Refusal,
  parentDocument: DocumentReference | undefined,
  { directive, calendar, receivedAt }: Pick<DecisionContext, 'directive' | 'calendar' | 'receivedAt'>,
): NewDeadline | Refusal {
  const { carriedUntil } = directive;
  if ('refused' in deadline || carriedUntil === undefined || carriedUntil === null) return deadline;
  if (deadline.at <= carriedUntil) return deadline;
  if (parentDocument !== undefined) {
    return futureDocument(parentDocument, receivedAt, calendar) ?? { ...deadline, parentDocument };
  }
  const until = new Date(carriedUntil).toISOString();
  return refuse(
    'beyond_parent_deadline',
    {
      vi: `Thời hạn mới vượt thời hạn của nhiệm vụ cấp trên (${localDate(calendar, carriedUntil)}): cần văn bản của cơ quan ban hành văn bản cấp trên (parentDocument).`,
      en: `The new deadline passes that of the superior assignment (${localDate(calendar, carriedUntil)}): a document of the superior directive's issuer is needed (parentDocument).`,
    },
    { extra: { until } },
  );
}
