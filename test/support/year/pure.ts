import { v7 as uuidv7 } from 'uuid';
import { CLOCK, type PersonActor } from '../../../src/domain/actor.js';
import type { AssignmentCommand } from '../../../src/domain/assignment/commands.js';
import { decide } from '../../../src/domain/assignment/decide.js';
import type { AssignmentEvent } from '../../../src/domain/assignment/events.js';
import { born, evolve } from '../../../src/domain/assignment/evolve.js';
import { spanShape } from '../../../src/domain/assignment/lateness.js';
import type { Assignment } from '../../../src/domain/assignment/state.js';
import { nextStep } from '../../../src/domain/assignment/steps.js';
import { acknowledges } from '../../../src/domain/assignment/table.js';
import type { Calendar } from '../../../src/domain/calendar.js';
import type { DecisionContext, DirectiveFacts } from '../../../src/domain/decision.js';
import {
  assignedEvent,
  assignmentSeeds,
  freeze,
  plannedCount,
} from '../../../src/domain/directive/freeze.js';
import { gate } from '../../../src/domain/directive/gate.js';
import { isRefusal } from '../../../src/domain/errors.js';
import { type CountClass, classAt } from '../../../src/domain/figures/classes.js';
import { type Span, spansOf } from '../../../src/domain/figures/spans.js';
import type { DirectivePolicy } from '../../../src/domain/policy.js';
import { commandOf } from './commands.js';
import { type Act, successorKey } from './lives.js';
import { dayOf } from './minutes.js';
import { ANNOUNCED_AT, announcedCalendar, keyOf, type Year } from './plan.js';

/** The offices that a year is played under, by the ids that the record gave them. */
export interface YearOffices {
  readonly workingGroupId: string;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
}

export interface YearRules {
  readonly offices: YearOffices;
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
}

/** What a player of a year found, to be held against what another one did. */
export interface PlayedYear {
  /** Of each act, in the order of the year. */
  readonly accepted: readonly boolean[];
  /** At each check by what was known then: the class of each assignment, by its name. */
  readonly classes: readonly ReadonlyMap<string, CountClass>[];
  /** The same by what is known in the end. */
  readonly afterwards: readonly ReadonlyMap<string, CountClass>[];
}

interface Lived {
  state: Assignment;
  readonly events: { readonly event: AssignmentEvent; readonly recordedAt: number }[];
}

export function documentOf(act: { readonly at: number; readonly arrived?: number }) {
  return { number: '7/CV', date: dayOf(act.arrived ?? act.at) };
}

export function actorOf(offices: YearOffices, unitId: string | null): PersonActor {
  const role = unitId === null ? 'standing_agency' : 'unit';
  const { workingGroupId, standingAgencyId } = offices;
  return {
    kind: 'person',
    personId: PERSON,
    name: role,
    role,
    workingGroupId,
    unitId: unitId ?? standingAgencyId,
  };
}

const PERSON = uuidv7();

/** Plays the assignments of a year by the deciders alone. */
export function playPure(year: Year, rules: YearRules): PlayedYear & { readonly steps: number } {
  return new Player(year, rules).play();
}

class Player {
  readonly #year: Year;
  readonly #rules: YearRules;
  readonly #lives = new Map<string, Lived>();
  readonly #directive: DirectiveFacts;
  readonly #classes: Map<string, CountClass>[] = [];
  #calendar: Calendar;
  #steps = 0;

