import { DEFAULT_DEADLINE_POLICY, type DeadlinePolicy } from './deadline/rule.js';
import type { Duration } from './duration.js';
import type { IsoDate } from './instant.js';

/** Who a message goes to, by office; addresses are looked up when the envelope is made. */
export type RecipientKind =
  | 'officer'
  | 'head'
  | 'unit'
  | 'coordinating_units'
  | 'standing_agency'
  | 'monitor'
  | 'supervisor'
  | 'home_affairs';

/** Who one matter alone concerns: the unit that holds an obstacle. A policy cannot name it, a clock can. */
export type StepRecipient = RecipientKind | 'holder';

export type LadderStepKind = 'reminder' | 'urge' | 'urging_letter' | 'supervisor' | 'referral';

/**
 * A step's name for people, without the id of what it is about: `extension:0192…` is `extension`. What follows
 * the id tells the steps of one matter apart: `obstacle:0192…:2` is the clock of its second holder.
 */
export function stepName(step: string): { readonly name: string; readonly about: string | null } {
  const [name = step, about = null] = step.split(':');
  return { name, about };
}

/** One rung of the ladder: `offset` before or after the deadline. */
export interface LadderStep {
  readonly step: string;
  readonly kind: LadderStepKind;
  readonly when: 'before' | 'after';
  readonly offset: Duration;
  readonly to: readonly RecipientKind[];
}

/** What judges reports; a part of the Working Group's policy, frozen into each version of a regime. */
export interface ReportingPolicy {
  /** Rungs of kind `referral` have no place here: repetition proposes a case, not a single late report. */
  readonly ladder: readonly LadderStep[];
  /** "Continues to report late": so many periods in a row, or so many in the evaluation year, per regime. */
  readonly continues: { readonly inRow: number; readonly inYear: number };
  /** The evaluation year closes on this day. */
  readonly yearCloses: { readonly month: number; readonly day: number };
  /** A returned report that had come in time is mended within this time. */
  readonly mend: Duration;
  /** The standing agency answers a request to be excused. */
  readonly excuseAnswer: Duration;
}

/** Everything versioned that judges a directive; frozen into it at issue. Durations have any unit down to seconds. */
export interface DirectivePolicy {
  readonly id: string;
  readonly version: number;
  readonly ladder: readonly LadderStep[];
  readonly clocks: {
    /** A unit acknowledges within this time of the issue; a reminder only, never evaluated. */
    readonly acknowledge: Duration;
    /** A unit may contest an assignment this long after it was assigned. */
    readonly contest: Duration;
    /** The standing agency answers a contest. */
    readonly contestAnswer: Duration;
    /** The confirmer judges a waiting submission; beyond it the supervisor is told. */
    readonly confirm: Duration;
    readonly extensionAnswer: Duration;
    readonly obstacleAnswer: Duration;
    readonly causeAnswer: Duration;
    /** The standing agency clears the `unclear` rows of an issued directive by amendment. */
    readonly unclear: Duration;
  };
  readonly mend: {
    /** A return gives at least this long, or the working time that was left at submission, if longer. */
    readonly atLeast: Duration;
  };
  readonly referral: {
    readonly objectionWindow: Duration;
    /** The supervisor decides an objection. */
    readonly decision: Duration;
    /** `automatic`: it goes by itself when the window has passed; `released`: a named person with a signed letter. */
    readonly release: 'automatic' | 'released';
    /** Home Affairs acknowledges; beyond it the supervisor is told. */
    readonly acknowledge: Duration;
  };
  /** Whether a stretch in which no command could be accepted, longer than this, moves the deadlines inside it. */
  readonly outage: { readonly excuses: boolean; readonly longerThan: Duration };
  /** The urging letter to the head: sent as drafted, or only with the number and date of a signed one. */
  readonly urgingLetter: {
    readonly form: 'drafted' | 'signed';
    /** The standing agency has it signed within this time; without it no referral is proposed. */
    readonly sign: Duration;
    /** The regulation that the letter names as its basis, after "Căn cứ"; absent: it names the directive alone. */
    readonly basis?: string | undefined;
  };
  /** How overdue tasks and answers are put before the supervisor. */
  readonly supervisorList: {
    /** Each step at once, or one list a working day, or one before each meeting (daily while none is known). */
    readonly when: 'each' | 'daily' | 'meetings';
    readonly meetings: readonly IsoDate[];
    /** The list is made this long before the day of the meeting. */
    readonly before: Duration;
  };
  /** Urgings outside of the system that stand for the urging of the ladder: it is recorded, and sends nothing. */
  readonly urgingsThatCount: readonly UrgingChannel[];
  /** Actions that need the number of a signed document. */
  readonly documentRequired: readonly string[];
  /** A directive is approved by a supervisor before it is issued. */
  readonly approval: boolean;
  readonly deadline: DeadlinePolicy;
  /** Who takes over late work has this long; absent: 10 working days. */
  readonly successorClock?: Duration | undefined;
  /** The standing agency enters the document of what was given by word of mouth within this; absent: 10 working days. */
  readonly confirmingDocument?: Duration | undefined;
  /** A policy that says nothing of reports follows the default. */
  readonly reporting?: ReportingPolicy;
}

