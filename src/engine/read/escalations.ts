import { type EscalationFilter, type EscalationRow, listEscalations } from '../../db/read/escalations.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import { stepName } from '../../domain/policy.js';
import type { Engine } from '../engine.js';
import type { UrgingLetterView } from './letter-view.js';
import { listName, numberPart, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { letterOf } from './urging-letter.js';
import { inLocale, iso, isoOrNull, type Locale, look, type UnitRef, type Viewer } from './view.js';
import { stepWords } from './words.js';

/** One step that was taken: when it was due and when it happened, under which rule, and what became of its messages. */
export interface EscalationView {
  readonly id: string;
  readonly subject: { readonly kind: EscalationRow['subject_kind']; readonly id: string };
  /** The name of the step, without ids. */
  readonly step: string;
  /** The step in the caller's language. */
  readonly words: string;
  /** The matter or submission that the step is about. */
  readonly aboutId: string | null;
  readonly kind: string;
  readonly cycle: number;
  readonly assignment: {
    readonly id: string;
    readonly code: string | null;
    readonly title: string | null;
  } | null;
  readonly directive: {
    readonly id: string;
    readonly number: string | null;
    readonly title: string | null;
  } | null;
  readonly unit: UnitRef | null;
  readonly plannedAt: string;
  readonly takenAt: string;
  readonly recipients: readonly string[];
  readonly message: string;
  readonly deliveries: EscalationRow['deliveries'];
  /** The first of `acknowledgements`: each stops the repeats to one person. */
  readonly acknowledged: { readonly at: string; readonly by: string | null } | null;
  readonly acknowledgements: EscalationRow['acknowledgements'];
  readonly voided: { readonly at: string; readonly reason: string } | null;
  readonly policyText: string;
  readonly calendar: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function escalationView(row: EscalationRow, locale: Locale): EscalationView {
  const { name, about } = stepName(row.step);
  const acknowledgedAt = isoOrNull(row.acknowledged_at);
  const voidedAt = isoOrNull(row.voided_at);
  return {
    id: row.id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    step: name,
    words: inLocale(stepWords(row.step), locale),
    aboutId: about !== null && UUID.test(about) ? about : null,
    kind: row.kind,
    cycle: row.cycle,
    assignment:
      row.assignment_id === null
        ? null
        : { id: row.assignment_id, code: row.task_code, title: row.task_title },
    directive:
      row.directive_id === null
        ? null
        : { id: row.directive_id, number: row.directive_number, title: row.directive_title },
    unit: row.unit,
    plannedAt: iso(row.planned_at),
    takenAt: iso(row.taken_at),
    recipients: row.recipients,
    message: row.message,
    deliveries: row.deliveries,
    acknowledged: acknowledgedAt === null ? null : { at: acknowledgedAt, by: row.acknowledged_by },
    acknowledgements: row.acknowledgements,
    voided: voidedAt === null ? null : { at: voidedAt, reason: row.void_reason ?? '' },
    policyText: row.policy_text,
    calendar: row.calendar,
  };
}

/** The history of steps taken, the latest first. */
export async function escalationsPage(
  engine: Engine,
  viewer: Viewer,
  filter: EscalationFilter,
  request: PageRequest,
): Promise<Page<EscalationView>> {
  const list = listName('escalations', filter);
  const start = await pageStart(engine, list, request.cursor);
  const id = textPart(start, 0);
  const takenAt = numberPart(start, 1);
  const after = id === null || takenAt === null ? null : { id, takenAt };
  const rows = await look(engine, viewer, (client) =>
    listEscalations(client, filter, after, request.limit + 1),
  );
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.id, row.taken_at],
    (row) => escalationView(row, viewer.locale),
  );
}

const ONE = {
  directiveId: null,
  assignmentId: null,
  unitId: null,
  step: null,
  from: null,
  to: null,
} as const;

export async function getEscalation(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<EscalationView | Refusal> {
  const [row] = await look(engine, viewer, (client) => listEscalations(client, { ...ONE, id }, null, 1));
  return row === undefined ? notFound() : escalationView(row, viewer.locale);
}

export interface EscalationDetailView extends EscalationView {
  /** The letter that the step drafted. */
  readonly letter: UrgingLetterView | null;
}

/** One step, with the letter where it is one. */
export async function getEscalationDetail(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<EscalationDetailView | Refusal> {
  const found = await look(engine, viewer, async (client) => {
    const [row] = await listEscalations(client, { ...ONE, id }, null, 1);
    return row === undefined ? null : { row, letter: await letterOf(engine, client, viewer, row) };
  });
  if (found === null) return notFound();
  return { ...escalationView(found.row, viewer.locale), letter: found.letter };
}
