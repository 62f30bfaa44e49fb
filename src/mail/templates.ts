import { ENGLISH } from './templates-en.js';
import { VIETNAMESE } from './templates-vi.js';

/** Kinds of message, one per template. */
export const TEMPLATES = [
  'assigned',
  'reminder',
  'urge',
  'urging_letter',
  'letter_to_sign',
  'supervisor',
  'referral_proposed',
  'referral_goes_on',
  'returned',
  'submitted',
  'forecast_misses',
  'confirmed',
  'part_accepted',
  'extension_requested',
  'extension_decided',
  'obstacle_raised',
  'obstacle_answered',
  'contested',
  'contest_answered',
  'cause_stated',
  'cause_decided',
  'contribution_asked',
  'contribution_answered',
  'explanation_asked',
  'explanation_answered',
  'explanation_overdue',
  'urged',
  'clock_overdue',
  'revised',
  'reopened',
  'deadline_adjusted',
  'calendar_changed',
  'outage_excused',
  'suspended',
  'resumed',
  'stopped',
  'superseded',
  'carried_over',
  'recorded_for_you',
  'referred',
  'objected',
  'facts_corrected',
  'correction_due',
  'objection_decided',
  'release_awaited',
  'supplement_requested',
  'supplemented',
  'referral_acknowledged',
  'referral_acknowledged_own',
  'referral_withdrawn',
  'outcome_recorded',
  'directive_unclear',
  'directive_closed',
  'confirming_document_awaited',
  'approval_requested',
  'directive_approved',
  'directive_returned',
  'approval_recalled',
  'report_requested',
  'report_reminder',
  'report_urge',
  'report_urging_letter',
  'report_missing',
  'report_returned',
  'report_excused',
  'report_calendar_changed',
  'report_outage_excused',
  'objection_window_moved',
  'objection_window_counted_again',
  'excuse_asked',
  'excuse_refused',
  'reporting_referral_proposed',
  'reporting_referred',
] as const;

export type TemplateName = (typeof TEMPLATES)[number];

/** The words of one kind of message. */
export interface Wording {
  /** A few words: the subject of a mail, the heading of a line. */
  readonly subject: string;
  /** What happened, and what is asked for. */
  readonly text: string;
  /** Instead of `text`, by the answer that was given. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What the instant in the line is, where it is not the deadline of the assignment. */
  readonly deadline?: string;
}

/** Everything that is said in one language. */
export interface Words {
  readonly templates: Readonly<Record<TemplateName, Wording>>;
  /** For a kind of message that this program does not know, from a newer one beside it. */
  readonly unknown: Wording;
  readonly prefix: string;
  readonly greeting: (name: string) => string;
  readonly greetingNobody: string;
  /** Subject of a letter with several lines. */
  readonly several: (count: number, first: string) => string;
  readonly intro: (count: number) => string;
  readonly labels: {
    readonly task: string;
    readonly unit: string;
    readonly deadline: string;
    /** Until when the unit may object to a case. */
    readonly objectUntil: string;
    readonly directive: string;
    readonly reason: string;
    /** Number and date of a signed letter. */
    readonly letter: string;
    readonly link: string;
  };
  readonly further: (count: number) => string;
  readonly open: string;
  readonly footer: string;
  /** Local date and time, with its distance from UTC. */
  readonly instant: (local: LocalTime) => string;
}

export interface LocalTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  /** `+07:00` */
  readonly offset: string;
}

const WORDS: Readonly<Record<'vi' | 'en', Words>> = { vi: VIETNAMESE, en: ENGLISH };

export function wordsOf(locale: string): Words {
  return locale === 'en' ? WORDS.en : WORDS.vi;
}

export function wordingOf(words: Words, template: string): Wording {
  const known = TEMPLATES.find((name) => name === template);
  return known === undefined ? words.unknown : words.templates[known];
}
