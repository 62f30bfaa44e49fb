import { databaseNow } from '../../db/lock-store.js';
import { countClasses, type TaskClassRow, taskClasses } from '../../db/read/counts.js';
import {
  type DirectiveFilter,
  type DirectiveRow,
  listDirectives,
  readDirective,
  referralsByState,
  stepsByKind,
  type TaskRow,
  tasksOf,
} from '../../db/read/directives.js';
import type { DocumentReference } from '../../domain/actor.js';
import { notFound } from '../../domain/assignment/access.js';
import { DIRECTIVE_ACTIONS, type DirectiveAction, directiveRefusal } from '../../domain/directive/decide.js';
import type { DraftTask } from '../../domain/directive/draft.js';
import type { DirectiveStateName } from '../../domain/directive/state.js';
import type { Refusal } from '../../domain/errors.js';
import { stepName } from '../../domain/policy.js';
import type { Engine } from '../engine.js';
import { type Counts, sumCounts } from './counts.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import {
  type AllowedActionView,
  actionViews,
  iso,
  isoOrNull,
  look,
  type UnitRef,
  type Viewer,
} from './view.js';

export interface DirectiveView {
  readonly id: string;
  readonly version: number;
  readonly state: DirectiveStateName;
  readonly number: string | null;
  readonly title: string;
  readonly documentDate: string | null;
  readonly signer: string | null;
  readonly issuer: string | null;
  readonly parents: readonly DocumentReference[];
  readonly parentAssignmentId: string | null;
  /** What it carries on, and until when that has to be done; null for units. */
  readonly carriesOn: CarriesOnView | null;
  readonly provisional: boolean;
  readonly endsOn: string | null;
  readonly approved: boolean;
  readonly standingAgency: UnitRef;
  readonly frozenVersion: number;
  readonly issuedAt: string | null;
  readonly endedAt: string | null;
  readonly calendar: { readonly id: string; readonly version: number };
  /** A unit sees how many of the directive's assignments it may read, and how many of those are open. */
  readonly counts: {
    readonly planned: number | null;
    readonly assigned: number;
    readonly open: number;
    readonly unclear: number | null;
  };
  /** The clock on the standing agency that runs out next: to clear rows, to enter the confirming document. */
  readonly nextStep: { readonly step: string; readonly at: string } | null;
  /** As drafted, for who reads the whole directive; null for units and in lists. */
  readonly tasks: readonly DraftTask[] | null;
  readonly allowedActions: readonly AllowedActionView<DirectiveAction>[];
}

/** The assignment of a superior directive, as who carries it on is shown it. */
export interface CarriesOnView {
  readonly assignmentId: string;
  readonly state: string;
  readonly until: string | null;
  readonly unit: UnitRef;
  readonly task: { readonly code: string | null; readonly title: string };
  readonly directive: { readonly number: string | null; readonly title: string };
}

function carriesOnView(row: NonNullable<DirectiveRow['carries_on']>): CarriesOnView {
  return {
    assignmentId: row.assignmentId,
    state: row.state,
    until: isoOrNull(row.until),
    unit: row.unit,
    task: { code: row.taskCode, title: row.taskTitle },
    directive: { number: row.directiveNumber, title: row.directiveTitle },
  };
}

function directiveView(row: DirectiveRow, viewer: Viewer, detail: 'list' | 'full'): DirectiveView {
  const { body, head } = row;
  const actions = DIRECTIVE_ACTIONS.map((action) => {
    const reason = directiveRefusal(body, action, viewer.actor);
    return { action, allowed: reason === null, reason };
  });
  return {
    id: row.id,
    version: row.row_version,
    state: body.state,
    number: head.number,
    title: head.title,
    documentDate: head.documentDate,
    signer: head.signer,
    issuer: head.issuer,
    parents: head.parents,
    parentAssignmentId: row.reads_all ? (head.parentAssignmentId ?? null) : null,
    carriesOn: row.carries_on === null ? null : carriesOnView(row.carries_on),
    provisional: head.provisional,
    endsOn: head.endsOn,
    approved: body.approved,
    standingAgency: row.standing_agency,
    frozenVersion: body.frozenVersion,
    issuedAt: isoOrNull(body.issuedAt),
    endedAt: isoOrNull(body.endedAt),
    calendar: { id: row.calendar_id, version: row.calendar_version },
    counts: {
      planned: row.reads_all ? body.planned : null,
      assigned: row.reads_all ? body.assigned : row.visible,
      open: row.open,
      unclear: row.reads_all ? body.unclear : null,
    },
    nextStep:
      row.next_step === null ? null : { step: stepName(row.next_step.step).name, at: iso(row.next_step.at) },
    tasks: row.tasks,
    allowedActions: actionViews(actions, viewer.locale, detail),
  };
}

