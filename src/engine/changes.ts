import type { EventRow } from '../db/event-store.js';
import type { ItemRow } from '../db/item-store.js';
import type { StepTakenRow, SubjectKind } from '../db/step-store.js';
import type { Actor, DocumentReference } from '../domain/actor.js';
import type { AssignmentEvent, StepFact } from '../domain/assignment/events.js';
import { born, evolve } from '../domain/assignment/evolve.js';
import type { Assignment } from '../domain/assignment/state.js';
import { nextStep } from '../domain/assignment/steps.js';
import type { MessageDraft } from '../domain/decision.js';
import { type Brush, brushesOf } from '../domain/figures/spans.js';
import type { Instant } from '../domain/instant.js';
import {
  assignmentMessages,
  forecastMessages,
  recordedForUnit,
  referralMessages,
} from '../domain/messages.js';
import type { PlannedStep } from '../domain/planned.js';
import type { StepRecipient } from '../domain/policy.js';
import type { ReferralEvent } from '../domain/referral/events.js';
import { evolveReferral, referralBorn } from '../domain/referral/evolve.js';
import { assignmentGround, type CaseGround } from '../domain/referral/ground.js';
import { isReferralEnded, type Referral } from '../domain/referral/state.js';
import { nextReferralStep } from '../domain/referral/steps.js';
import { opensAt } from '../domain/supervisor-list.js';
import { chain, type NewEvent } from './chain.js';
import { newId } from './ids.js';
import type { CaseSettings, Settings } from './settings.js';

/** When and by whom; the same for every event of one decision. */
export interface Circumstances {
  readonly actor: Actor;
  readonly document: DocumentReference | null;
  readonly receivedAt: Instant;
  readonly happenedAt: Instant;
  readonly recordedAt: Instant;
  /** What the act brings with it; left out where it brings nothing. */
  readonly files?: readonly FileFact[];
}

/** Instants for one subject, given when its previous event was recorded. */
export type CircumstancesFor = (lastRecordedAt: Instant) => Circumstances;

/** A file as an event names it. */
export interface FileFact {
  readonly id: string;
  readonly sha256: string;
}

/** Rows that every kind of subject writes beside its own projection. */
export interface SubjectRows {
  readonly events: EventRow[];
  readonly steps: StepTakenRow[];
  readonly items: ItemRow[];
}

export interface SubjectScope {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly workingGroupId: string;
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
}

/** An assignment after its events, with everything that goes into the record for it. */
export interface AssignmentChange {
  readonly before: Assignment | null;
  readonly after: Assignment;
  readonly headHash: Buffer;
  /** Start of the open span before; null at birth. */
  readonly spanSince: Instant | null;
  /** What its events do to the spans that counts are made of. */
  readonly brushes: readonly Brush[];
  readonly referralId: string | null;
  readonly planned: PlannedStep | null;
  readonly voided: readonly { steps: readonly string[]; cycle: number; reason: string }[];
  /** The files that the act brought for this assignment. */
  readonly files: readonly FileFact[];
  readonly rows: SubjectRows;
}

export interface AssignmentBefore {
  readonly state: Assignment;
  readonly headHash: Buffer;
  readonly spanSince: Instant;
  readonly referralId: string | null;
}

/** Folds a decision's events into an assignment; pure but for random salts and ids. */
export function changeAssignment(
  before: AssignmentBefore | null,
  events: readonly AssignmentEvent[],
  at: Circumstances,
  settings: Settings,
  referralId: string | null = before?.referralId ?? null,
): AssignmentChange {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  let state = before?.state ?? null;
  let head = before?.headHash ?? null;
  const voided: { steps: readonly string[]; cycle: number; reason: string }[] = [];
  const brushes: Brush[] = [];
  const files = before === null ? [] : (at.files ?? []);
  for (const [index, event] of events.entries()) {
    const previous: Assignment | null = state;
    state = previous === null ? firstState(event, at.recordedAt) : evolve(previous, event, at.recordedAt);
    brushes.push(...brushesOf(previous, event, state));
    const scope = assignmentScope(state);
    head = append(rows, scope, index === 0 ? bringing(event, files) : event, state.seq, head, at);
    if (event.type === 'step_taken') rows.steps.push(stepRow(scope, event.data));
    if (event.type === 'steps_voided') {
      voided.push({ steps: event.data.steps, cycle: event.data.cycle, reason: event.text?.reason ?? '' });
    }
    const drafts = assignmentMessages(event, state, settings.directive).map((draft) =>
      // The ladder's last rung speaks for the case that it brings, or that runs.
      (draft.template === 'referral_proposed' || draft.template === 'referral_goes_on') && referralId !== null
        ? { ...draft, caseId: referralId }
        : draft,
    );
    if (previous !== null)
      drafts.push(...forecastMessages(event, { before: previous, after: state }, at.recordedAt, settings));
    addItems(rows, scope, state.seq, drafts, { assignment: state, settings, at });
  }
  if (state === null || head === null) throw new Error('A change needs at least one event or a state before');
  const recorded = before === null ? [] : recordedForUnit(at.actor, events);
  addItems(rows, assignmentScope(state), state.seq, recorded, { assignment: state, settings, at });
  return {
    before: before?.state ?? null,
    after: state,
    headHash: head,
    spanSince: before?.spanSince ?? null,
    brushes,
    referralId,
    planned: nextStep(state, settings),
    voided,
    files,
    rows,
  };
}

