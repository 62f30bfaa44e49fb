import { addWorkingTime, type Calendar, workingTimeBetween } from '../calendar.js';
import { endOfRegular } from '../deadline/resolve.js';
import type { DecisionContext } from '../decision.js';
import { addDuration, formatDuration, subtractDuration } from '../duration.js';
import type { Instant } from '../instant.js';
import { notBefore, type PlannedStep } from '../planned.js';
import type { DirectivePolicy, LadderStep, RecipientKind, StepRecipient } from '../policy.js';
import { isUndecided } from './lateness.js';
import {
  type Assignment,
  clockStep,
  isEnded,
  letterStep,
  type Matter,
  type Obstacle,
  openPause,
} from './state.js';

/** What planning needs of the context; a pure function of state, policy and calendars. */
export type PlanningContext = Pick<DecisionContext, 'policy' | 'calendar' | 'officeCalendar' | 'directive'>;

/** A step that some clock of the assignment will take. */
export interface Candidate extends PlannedStep {
  readonly rung: LadderStep | null;
  readonly to: readonly StepRecipient[];
  /** What is done beside recording: a matter runs over, a regular assignment concludes. */
  readonly effect: 'record' | 'contribution_overdue' | 'explanation_overdue' | 'conclude';
  readonly matterId: string | null;
  readonly policyText: string;
  /** By which it is counted: the unit's, or that of the offices who answer it. */
  readonly calendar: Calendar;
}

/** The next thing the assignment waits for, or null. The record keeps exactly one row of it. */
export function nextStep(assignment: Assignment, ctx: PlanningContext): PlannedStep | null {
  let next: Candidate | null = null;
  for (const candidate of candidates(assignment, ctx)) {
    if (next === null || candidate.at < next.at) next = candidate;
  }
  return next === null ? null : { step: next.step, at: next.at };
}

/** Every step that is owed and not yet taken, in no particular order. */
export function candidates(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  return [...notBefore(countedSteps(assignment, ctx), assignment.notBefore)];
}

function countedSteps(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  return owed(assignment, ctx).filter(({ step }) => !isTaken(assignment, step));
}

/**
 * What people count with, whether something holds it at the moment or not: every rung after the deadline of this
 * cycle, and the answers that are owed; as the calendars have it, or as it was announced. A reminder that comes earlier
 * harms nobody, and a regular assignment concludes on its own date.
 */
export function expectedSteps(a: Assignment, ctx: PlanningContext, announced = a.notBefore): PlannedStep[] {
  const anchor = a.ladderFrom ?? a.dueAt;
  const rungs = ctx.policy.ladder.flatMap((rung) =>
    anchor === null || rung.when === 'before' || isTaken(a, rung.step)
      ? []
      : [{ step: rung.step, at: rungInstant(rung, anchor, ctx) }],
  );
  const answers = countedSteps(a, ctx).filter(({ rung, effect }) => rung === null && effect !== 'conclude');
  return [...notBefore([...rungs, ...answers.map(({ step, at }) => ({ step, at }))], announced)];
}

const isTaken = ({ taken }: Assignment, step: string): boolean =>
  taken.some((one) => one.step === step && !one.voided);

function owed(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  if (!isEnded(assignment.state)) {
    return [...ladder(assignment, ctx), ...clocks(assignment, ctx), ...matterClocks(assignment, ctx)];
  }
  // A stated cause is still decided, and its clock goes on: it speaks of lateness that stays in the record. What
  // else was pending has lapsed, and so has everything under a directive that was withdrawn.
  return ctx.directive.state === 'withdrawn' ? [] : matterClocks(assignment, ctx);
}

function ladder(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  const anchor = assignment.ladderFrom ?? assignment.dueAt;
  if (
    !isWorkedOn(assignment) ||
    anchor === null ||
    assignment.provisional ||
    assignment.recurrence === 'regular'
  )
    return [];
  if (openPause(assignment) !== null) return [];
  const found: Candidate[] = [];
  for (const rung of ctx.policy.ladder) {
    // Asked before its instant is counted, which costs more.
    if (isTaken(assignment, rung.step)) continue;
    const at = rungInstant(rung, anchor, ctx);
    // A reminder whose day lay before the deadline was set is not owed: nobody could have sent it.
    if (rung.when === 'before' && at <= assignment.cycleSince) continue;
    if (isHeld(rung, assignment, ctx.policy)) continue;
    found.push({
      step: rung.step,
      at,
      rung,
      to: rung.to,
      effect: 'record',
      matterId: null,
      policyText: describe(rung, ctx.policy),
      calendar: ctx.calendar,
    });
  }
  return found;
}

