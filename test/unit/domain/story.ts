import { CLOCK, type PersonActor, type Role } from '../../../src/domain/actor.js';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { AssignmentEvent, EventOf } from '../../../src/domain/assignment/events.js';
import { born, evolve } from '../../../src/domain/assignment/evolve.js';
import { isLate } from '../../../src/domain/assignment/lateness.js';
import type { Assignment, Matter } from '../../../src/domain/assignment/state.js';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import type { DecisionContext, DirectiveFacts, Spawned } from '../../../src/domain/decision.js';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import type { Instant } from '../../../src/domain/instant.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import type { ReferralEventOf } from '../../../src/domain/referral/events.js';

/** A local time of Vietnam: `at('2026-11-02 08:00')`. */
export function at(local: string): Instant {
  return Date.parse(`${local.replace(' ', 'T')}+07:00`);
}

/** A Monday morning; the assignment is given then. */
export const GIVEN = at('2026-10-05 08:00');
/** A Friday, four weeks later. */
export const DUE = at('2026-10-30 23:59:59');

export const GROUP = 'project06';
export const FACTS: DirectiveFacts = {
  id: 'directive',
  workingGroupId: GROUP,
  state: 'issued',
  documentDate: '2026-10-05',
  endsAt: at('2026-12-31 23:59:59'),
  standingAgencyId: 'agency',
  homeAffairsId: 'affairs',
};

/** A person with one grant; people of the five offices are in `UNITS`. */
export function person(role: Role, unitId: string | null = null, workingGroupId = GROUP): PersonActor {
  return {
    kind: 'person',
    personId: `${role} ${unitId ?? ''}`,
    name: 'Someone',
    role,
    workingGroupId,
    unitId,
  };
}

export const LEAD = person('unit', 'lead');
export const AGENCY = person('standing_agency', 'agency');
export const SUPERVISOR = person('supervisor');
export const PAPER = { number: '12/CV', date: '2026-10-05' };

/** The first event of a life. */
export const ASSIGNED: EventOf<'assigned'> = {
  type: 'assigned',
  data: {
    id: 'assignment',
    workingGroupId: GROUP,
    directiveId: 'directive',
    taskId: 'task',
    unitId: 'lead',
    coordinatingUnitIds: ['coordinating', 'asked'],
    monitorUnitId: 'agency',
    recurrence: 'one_off',
    result: { kind: 'deliverable', text: 'Báo cáo' },
    originYear: 2026,
    provisional: false,
    state: 'assigned',
    resumeTo: null,
    assignedAt: GIVEN,
    acknowledgedAt: null,
    officerId: null,
    deadline: { phrase: 'trước 30/10', rule: null, byHand: false, from: GIVEN },
    calendar: { id: OFFICE_HOURS.id, version: OFFICE_HOURS.version },
    firstDeadlineAt: DUE,
    deadlineAt: DUE,
    dueAt: DUE,
    ladderFrom: null,
    cycle: 1,
    cycleSince: GIVEN,
    taken: [],
    submission: null,
    returns: 0,
    turn: 0,
    acceptedShare: 0,
    pauses: [],
    matters: [],
    letter: null,
    urgedAt: null,
    endedAt: null,
    supersededBy: [],
    predecessorId: null,
    figure: null,
  },
};

/** Everything that `born` needs, with what a test cares about changed. */
export function assignment(over: Partial<Assignment> = {}): Assignment {
  return { ...born(ASSIGNED, GIVEN), ...over };
}

let serial = 0;

/** The circumstances of one act; a unit of the lead, on the spot, unless the test says otherwise. */
export function context(now: Instant, over: Partial<DecisionContext> = {}): DecisionContext {
  return {
    actor: LEAD,
    receivedAt: now,
    happenedAt: now,
    recordedAt: now,
    document: null,
    policy: DEFAULT_POLICY,
    calendar: OFFICE_HOURS,
    officeCalendar: over.calendar ?? OFFICE_HOURS,
    directive: FACTS,
    newId: () => `id-${++serial}`,
    ...over,
  };
}

/** The code of a refusal, or `allowed`. */
export function outcome(result: object): string {
  return isRefusal(result) ? result.code : 'allowed';
}

export function fold(a: Assignment, events: readonly AssignmentEvent[], now: Instant): Assignment {
  return events.reduce((state, event) => evolve(state, event, now), a);
}

/** One assignment lived through, command by command; what is refused changes nothing. */
export class Story {
  state: Assignment;
  readonly events: AssignmentEvent[] = [];
  readonly spawned: Spawned[] = [];
  readonly #over: Partial<DecisionContext>;

  constructor(state: Partial<Assignment> = {}, over: Partial<DecisionContext> = {}) {
    this.state = assignment(state);
    this.#over = over;
  }

  try(command: AssignmentCommand, now: Instant, over: Partial<DecisionContext> = {}): Refusal | null {
    const ctx = context(now, { ...this.#over, ...over });
    const result = decide(this.state, command, ctx);
    if (isRefusal(result)) return result;
    this.events.push(...result.events);
    this.spawned.push(...(result.spawned ?? []));
    this.state = fold(this.state, result.events, now);
    return null;
  }

  /** An act that must be possible. */
  act(command: AssignmentCommand, now: Instant, over: Partial<DecisionContext> = {}): this {
    const refusal = this.try(command, now, over);
    if (refusal !== null) throw new Error(`${command.action}: ${refusal.code}, ${refusal.detail.en}`);
    return this;
  }

  /** An act of the standing agency, with the paper that policies ask for. */
  agency(command: AssignmentCommand, now: Instant, over: Partial<DecisionContext> = {}): this {
    return this.act(command, now, { actor: AGENCY, document: PAPER, ...over });
  }

  /** The clock at an instant: the steps that it took. */
  clock(now: Instant): string[] {
    const before = this.events.length;
    this.act({ action: 'take_steps' }, now, { actor: CLOCK });
    return stepsIn(this.events.slice(before));
  }

  /** The clock wakes at each planned step up to an instant, as a conductor does. */
  until(end: Instant): string[] {
    const taken: string[] = [];
    for (let wakes = 0; wakes < 200; wakes++) {
      const next = nextStep(this.state, context(end, this.#over));
      if (next === null || next.at > end) return taken;
      taken.push(...this.clock(Math.max(next.at, this.state.lastRecordedAt)));
    }
    throw new Error(`The clock never comes to rest: ${taken.slice(-5).join(', ')}`);
  }

  late(now: Instant): boolean {
    return isLate(this.state, now);
  }

  matter(kind: Matter['kind']): string {
    return this.state.matters.findLast((one) => one.kind === kind)?.id ?? 'none';
  }
}

export function stepsIn(events: readonly AssignmentEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'step_taken' ? [event.data.step] : []));
}

/** The first fact of the case that a story has led to. */
export function proposalIn(story: Story): ReferralEventOf<'proposed'> {
  for (const subject of story.spawned) {
    const first = subject.kind === 'referral' ? subject.events[0] : undefined;
    if (first?.type === 'proposed') return first;
  }
  throw new Error('No case was proposed');
}
