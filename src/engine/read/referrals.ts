import { subjectEvents } from '../../db/read/events.js';
import { listReferrals, type ReferralFilter, type ReferralRow } from '../../db/read/referrals.js';
import { notFound } from '../../domain/assignment/access.js';
import { canonical } from '../../domain/canonical.js';
import type { OfficeFacts } from '../../domain/decision.js';
import type { Refusal } from '../../domain/errors.js';
import type {
  AssignmentFacts,
  ReferralFacts,
  ReferralStateName,
  ReportingFacts,
  StatedCause,
} from '../../domain/referral/state.js';
import { allowedReferralActions, type ReferralAction } from '../../domain/referral/table.js';
import { digest } from '../chain.js';
import type { Engine } from '../engine.js';
import { causeWords } from './matter-words.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { entryOf, type TimelineEntry } from './timeline.js';
import {
  type AllowedActionView,
  actionViews,
  inLocale,
  iso,
  isoOrNull,
  type Locale,
  look,
  type UnitRef,
  type Viewer,
} from './view.js';

/** A case, with the facts as they are frozen and their digest. */
export interface ReferralView {
  readonly id: string;
  readonly version: number;
  readonly state: ReferralStateName;
  readonly unit: UnitRef;
  /** Who answers in its place where it is no more. */
  readonly answeringUnits: readonly UnitRef[];
  /** Of a case of an overdue assignment; null where it is of late reporting. */
  readonly assignmentId: string | null;
  readonly task: {
    readonly code: string | null;
    readonly title: string;
    readonly titleEn: string | null;
    readonly kind: NonNullable<ReferralRow['task_kind']>;
    readonly nature: NonNullable<ReferralRow['task_nature']>;
    readonly ordinal: number;
  } | null;
  readonly directive: {
    readonly id: string;
    readonly number: string | null;
    readonly title: string;
    readonly documentDate: string | null;
  } | null;
  /** Of a case of repeated late reporting. */
  readonly regime: { readonly id: string; readonly name: string; readonly nameEn: string | null } | null;
  readonly facts: FactsView | ReportingFactsView;
  /** What Home Affairs was sent afterwards. */
  readonly corrections: readonly { readonly at: string; readonly facts: FactsView | ReportingFactsView }[];
  readonly proposedAt: string;
  readonly window: { readonly endsAt: string; readonly open: boolean };
  readonly held: boolean;
  readonly objections: number;
  readonly opinionGiven: boolean;
  readonly referredAt: string | null;
  readonly endedAt: string | null;
  /** What each side said last; null in lists. */
  readonly statements: StatementsView | null;
  /** Everything that happened to the case; null in lists. */
  readonly events: readonly TimelineEntry[] | null;
  readonly allowedActions: readonly AllowedActionView<ReferralAction>[];
}

export interface FactsView {
  readonly about: 'assignment';
  readonly asOf: string;
  readonly late: boolean;
  /** Working time in milliseconds. */
  readonly lateByMs: number;
  readonly cycle: number;
  readonly firstDeadlineAt: string | null;
  readonly dueAt: string | null;
  readonly submittedAt: string | null;
  readonly confirmedAt: string | null;
  readonly objectiveCauseConfirmed: boolean;
  /** Null in facts that were frozen before causes and contributions were kept with them. */
  readonly causes:
    | readonly {
        readonly matterId: string;
        readonly cause: string;
        readonly objective: boolean;
        readonly statedAt: string;
        readonly state: StatedCause['state'];
        readonly words: string;
        readonly decidedBy: StatedCause['decidedBy'];
      }[]
    | null;
  readonly overdueContributions:
    | readonly {
        readonly matterId: string;
        readonly askedUnitId: string;
        readonly askedAt: string;
        readonly dueAt: string;
        readonly answeredAt: string | null;
      }[]
    | null;
  readonly steps: readonly { readonly step: string; readonly plannedAt: string }[];
  /** SHA-256 of the facts as canonical JSON. */
  readonly digest: string;
}

export interface StatementsView {
  readonly objection: TimelineEntry | null;
  readonly opinion: TimelineEntry | null;
  readonly decision: TimelineEntry | null;
  readonly outcome: TimelineEntry | null;
}

const digestOf = (facts: ReferralFacts): string => digest(canonical(facts)).toString('hex');

export interface ReportingFactsView {
  readonly about: 'reporting';
  readonly asOf: string;
  readonly late: boolean;
  readonly year: ReportingFacts['year'];
  readonly threshold: ReportingFacts['threshold'];
  readonly inRow: number;
  readonly inYear: number;
  readonly periods: readonly {
    readonly reportId: string;
    readonly period: string;
    readonly opensOn: string;
    readonly closesOn: string;
    readonly dueAt: string;
    readonly receivedAt: string | null;
  }[];
  readonly digest: string;
}

function factsView(facts: ReferralFacts, locale: Locale): FactsView | ReportingFactsView {
  return facts.about === 'assignment' ? assignmentFactsView(facts, locale) : reportingFactsView(facts);
}