/** The first event of an act carries its files among its text: in the chain by a salted hash, as what can be destroyed is. */
function bringing(event: NewEvent, files: readonly FileFact[]): NewEvent {
  if (files.length === 0) return event;
  const list = files.map((file) => `${file.id} sha256:${file.sha256}`).join('\n');
  return { ...event, text: { ...event.text, files: list } };
}

function firstState(event: AssignmentEvent, recordedAt: Instant): Assignment {
  if (event.type !== 'assigned') throw new Error(`A life begins with assigned, not ${event.type}`);
  return born(event, recordedAt);
}

export interface ReferralChange {
  readonly after: Referral;
  /** Its process is over already. */
  readonly wasEnded: boolean;
  readonly headHash: Buffer;
  readonly armedAt: Instant;
  readonly planned: PlannedStep | null;
  readonly files: readonly FileFact[];
  readonly rows: SubjectRows;
}

/** What a case rests on as it stands after the same command, and the assignment whose officer is written to. */
export interface CaseBasis {
  readonly ground: CaseGround;
  readonly assignment: Assignment | null;
}

export function basisOf(assignment: Assignment, { directive, calendar }: Settings): CaseBasis {
  return { ground: assignmentGround(assignment, directive, calendar), assignment };
}

/** Folds events into a case and plans it again from what it rests on. */
export function changeReferral(
  before: { state: Referral; headHash: Buffer; armedAt: Instant } | null,
  events: readonly ReferralEvent[],
  { ground, assignment }: CaseBasis,
  at: Circumstances,
  settings: CaseSettings,
): ReferralChange {
  const rows: SubjectRows = { events: [], steps: [], items: [] };
  let state = before?.state ?? null;
  let head = before?.headHash ?? null;
  const files = before === null || events.length === 0 ? [] : (at.files ?? []);
  for (const [index, event] of events.entries()) {
    if (state === null) {
      if (event.type !== 'proposed') throw new Error(`A case begins with proposed, not ${event.type}`);
      state = referralBorn(event, at.recordedAt);
    } else {
      state = evolveReferral(state, event, at.recordedAt);
    }
    const scope = referralScope(state);
    head = append(rows, scope, index === 0 ? bringing(event, files) : event, state.seq, head, at);
    if (event.type === 'step_taken') rows.steps.push(stepRow(scope, event.data));
    const drafts = referralMessages(event, state, settings.directive);
    addItems(rows, scope, state.seq, drafts, { assignment, settings, at });
  }
  if (state === null || head === null) throw new Error('A change needs at least one event or a state before');
  const planned = isReferralEnded(state.state) ? null : nextReferralStep(state, ground, settings);
  return {
    after: state,
    wasEnded: before !== null && before.state.endedAt !== null,
    headHash: head,
    armedAt: before?.armedAt ?? Number.NEGATIVE_INFINITY,
    planned,
    files,
    rows,
  };
}

function assignmentScope(state: Assignment): SubjectScope {
  return {
    kind: 'assignment',
    id: state.id,
    workingGroupId: state.workingGroupId,
    directiveId: state.directiveId,
    assignmentId: state.id,
    unitId: state.unitId,
  };
}

function referralScope(state: Referral): SubjectScope {
  return {
    kind: 'referral',
    id: state.id,
    workingGroupId: state.workingGroupId,
    directiveId: state.directiveId,
    assignmentId: state.assignmentId,
    unitId: state.unitId,
  };
}

