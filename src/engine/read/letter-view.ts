import type { LetterRow } from '../../db/read/escalations.js';
import type { Calendar } from '../../domain/calendar.js';
import { type LateTask, letterText, type UrgingFacts, urgingLetter } from '../../domain/urging-letter.js';
import { iso, isoOrNull, type UnitRef } from './view.js';

export interface UrgingLetterView {
  readonly state: 'sent' | 'awaiting_signature' | 'signed' | 'dropped';
  readonly signBy: string | null;
  readonly number: string | null;
  readonly date: string | null;
  readonly signer: string | null;
  readonly issuer: UnitRef;
  readonly unit: UnitRef;
  readonly head: string | null;
  readonly subject: string;
  readonly addressee: string;
  readonly basis: readonly string[];
  readonly paragraphs: readonly string[];
  readonly closing: string;
  readonly text: string;
  readonly facts: {
    /** The deadline's words; null of a report, whose rule is the regime's. */
    readonly phrase: string | null;
    readonly firstDeadlineAt: string | null;
    readonly deadlineAt: string;
    readonly asOf: string;
    readonly daysLate: number;
    readonly workingDaysLate: number;
    readonly urgedAt: readonly string[];
    readonly causes: LateTask['causes'];
  };
}

export interface SignedLetter {
  readonly number: string;
  readonly date: string;
  readonly signer: string | null;
}

interface Letter {
  readonly facts: UrgingFacts;
  readonly calendar: Calendar;
  readonly parties: Pick<LetterRow, 'issuer' | 'unit' | 'head'>;
  readonly state: UrgingLetterView['state'];
  readonly signed: SignedLetter | null;
}

/** The letter in its words, and the facts that it rests on. */
export function letterView({ facts, calendar, parties, state, signed }: Letter): UrgingLetterView {
  const letter = urgingLetter(facts, calendar);
  const { about } = facts;
  const task = about.kind === 'task' ? about : null;
  return {
    state,
    signBy: null,
    number: signed?.number ?? null,
    date: signed?.date ?? null,
    signer: signed?.signer ?? null,
    issuer: parties.issuer,
    unit: parties.unit,
    head: parties.head,
    ...letter,
    text: letterText(letter, facts, signed),
    facts: {
      phrase: task?.phrase ?? null,
      firstDeadlineAt: isoOrNull(task?.firstDeadlineAt ?? null),
      deadlineAt: iso(facts.deadlineAt),
      asOf: iso(facts.asOf),
      daysLate: facts.late.days,
      workingDaysLate: facts.late.workingDays,
      urgedAt: facts.urgedAt.map(iso),
      causes: task?.causes ?? [],
    },
  };
}
