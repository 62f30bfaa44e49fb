import type { CaseContext } from '../decision.js';
import { addDuration, formatDuration } from '../duration.js';
import type { Instant } from '../instant.js';
import { notBefore, type PlannedStep } from '../planned.js';
import type { RecipientKind } from '../policy.js';
import { asAskedAbout, contradicts, sameFacts, stands } from './facts.js';
import type { CaseGround } from './ground.js';
import { isReferralEnded, type Referral, type ReferralFacts, type ReferralStateName } from './state.js';
import { canReferral } from './table.js';

/** What planning a case needs; a pure function of the case, its ground, the policy and the calendar. */
export type CasePlanning = Pick<CaseContext, 'policy' | 'officeCalendar' | 'directive'>;

export interface ReferralCandidate extends PlannedStep {
  readonly to: readonly RecipientKind[];
  readonly effect: 'record' | 'review';
  readonly policyText: string;
}

/** What the case waits for next; asked again after every command on the case or on its ground. */
export function nextReferralStep(r: Referral, ground: CaseGround, ctx: CasePlanning): PlannedStep | null {
  const next = referralCandidates(r, ground, ctx).sort((one, other) => one.at - other.at)[0];
  return next === undefined ? null : { step: next.step, at: next.at };
}

export function referralCandidates(r: Referral, ground: CaseGround, ctx: CasePlanning): ReferralCandidate[] {
  if (isReferralEnded(r.state)) return [];
  const owed = ground.over
    ? []
    : [...notBefore(caseClocks(r, ctx), r.notBefore), ...correctionDue(r, ground, ctx)];
  return [...reviews(r, ground, ctx), ...owed].filter((candidate) => !r.taken.includes(candidate.step));
}

/** The moment of referring, or at once when the facts no longer hold or a hold begins or ends. */
function reviews(r: Referral, ground: CaseGround, ctx: CasePlanning): ReferralCandidate[] {
  const review = (at: number): ReferralCandidate[] => [reviewAt(at, ctx)];
  // Its directive was withdrawn: whatever it waits for, it lapses at once, and Home Affairs is told where it had it.
  if (ground.over) return review(r.since);
  if (!isBeforeReferring(r.state)) return [];
  if (r.state === 'objected') return moot(r, ground, ctx);
  const undecided = ground.undecided;
  if (undecided !== r.held) return review(r.since);
  // While held there is nothing to wait for: whatever decides the matter plans the case again.
  if (undecided) return [];
  const facts = presentFacts(r, ground);
  if (!stands(facts) || !sameFacts(r.facts, facts)) return review(r.since);
  if (r.state === 'proposed') return review(r.windowEndsAt);
  return r.state === 'rejected' ? review(r.since) : [];
}

function reviewAt(at: number, ctx: CasePlanning): ReferralCandidate {
  return {
    step: 'review',
    at,
    to: [],
    effect: 'review',
    policyText: `${ctx.policy.id} v${ctx.policy.version}: facts computed afresh`,
  };
}

/** What was sent says otherwise than the record does now: the standing agency is told once, until it has corrected it. */
function correctionDue(r: Referral, ground: CaseGround, ctx: CasePlanning): ReferralCandidate[] {
  if (!canReferral('correct_facts', r.state)) return [];
  const sent = r.corrections?.at(-1)?.facts ?? r.facts;
  const at = Math.max(r.since, ground.lastRecordedAt);
  if (!contradicts(sent, asAskedAbout(sent, ground.facts(at)))) return [];
  return [
    {
      step: `correction:${r.corrections?.length ?? 0}`,
      at,
      to: r.unitId === ctx.directive.standingAgencyId ? ['supervisor'] : ['standing_agency'],
      effect: 'record',
      policyText: 'what was sent is corrected by a document of its own',
    },
  ];
}

/** What is sent is Home Affairs' to answer; until then a case is reviewed, and an objection brings it back. */
export function isBeforeReferring(state: ReferralStateName): boolean {
  return state === 'proposed' || state === 'objected' || state === 'rejected' || state === 'awaiting_release';
}

/** The facts as the last act left them: by these a review is planned, and what ended then has ended. */
export function presentFacts(r: Referral, ground: CaseGround): ReferralFacts {
  return factsAt(r, ground, Math.max(r.since, ground.lastRecordedAt));
}

/** The facts at an instant, as far as the unit has been asked about them. */
export function factsAt(r: Referral, ground: CaseGround, at: Instant): ReferralFacts {
  return asAskedAbout(r.facts, ground.facts(at));
}

/** An objection needs no decision once the unit is no longer late; facts that only changed wait for it. */
function moot(r: Referral, ground: CaseGround, ctx: CasePlanning): ReferralCandidate[] {
  if (ground.undecided || stands(presentFacts(r, ground))) return [];
  return [reviewAt(r.since, ctx)];
}

/** Until when the supervisor decides on an objection: the end of the standing agency's time to speak first. */
export function decisionDueAt(r: Referral, ctx: CasePlanning): Instant {
  const [clock] = notBefore(caseClocks(r, ctx), r.notBefore);
  if (clock === undefined) throw new Error(`Nobody owes an answer on a case that is ${r.state}`);
  return clock.at;
}

/** What the offices owe in this state, as the calendar has it; taken or not. */
export function caseClocks(r: Referral, ctx: CasePlanning): ReferralCandidate[] {
  const { policy, officeCalendar } = ctx;
  const clock = (name: 'decision' | 'acknowledge', to: readonly RecipientKind[]): ReferralCandidate => ({
    // A state may come again (after a supplement, with a new window), and its clock with it.
    step: `${name}:${r.state}:${r.since}`,
    at: addDuration(officeCalendar, r.since, policy.referral[name]),
    to,
    effect: 'record',
    policyText: `${policy.id} v${policy.version}: ${name} within ${formatDuration(policy.referral[name])}`,
  });
  // In a case against itself an office answers nothing: what it would owe, the supervisor does.
  const owed = (office: 'standing_agency' | 'home_affairs', unitId: string): readonly RecipientKind[] =>
    r.unitId === unitId ? ['supervisor'] : [office, 'supervisor'];
  const agency = owed('standing_agency', ctx.directive.standingAgencyId);
  if (r.state === 'objected') return [clock('decision', agency)];
  if (r.state === 'awaiting_release') return [clock('decision', agency)];
  if (r.state === 'referred') {
    return [clock('acknowledge', owed('home_affairs', ctx.directive.homeAffairsId))];
  }
  return [];
}
