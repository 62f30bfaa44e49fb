import type { AssignmentEvent } from '../../src/domain/assignment/events.js';
import type { DirectiveEvent } from '../../src/domain/directive/events.js';
import type { ReferralEvent } from '../../src/domain/referral/events.js';
import type { ReportEvent } from '../../src/domain/report/events.js';
import type { RegimeEvent } from '../../src/domain/report/regime.js';
import type { ConductorKind } from '../../workflows/messages.js';

type Activity =
  | 'issueAssignments'
  | 'conductDirective'
  | 'conductReferral'
  | 'conductRegime'
  | 'conductReorganisation';

export const ACTIVITIES_OF: Readonly<Record<ConductorKind, readonly Activity[]>> = {
  directive: ['issueAssignments', 'conductDirective'],
  referral: ['conductReferral'],
  reportingCycle: ['conductRegime'],
  reorganisation: ['conductReorganisation'],
};

/** What was added by an amendment is made by the process that follows the directive. */
const MAKING: readonly Activity[] = ['issueAssignments', 'conductDirective'];
const FOLLOWING: readonly Activity[] = ['conductDirective'];
const CASE: readonly Activity[] = ['conductReferral'];
const REGIME: readonly Activity[] = ['conductRegime'];
const MOVING: readonly Activity[] = ['conductReorganisation'];
const NOBODY: readonly Activity[] = [];

/**
 * Which activities of conductors can write an event of each type; what only people, edits and outages bring is
 * nobody's. A new type of event does not compile until it stands here, and what stands here wants a story.
 */
const DIRECTIVE = {
  assignments_made: MAKING,
  step_taken: FOLLOWING,
  closed: FOLLOWING,
  drafted: NOBODY,
  revised: NOBODY,
  approval_requested: NOBODY,
  approval_returned: NOBODY,
  approval_recalled: NOBODY,
  approved: NOBODY,
  issued: NOBODY,
  amended: NOBODY,
  corrected: NOBODY,
  document_confirmed: NOBODY,
  withdrawn: NOBODY,
  reopened: NOBODY,
  calendar_changed: NOBODY,
  deleted: NOBODY,
  step_acknowledged: NOBODY,
  text_destroyed: NOBODY,
} satisfies Record<DirectiveEvent['type'], readonly Activity[]>;

const ASSIGNMENT = {
  assigned: [...MAKING, ...MOVING],
  // The past of work that is under way is written with its assignment.
  acknowledged: MAKING,
  reported: MAKING,
  extension_requested: MAKING,
  extension_decided: MAKING,
  submitted: MAKING,
  confirmed: MAKING,
  taken_over: MAKING,
  step_taken: FOLLOWING,
  contribution_answered: FOLLOWING,
  explanation_answered: FOLLOWING,
  concluded: FOLLOWING,
  // Of who led it before, when what went along ends with the one who leads it now.
  moved_settled: FOLLOWING,
  contested: NOBODY,
  contest_answered: NOBODY,
  recalled: NOBODY,
  part_accepted: NOBODY,
  returned: NOBODY,
  suspended: NOBODY,
  resumed: NOBODY,
  stopped: NOBODY,
  superseded: MOVING,
  carried_over: NOBODY,
  reopened: NOBODY,
  deadline_adjusted: NOBODY,
  revised: NOBODY,
  extension_withdrawn: NOBODY,
  obstacle_raised: NOBODY,
  obstacle_answered: NOBODY,
  cause_stated: NOBODY,
  cause_decided: NOBODY,
  contribution_asked: NOBODY,
  explanation_asked: NOBODY,
  calendar_changed: NOBODY,
  outage_excused: NOBODY,
  document_confirmed: NOBODY,
  urged: NOBODY,
  letter_sent: NOBODY,
  steps_voided: NOBODY,
  step_acknowledged: NOBODY,
  text_destroyed: NOBODY,
} satisfies Record<AssignmentEvent['type'], readonly Activity[]>;

const REFERRAL = {
  // By the last rung of an assignment's ladder, and by the report that makes lateness repeated.
  proposed: [...FOLLOWING, ...REGIME],
  held: CASE,
  unheld: CASE,
  facts_renewed: CASE,
  release_awaited: CASE,
  referred: CASE,
  withdrawn: CASE,
  step_taken: CASE,
  // With its directive, in one transaction.
  lapsed: NOBODY,
  objected: NOBODY,
  opinion_given: NOBODY,
  objection_decided: NOBODY,
  facts_corrected: NOBODY,
  supplement_requested: NOBODY,
  supplemented: NOBODY,
  acknowledged: NOBODY,
  outcome_recorded: NOBODY,
  outcome_corrected: NOBODY,
  calendar_changed: NOBODY,
  outage_excused: NOBODY,
  step_acknowledged: NOBODY,
  text_destroyed: NOBODY,
} satisfies Record<ReferralEvent['type'], readonly Activity[]>;

const REGIME_EVENTS = {
  period_opened: REGIME,
  // By its own process, or with the last directive that it is for.
  ended: [...REGIME, ...FOLLOWING],
  uncovered: FOLLOWING,
  covered: NOBODY,
  created: NOBODY,
  revised: NOBODY,
  calendar_changed: NOBODY,
} satisfies Record<RegimeEvent['type'], readonly Activity[]>;

const OBLIGATION = {
  opened: REGIME,
  judged: REGIME,
  step_taken: REGIME,
  // A unit that is no more owes nothing; nor does anybody behind the closing of the last directive.
  lapsed: [...REGIME, ...FOLLOWING],
  steps_voided: REGIME,
  urging_ended: REGIME,
  submitted: NOBODY,
  restated: NOBODY,
  returned: NOBODY,
  excuse_asked: NOBODY,
  excused: NOBODY,
  excuse_refused: NOBODY,
  calendar_changed: NOBODY,
  outage_excused: NOBODY,
  step_acknowledged: NOBODY,
  text_destroyed: NOBODY,
} satisfies Record<ReportEvent['type'], readonly Activity[]>;

const WRITERS: Readonly<Record<string, Readonly<Record<string, readonly Activity[]>>>> = {
  directive: DIRECTIVE,
  assignment: ASSIGNMENT,
  referral: REFERRAL,
  regime: REGIME_EVENTS,
  obligation: OBLIGATION,
};

/** Everything that the activities of a workflow can commit: `activity: subject type`, its arming, a step set aside. */
export function effectsOf(workflow: ConductorKind): string[] {
  const own = ACTIVITIES_OF[workflow];
  const events = Object.entries(WRITERS).flatMap(([subject, types]) =>
    Object.entries(types).flatMap(([type, writers]) =>
      writers.filter((name) => own.includes(name)).map((name) => `${name}: ${subject} ${type}`),
    ),
  );
  const passes = own.filter((name) => name.startsWith('conduct'));
  return [...events, ...passes.flatMap((name) => [`${name}: armed`, `${name}: set aside`])].sort();
}
