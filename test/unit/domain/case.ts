import { CLOCK } from '../../../src/domain/actor.js';
import type { Assignment } from '../../../src/domain/assignment/state.js';
import type { DecisionContext } from '../../../src/domain/decision.js';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import type { Instant } from '../../../src/domain/instant.js';
import { decideReferral, type ReferralCommand } from '../../../src/domain/referral/decide.js';
import type { ReferralEvent } from '../../../src/domain/referral/events.js';
import { evolveReferral, referralBorn } from '../../../src/domain/referral/evolve.js';
import { assignmentGround, type CaseGround } from '../../../src/domain/referral/ground.js';
import type { Referral } from '../../../src/domain/referral/state.js';
import { nextReferralStep } from '../../../src/domain/referral/steps.js';
import { at, context, FACTS, GIVEN, person, proposalIn, Story } from './story.js';

/** When the ladder of a silent unit proposes the case, and until when the unit may object. */
export const PROPOSED = at('2026-11-13 17:30');
export const WINDOW_ENDS = at('2026-11-20 17:30');

/** A case, lived through beside its assignment. */
export class Case {
  state: Referral;
  readonly events: ReferralEvent[] = [];
  readonly story: Story;
  #over: Partial<DecisionContext>;

  constructor(story: Story, over: Partial<DecisionContext> = {}) {
    this.story = story;
    this.#over = over;
    this.state = referralBorn(proposalIn(story), PROPOSED);
  }

  /** The case of a unit that never answered. */
  static ofSilence(assignment: Partial<Assignment> = {}, over: Partial<DecisionContext> = {}): Case {
    const story = new Story(assignment, over).act({ action: 'acknowledge', input: {} }, GIVEN + 1000, {
      actor: person('unit', assignment.unitId ?? 'lead'),
    });
    story.until(PROPOSED);
    return new Case(story, over);
  }

  /** Its directive is withdrawn, as nobody on the assignment would see. */
  withdrawDirective(): this {
    this.#over = { ...this.#over, directive: { ...FACTS, state: 'withdrawn' } };
    return this;
  }

  ground({ directive, calendar }: DecisionContext): CaseGround {
    return assignmentGround(this.story.state, directive, calendar);
  }

  try(command: ReferralCommand, now: Instant, over: Partial<DecisionContext> = {}): Refusal | null {
    const ctx = context(now, { ...this.#over, ...over });
    const result = decideReferral(this.state, this.ground(ctx), command, ctx);
    if (isRefusal(result)) return result;
    this.events.push(...result.events);
    for (const event of result.events) this.state = evolveReferral(this.state, event, now);
    return null;
  }

  act(command: ReferralCommand, now: Instant, over: Partial<DecisionContext> = {}): this {
    const refusal = this.try(command, now, over);
    if (refusal !== null) throw new Error(`${command.action}: ${refusal.code}, ${refusal.detail.en}`);
    return this;
  }

  /** The clock wakes at each planned step up to an instant; what happened. */
  until(end: Instant): string[] {
    const before = this.events.length;
    for (let wakes = 0; wakes < 50; wakes++) {
      const ctx = context(end, this.#over);
      const next = nextReferralStep(this.state, this.ground(ctx), ctx);
      if (next === null || next.at > end) return this.events.slice(before).map((event) => event.type);
      const now = Math.max(next.at, this.state.lastRecordedAt, this.story.state.lastRecordedAt);
      this.act({ action: 'take_steps' }, now, { actor: CLOCK });
    }
    throw new Error('The clock never comes to rest');
  }
}