  constructor(year: Year, rules: YearRules) {
    this.#year = year;
    this.#rules = rules;
    const { offices, policy, calendar } = rules;
    this.#calendar = calendar;
    const communes = year.units.map(({ id }) => id);
    const report = gate(year.content, {
      now: year.issuedAt,
      calendar,
      policy: policy.deadline,
      unitIds: new Set(communes),
      groups: new Map([['commune', communes]]),
    });
    if (!report.ready) throw new Error(`The gate refuses the plan: ${JSON.stringify(report.findings)}`);
    const frozen = freeze(year.content, report, {
      ...{ ...offices, directiveId: uuidv7(), version: 1, issuedAt: year.issuedAt },
      ...{ calendar, policy },
    });
    this.#directive = {
      ...offices,
      id: frozen.directiveId,
      state: 'issued',
      documentDate: year.content.documentDate,
      endsAt: frozen.endsAt,
    };
    for (const seed of assignmentSeeds(frozen, 0, plannedCount(frozen))) {
      const event = assignedEvent(frozen, seed, uuidv7());
      this.#begin(keyOf(seed.task.task.id, seed.unitId), [event], year.issuedAt);
    }
  }

  play(): PlayedYear & { steps: number } {
    const { acts, checks } = this.#year;
    const accepted: boolean[] = [];
    let next = 0;
    for (const act of acts) {
      if (act.at > ANNOUNCED_AT) this.#announce();
      for (; next < checks.length && (checks[next] ?? 0) <= act.at; next += 1) this.#check(checks[next] ?? 0);
      accepted.push(this.#act(act));
    }
    for (; next < checks.length; next += 1) this.#check(checks[next] ?? 0);
    const spans = [...this.#lives].map(([key, { events }]) => [key, spansOf(events)] as const);
    const afterwards = checks.map((at) => classesAt(spans, at));
    return { accepted, classes: this.#classes, afterwards, steps: this.#steps };
  }

  /** Who is not through, or was found late, is computed again under the calendar with the announced days. */
  #announce(): void {
    if (this.#calendar !== this.#rules.calendar) return;
    const before = this.#calendar;
    for (const lived of this.#lives.values()) this.#passTo(lived, ANNOUNCED_AT);
    this.#calendar = announcedCalendar(before);
    for (const lived of this.#lives.values()) {
      const { state, endedAt, submission } = lived.state;
      if (endedAt !== null && !(state === 'confirmed' && submission?.late === true)) continue;
      const input = {
        editId: uuidv7(),
        before,
        officeBefore: before,
        keepsPast: false,
        reason: 'Hoán đổi',
        source: '9/TB',
      };
      const context = {
        ...this.#context(ANNOUNCED_AT, lived.state),
        calendar: this.#calendar,
        officeCalendar: this.#calendar,
      };
      const decision = decide(lived.state, { action: 'apply_calendar', input }, context);
      if (!isRefusal(decision)) this.#apply(lived, decision.events, ANNOUNCED_AT);
    }
  }

  #begin(key: string, events: readonly AssignmentEvent[], at: number): void {
    const [first, ...others] = events;
    if (first?.type !== 'assigned') throw new Error('A life begins with assigned');
    const lived: Lived = { state: born(first, at), events: [{ event: first, recordedAt: at }] };
    this.#lives.set(key, lived);
    this.#apply(lived, others, at);
  }

  #apply(lived: Lived, events: readonly AssignmentEvent[], at: number): void {
    for (const event of events) {
      lived.state = evolve(lived.state, event, at);
      lived.events.push({ event, recordedAt: at });
    }
  }

  #act(act: Act): boolean {
    const lived = this.#lives.get(act.key);
    if (lived === undefined) return false;
    this.#passTo(lived, act.at);
    const actor = actorOf(this.#rules.offices, act.by);
    const context = {
      ...this.#context(act.at, lived.state),
      actor,
      happenedAt: act.arrived ?? act.at,
      document: act.by === null ? documentOf(act) : null,
    };
    const { state, unitId } = lived.state;
    const command = commandOf(act, lived.state);
    if (!this.#decide(lived, command, context, act)) return false;
    if (state === 'assigned' && acknowledges(command.action)) this.#acknowledgeAll(unitId, context, act);
    return true;
  }

  /** Any act acknowledges what the unit had been given by then. */
  #acknowledgeAll(unitId: string, context: DecisionContext, act: Act): void {
    for (const lived of this.#lives.values()) {
      if (lived.state.unitId !== unitId || lived.state.state !== 'assigned') continue;
      const { calendar } = this.#context(act.at, lived.state);
      this.#decide(lived, { action: 'acknowledge', input: {} }, { ...context, calendar }, act);
    }
  }

  #decide(lived: Lived, command: AssignmentCommand, context: DecisionContext, act: Act): boolean {
    const decision = decide(lived.state, command, context);
    if (isRefusal(decision)) return false;
    this.#apply(lived, decision.events, context.recordedAt);
    for (const [index, spawned] of (decision.spawned ?? []).entries()) {
      if (spawned.kind !== 'assignment') continue;
      this.#begin(successorKey(act.key, act.to?.[index] ?? ''), spawned.events, context.recordedAt);
    }
    return true;
  }

  /** Whatever the clock owes until an instant. */
  #passTo(lived: Lived, at: number): void {
    const { policy } = this.#rules;
    for (;;) {
      const { calendar } = this.#context(at, lived.state);
      const step = nextStep(lived.state, {
        ...{ policy, calendar, officeCalendar: this.#calendar },
        directive: this.#directive,
      });
      if (step === null || step.at > at) return;
      const decision = decide(
        lived.state,
        { action: 'take_steps' },
        { ...this.#context(at, lived.state), actor: CLOCK },
      );
      if (isRefusal(decision) || decision.events.length === 0)
        throw new Error(`The clock rests on ${step.step}`);
      this.#steps += decision.events.filter(({ type }) => type === 'step_taken').length;
      this.#apply(lived, decision.events, at);
    }
  }

  #context(at: number, state: Assignment): DecisionContext {
    const { offices, policy } = this.#rules;
    // Each is judged by the version that it was last computed under.
    const calendar =
      state.calendar.version === this.#calendar.version ? this.#calendar : this.#rules.calendar;
    return {
      actor: actorOf(offices, null),
      receivedAt: at,
      happenedAt: at,
      recordedAt: at,
      document: null,
      policy,
      officeCalendar: this.#calendar,
      calendar,
      directive: this.#directive,
      newId: uuidv7,
    };
  }

  #check(at: number): void {
    for (const lived of this.#lives.values()) this.#passTo(lived, at);
    this.#classes.push(
      new Map([...this.#lives].map(([key, { state }]) => [key, classAt(spanShape(state), at)])),
    );
  }
}

function classesAt(
  lives: readonly (readonly [string, readonly Span[]])[],
  at: number,
): Map<string, CountClass> {
  const found = new Map<string, CountClass>();
  for (const [key, spans] of lives) {
    const span = spans.find(({ from, to }) => from <= at && (to === null || to > at));
    if (span !== undefined) found.set(key, classAt(span, at));
  }
  return found;
}