const isWorkedOn = ({ state }: Assignment): boolean =>
  state === 'assigned' || state === 'acknowledged' || state === 'in_progress';

export function rungInstant(
  rung: LadderStep,
  anchor: Instant,
  ctx: Pick<PlanningContext, 'calendar'>,
): Instant {
  return rung.when === 'before'
    ? subtractDuration(ctx.calendar, anchor, rung.offset)
    : addDuration(ctx.calendar, anchor, rung.offset);
}

/**
 * An extension asked in time holds the steps above urging until it is answered; a referral is held while
 * anything the unit has brought forward is undecided.
 */
function isHeld(rung: LadderStep, assignment: Assignment, policy: DirectivePolicy): boolean {
  if (rung.kind === 'reminder' || rung.kind === 'urge') return false;
  if (rung.kind === 'referral' && isUndecided(assignment)) return true;
  // No case without a signed letter, where the policy wants one.
  if (rung.kind === 'referral' && policy.urgingLetter.form === 'signed' && !assignment.letter?.sentAt) {
    return true;
  }
  return assignment.matters.some(
    (matter) => matter.kind === 'extension' && matter.state === 'requested' && matter.inTime,
  );
}

function describe(rung: LadderStep, policy: DirectivePolicy): string {
  return `${policy.id} v${policy.version}: ${rung.step}, ${formatDuration(rung.offset)} ${rung.when} the deadline, to ${rung.to.join(', ')}`;
}

function clock(
  step: string,
  at: Instant,
  to: readonly StepRecipient[],
  policyText: string,
  calendar: Calendar,
  more: { effect?: Candidate['effect']; matterId?: string } = {},
): Candidate {
  return {
    step,
    at,
    rung: null,
    to,
    effect: more.effect ?? 'record',
    matterId: more.matterId ?? null,
    policyText,
    calendar,
  };
}

/** The clocks of those who must answer: the unit to acknowledge, the confirmer to judge. */
function clocks(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  const { policy, calendar, officeCalendar } = ctx;
  const found: Candidate[] = [];
  const text = (name: keyof DirectivePolicy['clocks']): string =>
    `${policy.id} v${policy.version}: ${name} within ${formatDuration(policy.clocks[name])}`;
  if (assignment.state === 'assigned') {
    const since = assignment.followedFrom ?? assignment.assignedAt;
    const at = addDuration(calendar, since, policy.clocks.acknowledge);
    found.push(
      clock(
        'acknowledgement',
        afterSuspensions(assignment, since, at, calendar),
        ['unit'],
        text('acknowledge'),
        calendar,
      ),
    );
  }
  if (assignment.state === 'submitted' && assignment.submission !== null) {
    const { id, recordedAt } = assignment.submission;
    const at = addDuration(officeCalendar, recordedAt, policy.clocks.confirm);
    found.push(
      clock(
        `confirmation:${id}`,
        afterSuspensions(assignment, recordedAt, at, officeCalendar),
        judges('monitor', assignment, ctx),
        text('confirm'),
        officeCalendar,
      ),
    );
  }
  const { letter } = assignment;
  if (letter !== null && letter.sentAt === null && isWorkedOn(assignment) && openPause(assignment) === null) {
    const at = addDuration(officeCalendar, letter.draftedAt, policy.urgingLetter.sign);
    found.push(
      clock(
        letterStep(assignment),
        afterPauses(assignment, letter.draftedAt, at, officeCalendar, () => true),
        judges('standing_agency', assignment, ctx),
        `${policy.id} v${policy.version}: urging letter signed within ${formatDuration(policy.urgingLetter.sign)}`,
        officeCalendar,
      ),
    );
  }
  const concludes = concludesAt(assignment, ctx);
  if (concludes !== null) {
    found.push(
      clock(
        'conclusion',
        concludes,
        [],
        'regular: concluded on the end date of the directive, or its own',
        calendar,
        { effect: 'conclude' },
      ),
    );
  }
  return found;
}

