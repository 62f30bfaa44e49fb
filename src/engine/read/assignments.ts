import {
  type AssignmentFilter,
  type AssignmentRow,
  type AssignmentSort,
  type CarriedOnRow,
  type CountClass,
  carriedOnBy,
  listAssignments,
  readAssignment,
} from '../../db/read/assignments.js';
import { allowedActions, notFound } from '../../domain/assignment/access.js';
import { isLate } from '../../domain/assignment/lateness.js';
import type { Assignment, AssignmentStateName, Result } from '../../domain/assignment/state.js';
import { openPause, predecessorsOf } from '../../domain/assignment/state.js';
import type { AssignmentAction } from '../../domain/assignment/table.js';
import type { DirectiveFacts } from '../../domain/decision.js';
import type { Refusal } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import { countClassOf } from './count-class.js';
import { type Counts, sumCounts } from './counts.js';
import { type MatterView, matterHistories, matterView } from './matters.js';
import { assignmentOutlook, type OutlookView } from './outlooks.js';
import {
  listName,
  numberPart,
  type Page,
  type PageKey,
  type PageRequest,
  pageOf,
  pageStart,
  textPart,
} from './page.js';
import type { TimelineEntry } from './timeline.js';
import {
  type AllowedActionView,
  actionViews,
  iso,
  isoOrNull,
  look,
  type UnitRef,
  type Viewer,
} from './view.js';

/** An assignment as this viewer may see it; `late` and `countClass` by the database's clock. */
export interface AssignmentView {
  readonly id: string;
  readonly version: number;
  readonly state: AssignmentStateName;
  readonly late: boolean;
  readonly countClass: CountClass;
  readonly awaitingConfirmation: boolean;
  readonly unit: UnitRef;
  readonly coordinatingUnits: readonly UnitRef[];
  readonly monitor: UnitRef;
  readonly officer: { readonly id: string; readonly name: string } | null;
  readonly task: AssignmentRow['task'];
  readonly directive: Pick<AssignmentRow['directive'], 'id' | 'number' | 'title' | 'state'>;
  readonly recurrence: 'one_off' | 'regular';
  readonly result: Result;
  readonly originYear: number;
  readonly provisional: boolean;
  readonly deadline: {
    readonly phrase: string;
    readonly byHand: boolean;
    readonly firstDeadlineAt: string | null;
    readonly deadlineAt: string | null;
    readonly dueAt: string | null;
  };
  readonly cycle: number;
  readonly assignedAt: string;
  readonly acknowledgedAt: string | null;
  readonly submission: {
    readonly id: string;
    readonly at: string;
    readonly late: boolean;
    readonly evidence: readonly string[];
  } | null;
  readonly returns: number;
  readonly acceptedShare: number;
  readonly figure: Assignment['figure'];
  /** Where its indicator stands and goes; null where a product is asked for. */
  readonly outlook: OutlookView | null;
  readonly held: { readonly kind: string; readonly since: string } | null;
  readonly endedAt: string | null;
  readonly supersededBy: readonly string[];
  readonly predecessorIds: readonly string[];
  readonly carriedFrom: AssignmentRow['carried_from'];
  readonly carriedInto: AssignmentRow['carried_into'];
  /** Directives that carry it on, with their figures; null in lists. */
  readonly carriedOnBy: readonly CarriedOnView[] | null;
  readonly caretaker: boolean;
  /** The latest case, where the viewer may read it. */
  readonly referralId: string | null;
  readonly matters: readonly MatterView[];
  /** In lists only what is allowed; on the resource itself also what is not, with the reason. */
  readonly allowedActions: readonly AllowedActionView<AssignmentAction>[];
}

function factsOfRow(row: AssignmentRow): DirectiveFacts {
  return {
    id: row.directive.id,
    workingGroupId: row.body.workingGroupId,
    state: row.directive.state,
    documentDate: row.directive.documentDate,
    // Only deciding asks for it; who may do what does not depend on it.
    endsAt: null,
    standingAgencyId: row.standing_agency_id,
    homeAffairsId: row.home_affairs_id,
  };
}

/** What the resource itself shows beyond a line of a list. */
interface Whole {
  readonly histories: ReadonlyMap<string, readonly TimelineEntry[]>;
  readonly carriedOn: readonly CarriedOnRow[];
}

