import { CLOCK } from '../actor.js';
import { decide } from '../assignment/decide.js';
import { underCalendar } from '../assignment/decide-calendar.js';
import type { AssignmentEvent, StepFact } from '../assignment/events.js';
import { born, evolve } from '../assignment/evolve.js';
import { followedFrom, pastEvents } from '../assignment/past.js';
import { type Assignment, isEnded } from '../assignment/state.js';
import { nextStep } from '../assignment/steps.js';
import type { Calendar } from '../calendar.js';
import type { DecisionContext, DirectiveFacts } from '../decision.js';
import { decideDirectiveSteps, evolveDirective, nextDirectiveStep } from '../directive/decide.js';
import {
  type AssignmentSeed,
  assignedEvent,
  assignmentSeeds,
  type FrozenDirective,
  type FrozenTask,
  historyOf,
  plannedCount,
} from '../directive/freeze.js';
import { isRefusal } from '../errors.js';
import type { Instant } from '../instant.js';
import type { RecipientKind, StepRecipient } from '../policy.js';
import { decideReferral } from '../referral/decide.js';
import type { ReferralEvent } from '../referral/events.js';
import { evolveReferral, referralBorn } from '../referral/evolve.js';
import { assignmentGround } from '../referral/ground.js';
import type { Referral } from '../referral/state.js';
import { nextReferralStep } from '../referral/steps.js';

/** `silent`: nobody does anything. `punctual`: every unit acknowledges at once and hands in on its last second. */
export type Conduct = 'silent' | 'punctual';

/** One step that would be taken: when, towards whom, and who is written to. */
export interface RehearsedStep {
  readonly subject: 'directive' | 'assignment' | 'referral';
  readonly step: string;
  readonly kind: StepFact['kind'] | 'case';
  readonly at: Instant;
  readonly to: readonly StepRecipient[];
  readonly sends: readonly StepRecipient[];
  readonly policyText: string;
}

/** The steps of one assignment and its case, the earliest first. */
export interface RehearsedAssignment {
  readonly taskId: string;
  readonly unitId: string;
  readonly dueAt: Instant | null;
  readonly steps: readonly RehearsedStep[];
}

export interface RehearsalSettings {
  readonly calendar: Calendar;
  /** Calendars of units that are judged by one of their own. */
  readonly calendars?: ReadonlyMap<string, Calendar>;
  readonly frozen: FrozenDirective;
}

/** More than any policy has rungs; a ladder that never rests is an error of the rules, not of the draft. */
const MOST_STEPS = 500;

/**
 * Plays a directive as the conductors would, with the same deciders: whatever they plan is taken at its instant.
 * Pure; assignments that nothing tells apart for the clock are played once.
 */
export function play(settings: RehearsalSettings, conduct: Conduct): RehearsedAssignment[] {
  const { frozen, calendars } = settings;
  const directive = factsOf(frozen);
  const { policy, issuedAt: at } = frozen;
  const tasks = new Map<FrozenTask, string>();
  const played = new Map<string, Omit<RehearsedAssignment, 'taskId' | 'unitId'>>();
  return assignmentSeeds(frozen, frozen.base, plannedCount(frozen) - frozen.base).map((seed, index) => {
    const { task, unitId } = seed;
    const ofTask = tasks.get(task) ?? sameForTheClock(task);
    tasks.set(task, ofTask);
    // Work that is under way has a past of its own, which nothing else need share.
    const own = task.underWay === undefined ? ownCauses(task, unitId, directive) : unitId;
    const calendar = calendars?.get(unitId) ?? settings.calendar;
    const key = `${ofTask} ${own} ${calendar.id} ${calendar.version}`;
    const known = played.get(key);
    if (known !== undefined) return { taskId: task.task.id, unitId, ...known };
    const given = begun(settings, seed, { id: `rehearsed-${index}`, calendar });
    const steps = playOne(given, {
      ...{ policy, calendar, officeCalendar: settings.calendar },
      ...{ directive, conduct, at },
    });
    const found = { dueAt: given.recurrence === 'regular' ? null : given.dueAt, steps };
    played.set(key, found);
    return { taskId: task.task.id, unitId, ...found };
  });
}