function reportingFactsView(facts: ReportingFacts): ReportingFactsView {
  return {
    about: 'reporting',
    asOf: iso(facts.asOf),
    late: facts.late,
    year: facts.year,
    threshold: facts.threshold,
    inRow: facts.inRow,
    inYear: facts.inYear,
    periods: facts.periods.map(({ obligationId, dueAt, receivedAt, period, opensOn, closesOn }) => ({
      reportId: obligationId,
      period,
      opensOn,
      closesOn,
      dueAt: iso(dueAt),
      receivedAt: isoOrNull(receivedAt),
    })),
    digest: digestOf(facts),
  };
}

function assignmentFactsView(facts: AssignmentFacts, locale: Locale): FactsView {
  return {
    about: 'assignment',
    asOf: iso(facts.asOf),
    late: facts.late,
    lateByMs: facts.lateByMs,
    cycle: facts.cycle,
    firstDeadlineAt: isoOrNull(facts.firstDeadlineAt),
    dueAt: isoOrNull(facts.dueAt),
    submittedAt: isoOrNull(facts.submittedAt),
    confirmedAt: isoOrNull(facts.confirmedAt),
    objectiveCauseConfirmed: facts.objectiveCauseConfirmed,
    causes:
      facts.causes?.map(({ statedAt, ...stated }) => ({
        ...stated,
        statedAt: iso(statedAt),
        words: inLocale(causeWords(stated.state), locale),
      })) ?? null,
    overdueContributions:
      facts.overdueContributions?.map(({ askedAt, dueAt, answeredAt, ...asked }) => ({
        ...asked,
        askedAt: iso(askedAt),
        dueAt: iso(dueAt),
        answeredAt: isoOrNull(answeredAt),
      })) ?? null,
    steps: facts.steps.map(({ step, plannedAt }) => ({ step, plannedAt: iso(plannedAt) })),
    digest: digestOf(facts),
  };
}

function officeFacts(row: ReferralRow): OfficeFacts {
  return {
    workingGroupId: row.body.workingGroupId,
    standingAgencyId: row.standing_agency_id,
    homeAffairsId: row.home_affairs_id,
  };
}

const last = (events: readonly TimelineEntry[], ...types: readonly string[]): TimelineEntry | null =>
  events.filter((event) => types.includes(event.type)).at(-1) ?? null;

/** What a case is of, in words. */
function labelsOf(row: ReferralRow): Pick<ReferralView, 'task' | 'directive' | 'regime'> {
  const { directiveId, regimeId } = row.body;
  return {
    task:
      row.task_title === null || row.task_kind === null || row.task_nature === null
        ? null
        : {
            code: row.task_code,
            title: row.task_title,
            titleEn: row.task_title_en,
            kind: row.task_kind,
            nature: row.task_nature,
            ordinal: row.task_ordinal ?? 0,
          },
    directive:
      directiveId === null
        ? null
        : {
            id: directiveId,
            number: row.directive_number,
            title: row.directive_title ?? '',
            documentDate: row.directive_date,
          },
    regime:
      regimeId === null ? null : { id: regimeId, name: row.regime_name ?? '', nameEn: row.regime_name_en },
  };
}

export function referralView(
  row: ReferralRow,
  viewer: Viewer,
  events: readonly TimelineEntry[] | null,
): ReferralView {
  const { body, now } = row;
  const answering = row.answering.map(({ id }) => id);
  const standing = { headId: row.head_id, answering };
  const actions = allowedReferralActions(viewer.actor, body, officeFacts(row), standing);
  return {
    id: body.id,
    version: body.seq,
    state: body.state,
    unit: row.unit,
    answeringUnits: row.answering,
    assignmentId: body.assignmentId,
    ...labelsOf(row),
    facts: factsView(body.facts, viewer.locale),
    corrections: (body.corrections ?? []).map(({ at, facts }) => ({
      at: iso(at),
      facts: factsView(facts, viewer.locale),
    })),
    proposedAt: iso(body.proposedAt),
    window: { endsAt: iso(body.windowEndsAt), open: body.state === 'proposed' && now <= body.windowEndsAt },
    held: body.held,
    objections: body.objections,
    opinionGiven: body.opinionGiven,
    referredAt: isoOrNull(body.referredAt),
    endedAt: isoOrNull(body.endedAt),
    statements:
      events === null
        ? null
        : {
            objection: last(events, 'objected'),
            opinion: last(events, 'opinion_given'),
            decision: last(events, 'objection_decided'),
            outcome: last(events, 'outcome_recorded', 'outcome_corrected'),
          },
    events,
    allowedActions: actionViews(actions, viewer.locale, events === null ? 'list' : 'full'),
  };
}

export async function referralsPage(
  engine: Engine,
  viewer: Viewer,
  filter: Omit<ReferralFilter, 'id'>,
  request: PageRequest,
): Promise<Page<ReferralView>> {
  const list = listName('referrals', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listReferrals(client, { ...filter, id: null }, after, request.limit + 1),
  );
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.body.id],
    (row) => referralView(row, viewer, null),
  );
}

const ONE = { directiveId: null, assignmentId: null, unitId: null, states: null } as const;
/** A case has a few dozen events at most. */
const MOST_EVENTS = 1_000;

export async function getReferral(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<ReferralView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const [row] = await listReferrals(client, { ...ONE, id }, null, 1);
    return row === undefined
      ? null
      : { row, events: await subjectEvents(client, 'referral', id, 0, MOST_EVENTS) };
  });
  if (found === null) return notFound();
  return referralView(
    found.row,
    viewer,
    found.events.map((event) => entryOf(event, viewer.locale)),
  );
}