/** When a regular assignment concludes: with its directive, or before it on the date that its own words name. */
export function concludesAt(
  { recurrence, deadline }: Pick<Assignment, 'recurrence' | 'deadline'>,
  { directive, calendar }: Pick<PlanningContext, 'directive' | 'calendar'>,
): Instant | null {
  if (recurrence !== 'regular') return null;
  const own = deadline.rule === null ? null : endOfRegular(deadline.rule, calendar);
  if (own === null || directive.endsAt === null) return own ?? directive.endsAt;
  return Math.min(own, directive.endsAt);
}

/** Nobody has to act while the assignment is suspended: the working time of its suspensions is added to a clock. */
const afterSuspensions = (a: Assignment, since: Instant, at: Instant, calendar: Calendar): Instant =>
  afterPauses(a, since, at, calendar, (kind) => kind === 'suspension');

function afterPauses(
  { pauses }: Assignment,
  since: Instant,
  at: Instant,
  calendar: Calendar,
  which: (kind: Assignment['pauses'][number]['kind']) => boolean,
): Instant {
  return pauses.reduce(
    (end, { kind, from, to }) =>
      which(kind) && to !== null && to > since && from < end
        ? addWorkingTime(calendar, end, workingTimeBetween(calendar, Math.max(from, since), to))
        : end,
    at,
  );
}

/** Who is told that an answer is overdue: the office that owes it, not in its own cause, and the supervisor. */
function judges(
  office: 'standing_agency' | 'monitor',
  { unitId, monitorUnitId }: Assignment,
  { directive }: PlanningContext,
): readonly RecipientKind[] {
  const own = unitId === (office === 'monitor' ? monitorUnitId : directive.standingAgencyId);
  return own ? ['supervisor'] : [office, 'supervisor'];
}

function matterClocks(assignment: Assignment, ctx: PlanningContext): Candidate[] {
  return assignment.matters.flatMap((matter) => matterClock(matter, assignment, ctx) ?? []);
}

function matterClock(matter: Matter, assignment: Assignment, ctx: PlanningContext): Candidate | null {
  const { policy, calendar, officeCalendar } = ctx;
  const agency = judges('standing_agency', assignment, ctx);
  const within = (name: keyof DirectivePolicy['clocks'], to: readonly StepRecipient[]): Candidate =>
    clock(
      clockStep(matter),
      addDuration(officeCalendar, matter.askedAt, policy.clocks[name]),
      to,
      `${policy.id} v${policy.version}: ${name} within ${formatDuration(policy.clocks[name])}`,
      officeCalendar,
    );
  switch (matter.kind) {
    case 'contest':
      return matter.state === 'contested' ? within('contestAnswer', agency) : null;
    case 'extension':
      return matter.state === 'requested' ? within('extensionAnswer', agency) : null;
    case 'obstacle':
      if (matter.state === 'raised') return within('obstacleAnswer', agency);
      // Its holder answers from the forwarding on; for an outside body the standing agency keeps the clock.
      return matter.state === 'forwarded'
        ? within('obstacleAnswer', isUnitsOwn(matter, ctx) ? ['holder', ...agency] : agency)
        : null;
    case 'cause':
      return matter.state === 'stated' ? within('causeAnswer', agency) : null;
    case 'contribution':
      return matter.state === 'asked'
        ? clock(clockStep(matter), matter.dueAt, [], 'the deadline the lead unit set', calendar, {
            effect: 'contribution_overdue',
            matterId: matter.id,
          })
        : null;
    case 'explanation':
      return matter.state === 'asked'
        ? clock(clockStep(matter), matter.dueAt, [], 'the deadline of the request', calendar, {
            effect: 'explanation_overdue',
            matterId: matter.id,
          })
        : null;
  }
}

/** Held by another unit than the standing agency, whose own clock is the supervisor's to hear of. */
function isUnitsOwn({ holderUnitId }: Obstacle, { directive }: PlanningContext): boolean {
  return holderUnitId !== null && holderUnitId !== directive.standingAgencyId;
}