/** The assignment as it would be issued: under its unit's calendar, with what is past behind it. */
function begun(
  { frozen, calendar: common }: RehearsalSettings,
  seed: AssignmentSeed,
  { id, calendar }: { readonly id: string; readonly calendar: Calendar },
): Assignment {
  const { data, ...event } = assignedEvent(frozen, seed, id);
  const placed = underCalendar(data, common, calendar, frozen.policy.deadline);
  let made = 0;
  const past = { calendar, recordedAt: frozen.issuedAt, newId: () => `${id}-${++made}` };
  const follow = (a: Assignment, events: readonly AssignmentEvent[]): Assignment =>
    events.reduce((state, one) => evolve(state, one, frozen.issuedAt), a);
  const first = born({ ...event, data: placed }, frozen.issuedAt);
  if (seed.task.underWay === undefined) return first;
  const now = historyOf(seed).reduce((a, fact) => follow(a, pastEvents(a, fact, past)), first);
  return follow(now, followedFrom(now, frozen.issuedAt));
}

/** The directive's own clock: whoever is silent also leaves its unclear rows. */
export function playDirective({ frozen, calendar }: RehearsalSettings, unclear: number): RehearsedStep[] {
  const { issuedAt, version, directiveId, workingGroupId } = frozen;
  const drafted = evolveDirective(
    null,
    {
      type: 'drafted',
      data: { at: issuedAt, id: directiveId, workingGroupId, digest: '', tasks: frozen.tasks.length },
    },
    issuedAt,
  );
  const planned = plannedCount(frozen);
  const issued = evolveDirective(
    drafted,
    { type: 'issued', data: { at: issuedAt, version, digest: '', planned, unclear } },
    issuedAt,
  );
  const planning = { policy: frozen.policy, calendar, directive: frozen.content };
  const steps: RehearsedStep[] = [];
  let state = issued;
  for (
    let next = nextDirectiveStep(state, planning);
    next !== null;
    next = nextDirectiveStep(state, planning)
  ) {
    for (const event of decideDirectiveSteps(state, planning, next.at)) {
      if (event.type === 'step_taken') steps.push(rowOf('directive', event.data));
      state = evolveDirective(state, event, next.at);
    }
  }
  return steps;
}

function factsOf(frozen: FrozenDirective): DirectiveFacts {
  return {
    id: frozen.directiveId,
    workingGroupId: frozen.workingGroupId,
    state: 'issued',
    documentDate: frozen.content.documentDate,
    endsAt: frozen.endsAt,
    standingAgencyId: frozen.standingAgencyId,
    homeAffairsId: frozen.homeAffairsId,
  };
}

/** Everything of a task that the steps of its assignments depend on; its past, where it has one, tells it apart. */
function sameForTheClock({ task, deadlineAt, firstDeadlineAt, ladderFrom, underWay }: FrozenTask): string {
  const id = underWay === undefined ? null : task.id;
  return JSON.stringify([deadlineAt, firstDeadlineAt, ladderFrom, task.recurrence, id]);
}

/** The offices that may not answer in their own cause; their steps go to others. */
function ownCauses(
  { task }: FrozenTask,
  unitId: string,
  { standingAgencyId, homeAffairsId }: DirectiveFacts,
): string {
  const monitor = task.monitorUnitId ?? standingAgencyId;
  return `${unitId === standingAgencyId} ${unitId === homeAffairsId} ${unitId === monitor}`;
}

type Playing = Pick<DecisionContext, 'policy' | 'calendar' | 'officeCalendar' | 'directive'> & {
  readonly conduct: Conduct;
  readonly at: Instant;
};