function assignmentView(row: AssignmentRow, viewer: Viewer, whole: Whole | null): AssignmentView {
  const { body, now, directive } = row;
  const counted = countClassOf(body, now);
  const held = openPause(body);
  const actions = allowedActions(viewer.actor, body, factsOfRow(row));
  return {
    id: body.id,
    version: body.seq,
    state: body.state,
    late: isLate(body, now),
    countClass: counted.class,
    awaitingConfirmation: counted.awaiting,
    unit: row.unit,
    coordinatingUnits: row.coordinating,
    monitor: row.monitor,
    officer: row.officer,
    task: row.task,
    directive: { id: directive.id, number: directive.number, title: directive.title, state: directive.state },
    recurrence: body.recurrence,
    result: body.result,
    originYear: body.originYear,
    provisional: body.provisional,
    ...deadlineAndWork(row),
    outlook: assignmentOutlook(body, now, viewer.locale),
    held: held === null ? null : { kind: held.kind, since: iso(held.from) },
    endedAt: isoOrNull(body.endedAt),
    supersededBy: body.supersededBy,
    predecessorIds: predecessorsOf(body),
    carriedFrom: row.carried_from,
    carriedInto: row.carried_into,
    carriedOnBy: whole === null ? null : carriedOnViews(whole.carriedOn),
    caretaker: body.caretaker === true,
    referralId: row.referral_id,
    matters: row.matters.map((matter) =>
      matterView(
        matter,
        { now, locale: viewer.locale },
        whole === null ? null : (whole.histories.get(matter.id) ?? []),
      ),
    ),
    allowedActions: actionViews(actions, viewer.locale, whole === null ? 'list' : 'full'),
  };
}

/** A directive that carries an assignment on, with its figures: no names of units, no tasks. */
export interface CarriedOnView {
  readonly directive: Pick<AssignmentRow['directive'], 'id' | 'number' | 'title' | 'state'>;
  readonly planned: number;
  readonly counts: Counts;
  readonly figure: { readonly numerator: number; readonly reporting: number } | null;
}

function carriedOnViews(rows: readonly CarriedOnRow[]): CarriedOnView[] {
  const ids = [...new Set(rows.map((row) => row.directive_id))];
  return ids.flatMap((id) => {
    const own = rows.filter((row) => row.directive_id === id);
    const [first] = own;
    if (first === undefined) return [];
    const { number, title, state, planned } = first;
    const reporting = own.reduce((sum, row) => sum + row.reporting, 0);
    const numerator = own.reduce((sum, row) => sum + (row.numerator ?? 0), 0);
    return [
      {
        directive: { id, number, title, state },
        planned,
        counts: sumCounts(own.map((row) => ({ key: null, class: row.class, n: row.n }))),
        figure: reporting === 0 ? null : { numerator, reporting },
      },
    ];
  });
}

function deadlineAndWork({ body, now }: AssignmentRow) {
  const { submission } = body;
  return {
    deadline: {
      phrase: body.deadline.phrase,
      byHand: body.deadline.byHand,
      firstDeadlineAt: isoOrNull(body.firstDeadlineAt),
      deadlineAt: isoOrNull(body.deadlineAt),
      dueAt: isoOrNull(body.dueAt),
    },
    cycle: body.cycle,
    assignedAt: iso(body.assignedAt),
    acknowledgedAt: isoOrNull(body.acknowledgedAt),
    submission:
      submission === null
        ? null
        : {
            id: submission.id,
            at: iso(submission.at),
            // By the deadline as it stands: an extension that was granted later judges it anew.
            late: isLate(body, now),
            evidence: submission.evidence,
          },
    returns: body.returns,
    acceptedShare: body.acceptedShare,
    figure: body.figure,
  };
}

/** One assignment with its matters' texts and every action, allowed or why not. */
export async function getAssignment(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<AssignmentView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const [row, carriedOn] = await Promise.all([readAssignment(client, id), carriedOnBy(client, id)]);
    if (row === null) return null;
    const histories =
      row.matters.length === 0 ? new Map() : await matterHistories(client, [id], viewer.locale);
    return { row, whole: { histories, carriedOn } };
  });
  return found === null ? notFound() : assignmentView(found.row, viewer, found.whole);
}

/** A page of assignments within the viewer's scope. */
export async function assignmentsPage(
  engine: Engine,
  viewer: Viewer,
  filter: AssignmentFilter,
  sort: AssignmentSort,
  request: PageRequest,
): Promise<Page<AssignmentView>> {
  const list = listName('assignments', { filter, sort });
  const start = await pageStart(engine, list, request.cursor);
  const id = textPart(start, 0);
  const after = id === null ? null : { id, due: numberPart(start, 1) };
  const rows = await look(engine, viewer, (client) =>
    listAssignments(client, filter, sort, after, request.limit + 1),
  );
  const key = (row: AssignmentRow): PageKey => [row.body.id, sort === 'id' ? null : row.body.dueAt];
  return pageOf(engine, list, request.limit, rows, key, (row) => assignmentView(row, viewer, null));
}
