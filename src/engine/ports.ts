import type { Instant } from '../domain/instant.js';

/** What the engine needs of the outside, in its own words; the adapters live in src/mail and src/temporal. */

export type ConductorKind = 'directive' | 'referral' | 'reportingCycle' | 'reorganisation';

/** The processes that conduct over the record. */
export interface ConductorWaker {
  /** Tells the process that something changed; starts it where it does not run. @throws where it cannot be reached */
  wake(kind: ConductorKind, id: string): Promise<void>;
}

/** The same, for who has to know whether they run. */
export interface ConductorRegistry extends ConductorWaker {
  /** @throws where nobody can tell */
  isRunning(kind: ConductorKind, id: string): Promise<boolean>;
}

/** What is started at fixed times, as it should be. */
export interface ScheduleKeeper {
  /**
   * Makes what is missing, and what differs as it should be; with `dryRun` it only looks.
   * @throws where nobody can tell
   */
  keep(options?: { readonly dryRun?: boolean }): Promise<readonly ScheduleFound[]>;
}

export interface ScheduleFound {
  readonly id: string;
  readonly was: 'right' | 'missing' | 'different';
}

/** A stored envelope on its way out. Sent twice, it has the same Message-ID twice. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * What became of a mail. `refused`: the server is there and will not take this one. `unreachable`: no server took
 * any, or nobody knows; that is not the mail's fault, and never ends its life.
 */
export type Delivery =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused' | 'unreachable'; readonly reason: string };

export interface MailTransport {
  /** Never throws: whatever happens is an outcome. */
  send(mail: OutgoingMail): Promise<Delivery>;
}

/** One thing that a letter tells. What is not known is null; a letter is made all the same. */
export interface LetterLine {
  readonly template: string;
  /** Further words of the message: answer, step, reason. */
  readonly params: Readonly<Record<string, string | number | null>>;
  readonly code: string | null;
  readonly title: string | null;
  readonly deadline: Instant | null;
  readonly directiveNumber: string | null;
  readonly directiveTitle: string | null;
  /** The unit that leads the assignment. */
  readonly unitName: string | null;
  readonly assignmentId: string | null;
  readonly directiveId: string | null;
}

/** Everything one receiver is told at one time. */
export interface Letter {
  readonly locale: 'vi' | 'en';
  /** The person or office that is addressed. */
  readonly receiverName: string | null;
  readonly workingGroupName: string | null;
  readonly lines: readonly LetterLine[];
  /** Lines beyond those shown. */
  readonly further: number;
}

/** One thing in words: what a letter's line says, by itself. */
export interface LineText {
  readonly subject: string;
  readonly text: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
}

export interface LineWriter {
  /** Total: whatever is missing is left out. */
  line(line: LetterLine, locale: 'vi' | 'en'): LineText;
}

export interface LetterWriter {
  /** Total: whatever is missing is left out. */
  write(letter: Letter): { readonly subject: string; readonly text: string; readonly html: string };
}