/** Appends one event's row and answers with the new head of the chain. */
export function append(
  rows: SubjectRows,
  scope: SubjectScope,
  event: NewEvent,
  seq: number,
  head: Buffer | null,
  at: Circumstances,
): Buffer {
  const link = chain(event, seq, head, {
    ...at,
    subjectKind: scope.kind,
    subjectId: scope.id,
    workingGroupId: scope.workingGroupId,
    directiveId: scope.directiveId,
    unitId: scope.unitId,
  });
  rows.events.push({
    ...link,
    subjectKind: scope.kind,
    subjectId: scope.id,
    workingGroupId: scope.workingGroupId,
    directiveId: scope.directiveId,
    unitId: scope.unitId,
    actor: JSON.stringify(at.actor),
    document: at.document === null ? null : JSON.stringify(at.document),
    receivedAt: at.receivedAt,
    happenedAt: at.happenedAt,
    recordedAt: at.recordedAt,
  });
  return link.hash;
}

export function stepRow(scope: SubjectScope, fact: StepFact<StepRecipient>): StepTakenRow {
  return {
    id: newId(),
    subjectKind: scope.kind,
    subjectId: scope.id,
    step: fact.step,
    cycle: fact.cycle,
    kind: fact.kind,
    workingGroupId: scope.workingGroupId,
    directiveId: scope.directiveId,
    assignmentId: scope.assignmentId,
    unitId: scope.unitId,
    plannedAt: fact.plannedAt,
    takenAt: fact.takenAt,
    recipients: JSON.stringify(fact.to),
    policyText: fact.policyText,
    calendar: fact.calendar,
    message: messageOf(fact),
  };
}

/** An unsigned letter sends nothing yet, though nothing higher speaks in its place. */
function messageOf({ sends, to, unsigned }: StepFact<StepRecipient>): 'sent' | 'superseded' | 'none' {
  if (sends.length > 0) return 'sent';
  return to.length === 0 || unsigned === true ? 'none' : 'superseded';
}

/** What addressing needs: whose assignment, which offices, which hours. */
interface Addressing {
  readonly assignment: Pick<Assignment, 'unitId' | 'coordinatingUnitIds' | 'monitorUnitId' | 'cycle'> | null;
  readonly settings: Pick<CaseSettings, 'calendar' | 'directive' | 'policy'>;
  readonly at: Circumstances;
}

/** One item per recipient office; a receiver's hours decide when the pump may write to it. */
export function addItems(
  rows: SubjectRows,
  scope: SubjectScope,
  seq: number,
  drafts: readonly MessageDraft[],
  to: Addressing,
): void {
  const { calendar, policy } = to.settings;
  for (const draft of drafts) {
    const openAt = opensAt(draft, to.at.recordedAt, calendar, policy);
    for (const unitId of recipientUnits(draft, to, scope.unitId)) {
      rows.items.push({
        id: newId(),
        key: `${scope.id}:${seq}:${draft.template}:${draft.to}:${unitId ?? '-'}`,
        workingGroupId: scope.workingGroupId,
        directiveId: scope.directiveId,
        assignmentId: scope.assignmentId,
        obligationId: scope.kind === 'obligation' ? scope.id : null,
        referralId: scope.kind === 'referral' ? scope.id : (draft.caseId ?? null),
        unitId: scope.unitId,
        stepId: rows.steps.at(-1)?.step === draft.params.step ? (rows.steps.at(-1)?.id ?? null) : null,
        recipientKind: draft.to,
        recipientUnitId: unitId,
        template: draft.template,
        rank: draft.rank,
        holds: draft.holds,
        cycle: to.assignment?.cycle ?? null,
        params: JSON.stringify(draft.params),
        createdAt: to.at.recordedAt,
        openAt,
      });
    }
  }
}

function recipientUnits(
  draft: MessageDraft,
  { assignment, settings }: Addressing,
  subjectUnitId: string | null,
): (string | null)[] {
  if (draft.unitId !== undefined) return [draft.unitId];
  switch (draft.to) {
    case 'officer':
    case 'head':
    case 'unit':
      return [assignment?.unitId ?? subjectUnitId];
    case 'coordinating_units':
      return [...(assignment?.coordinatingUnitIds ?? [])];
    case 'monitor':
      return [assignment?.monitorUnitId ?? settings.directive.standingAgencyId];
    case 'standing_agency':
      return [settings.directive.standingAgencyId];
    case 'home_affairs':
      return [settings.directive.homeAffairsId];
    case 'supervisor':
      return [null];
  }
}