function contextAt(now: Instant, { policy, calendar, officeCalendar, directive }: Playing): DecisionContext {
  let made = 0;
  return {
    actor: CLOCK,
    receivedAt: now,
    happenedAt: now,
    recordedAt: now,
    document: null,
    policy,
    calendar,
    officeCalendar,
    directive,
    newId: () => `rehearsed-${++made}`,
  };
}

function playOne(given: Assignment, playing: Playing): RehearsedStep[] {
  const rows: RehearsedStep[] = [];
  const cases: Referral[] = [];
  const punctual = playing.conduct === 'punctual';
  if (isEnded(given.state)) return rows;
  let a: Assignment =
    punctual && given.state === 'assigned'
      ? evolve(given, { type: 'acknowledged', data: { at: playing.at, officerId: null } }, playing.at)
      : given;
  // Handed in with its last second, nothing follows; what a regular assignment waits for is its end date.
  const until =
    punctual && a.dueAt !== null && a.submission === null
      ? Math.max(a.dueAt, playing.at)
      : Number.POSITIVE_INFINITY;
  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    const next = nextStep(a, playing);
    if (next === null || next.at >= until) return inOrder(rows, cases, a, playing);
    const now = Math.max(next.at, playing.at);
    const decision = decide(a, { action: 'take_steps' }, contextAt(now, playing));
    if (isRefusal(decision)) throw new Error(`${next.step}: ${decision.detail.en}`);
    for (const event of decision.events) {
      a = evolve(a, event, now);
      if (event.type === 'step_taken') rows.push(rowOf('assignment', event.data));
    }
    for (const subject of decision.spawned ?? []) {
      const [first] = subject.events;
      if (first?.type === 'proposed') cases.push(referralBorn(first, now));
    }
  }
  throw new Error(`The ladder of ${playing.policy.id} v${playing.policy.version} never comes to rest`);
}

function inOrder(
  rows: readonly RehearsedStep[],
  cases: readonly Referral[],
  a: Assignment,
  playing: Playing,
): RehearsedStep[] {
  return [...rows, ...cases.flatMap((one) => playCase(one, a, playing))].sort(
    (one, other) => one.at - other.at,
  );
}

/** A case nobody objects to, up to where a person would have to act. */
function playCase(given: Referral, a: Assignment, playing: Playing): RehearsedStep[] {
  const rows: RehearsedStep[] = [];
  const ground = assignmentGround(a, playing.directive, playing.calendar);
  let r = given;
  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    const next = nextReferralStep(r, ground, playing);
    if (next === null) return rows;
    const now = Math.max(next.at, r.since);
    const decision = decideReferral(r, ground, { action: 'take_steps' }, contextAt(now, playing));
    if (isRefusal(decision)) throw new Error(`${next.step}: ${decision.detail.en}`);
    for (const event of decision.events) {
      r = evolveReferral(r, event, now);
      rows.push(...caseRow(event, r, playing));
    }
  }
  throw new Error(`A case under ${playing.policy.id} v${playing.policy.version} never comes to rest`);
}

function caseRow(event: ReferralEvent, r: Referral, { policy, directive }: Playing): RehearsedStep[] {
  if (event.type === 'step_taken') return [rowOf('referral', event.data)];
  if (event.type !== 'referred' && event.type !== 'release_awaited') return [];
  const office: RecipientKind = event.type === 'referred' ? 'home_affairs' : 'standing_agency';
  const own = event.type === 'referred' ? directive.homeAffairsId : directive.standingAgencyId;
  const to: RecipientKind[] = [r.unitId === own ? 'supervisor' : office];
  if (event.type === 'referred') to.push('head');
  return [
    {
      subject: 'referral',
      step: event.type,
      kind: 'case',
      at: event.data.at,
      to,
      sends: to,
      policyText: `${policy.id} v${policy.version}: release ${policy.referral.release}`,
    },
  ];
}

function rowOf(subject: RehearsedStep['subject'], fact: StepFact<StepRecipient>): RehearsedStep {
  const { step, kind, plannedAt, to, sends, policyText } = fact;
  return { subject, step, kind, at: plannedAt, to, sends, policyText };
}