/** Ways to urge that leave no mail. */
export type UrgingChannel = 'telephone' | 'chat' | 'meeting' | 'letter';

const workingDays = (value: number): Duration => ({ value, unit: 'wd' });

export const DEFAULT_REPORTING_POLICY: ReportingPolicy = {
  ladder: [
    { step: 'remind-1', kind: 'reminder', when: 'before', offset: workingDays(1), to: ['unit'] },
    { step: 'urge', kind: 'urge', when: 'after', offset: workingDays(1), to: ['unit', 'head'] },
    { step: 'urging-letter', kind: 'urging_letter', when: 'after', offset: workingDays(3), to: ['head'] },
    { step: 'supervisor', kind: 'supervisor', when: 'after', offset: workingDays(5), to: ['supervisor'] },
  ],
  continues: { inRow: 2, inYear: 3 },
  yearCloses: { month: 12, day: 14 },
  mend: workingDays(1),
  excuseAnswer: workingDays(5),
};

/** The default ladder and clocks of design §2. */
export const DEFAULT_POLICY: DirectivePolicy = {
  id: 'standard',
  version: 1,
  ladder: [
    { step: 'remind-7', kind: 'reminder', when: 'before', offset: workingDays(7), to: ['officer'] },
    { step: 'remind-3', kind: 'reminder', when: 'before', offset: workingDays(3), to: ['officer'] },
    { step: 'remind-1', kind: 'reminder', when: 'before', offset: workingDays(1), to: ['officer'] },
    { step: 'urge', kind: 'urge', when: 'after', offset: workingDays(1), to: ['officer', 'head'] },
    { step: 'urging-letter', kind: 'urging_letter', when: 'after', offset: workingDays(3), to: ['head'] },
    { step: 'supervisor', kind: 'supervisor', when: 'after', offset: workingDays(5), to: ['supervisor'] },
    {
      step: 'refer',
      kind: 'referral',
      when: 'after',
      offset: workingDays(10),
      to: ['head', 'standing_agency'],
    },
  ],
  clocks: {
    acknowledge: workingDays(2),
    contest: workingDays(3),
    contestAnswer: workingDays(3),
    confirm: workingDays(3),
    extensionAnswer: workingDays(3),
    obstacleAnswer: workingDays(5),
    causeAnswer: workingDays(5),
    unclear: workingDays(10),
  },
  mend: { atLeast: workingDays(3) },
  referral: {
    objectionWindow: workingDays(5),
    decision: workingDays(5),
    release: 'automatic',
    acknowledge: workingDays(5),
  },
  outage: { excuses: true, longerThan: { value: 1, unit: 'min' } },
  urgingLetter: { form: 'drafted', sign: workingDays(3) },
  supervisorList: { when: 'daily', meetings: [], before: workingDays(1) },
  urgingsThatCount: [],
  documentRequired: ['suspend', 'resume', 'stop', 'adjust_deadline', 'decide_extension'],
  approval: false,
  deadline: DEFAULT_DEADLINE_POLICY,
  successorClock: workingDays(10),
  confirmingDocument: workingDays(10),
  reporting: DEFAULT_REPORTING_POLICY,
};

/** Parts that a policy did not have from the beginning: one that was stored before them follows the default there. */
type LaterParts = 'outage' | 'urgingLetter' | 'supervisorList' | 'urgingsThatCount';

export type StoredPolicy = Omit<DirectivePolicy, LaterParts> & Partial<Pick<DirectivePolicy, LaterParts>>;

/** A policy as it is read back: what it was stored without is filled in here, and nowhere else. */
export function completePolicy(stored: StoredPolicy): DirectivePolicy {
  const { outage, urgingLetter, supervisorList, urgingsThatCount } = DEFAULT_POLICY;
  return { outage, urgingLetter, supervisorList, urgingsThatCount, ...stored };
}