export async function getDirective(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<DirectiveView | Refusal> {
  const row = await look(engine, viewer, (client) => readDirective(client, id));
  return row === null ? notFound() : directiveView(row, viewer, 'full');
}

/** Directives the viewer may know of, the newest first. */
export async function directivesPage(
  engine: Engine,
  viewer: Viewer,
  filter: DirectiveFilter,
  request: PageRequest,
): Promise<Page<DirectiveView>> {
  const list = listName('directives', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listDirectives(client, filter, after, request.limit + 1),
  );
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.id],
    (row) => directiveView(row, viewer, 'list'),
  );
}

/** Whether the viewer may know of the directive: a list below an unknown one is not empty but not there. */
export async function directiveIsKnown(engine: Engine, viewer: Viewer, id: string): Promise<boolean> {
  return look(engine, viewer, async (client) => (await readDirective(client, id)) !== null);
}

/** A directive's figures at one instant: its counts, its tasks with who still owes them, its steps and cases. */
export interface DirectiveSummaryView {
  readonly directiveId: string;
  readonly state: DirectiveStateName;
  readonly asOf: string;
  readonly assignments: Counts;
  readonly tasks: Counts;
  readonly byTask: readonly TaskSummaryView[];
  readonly steps: readonly { readonly kind: string; readonly taken: number; readonly voided: number }[];
  readonly referrals: readonly { readonly state: string; readonly cases: number }[];
}

export interface TaskSummaryView {
  readonly id: string;
  readonly ordinal: number;
  readonly code: string | null;
  readonly title: string;
  readonly kind: TaskRow['kind'];
  readonly unclear: readonly string[];
  readonly deadlinePhrase: string | null;
  readonly deadlineAt: string | null;
  /** Null while nothing of the task is assigned. */
  readonly countClass: TaskClassRow['class'] | null;
  /** Units that still owe it: how many, and the first of them by code. */
  readonly missing: number;
  readonly missingUnits: readonly UnitRef[];
}

const MOST_MISSING = 20;

export async function directiveSummary(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<DirectiveSummaryView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const row = await readDirective(client, id);
    if (row === null) return null;
    const asOf = Math.floor(await databaseNow(client));
    const query = { asOf, knownAt: null, groupBy: null, directiveId: id, unitId: null };
    const assignments = sumCounts(await countClasses(client, { ...query, count: 'assignment' }));
    const tasks = sumCounts(await countClasses(client, { ...query, count: 'task' }));
    const classes = new Map(
      (await taskClasses(client, id, asOf, MOST_MISSING)).map((task) => [task.task_id, task]),
    );
    const byTask = (await tasksOf(client, id)).map((task) => taskSummary(task, classes.get(task.id)));
    const steps = await stepsByKind(client, id);
    const referrals = await referralsByState(client, id);
    return {
      directiveId: id,
      state: row.body.state,
      asOf: iso(asOf),
      assignments,
      tasks,
      byTask,
      steps,
      referrals,
    };
  });
  return found ?? notFound();
}

function taskSummary(task: TaskRow, counted: TaskClassRow | undefined): TaskSummaryView {
  return {
    id: task.id,
    ordinal: task.ordinal,
    code: task.code,
    title: task.title,
    kind: task.kind,
    unclear: task.unclear,
    deadlinePhrase: task.deadline_phrase,
    deadlineAt: isoOrNull(task.deadline_at),
    countClass: counted?.class ?? (task.unclear.length > 0 ? 'unclear' : null),
    missing: counted?.missing ?? 0,
    missingUnits: counted?.missing_units ?? [],
  };
}
