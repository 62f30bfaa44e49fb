import type { DocumentReference } from '../actor.js';
import type { Calendar } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { SubjectNote } from '../note.js';
import type { NewDeadline } from './events.js';
import type { Settlement } from './settle.js';
import type { Assignment, ObstacleCause, OutsideBody, Result } from './state.js';
import type { AssignmentAction } from './table.js';

/** What each action asks for beside the subject. Deadlines are phrases as typed. */
export interface AssignmentInputs {
  acknowledge: { officerId?: string | undefined; note?: string | undefined };
  contest: { reason: 'not_our_function' | 'wrong_file' | 'other'; text: string };
  answer_contest: { answer: 'reassign' | 'stop' | 'reject'; unitId?: string | undefined; text: string };
  report: {
    text: string;
    percent?: number | undefined;
    figure?: ReportInput | undefined;
  };
  submit: { text: string; evidence?: readonly string[] | undefined };
  recall: { reason: string };
  confirm: { note?: string | undefined };
  accept_part: { share: number; reason: string };
  return: { reason: string };
  suspend: { reason: string };
  resume: ByParent & { deadline?: string | undefined; note?: string | undefined };
  stop: { reason: string };
  reassign: ByParent & { unitId: string; deadline?: string | undefined; reason: string };
  move: ByParent & {
    to: readonly MoveTarget[];
    /** The shares are no parts of one sum. */
    targetsApart?: boolean | undefined;
    /** Until a lasting successor is found. */
    caretaker?: boolean | undefined;
    /** Another deadline than the one that runs. */
    deadline?: string | undefined;
    reason: string;
    /** Merged: all sources, the first of which brings the successors into the record. */
    together?: { readonly sources: readonly Assignment[]; readonly successorIds: readonly string[] };
  };
  carry_over: { intoDirectiveId?: string | undefined; reason: string };
  reopen: ByParent & { reason: string; deadline: string };
  conclude: Record<never, never>;
  adjust_deadline: ByParent & { deadline: string; latenessStands: boolean; reason: string };
  request_extension: { deadline: string; reason: string };
  withdraw_extension: { id: string };
  decide_extension: ByParent & {
    id: string;
    decision: 'grant' | 'refuse';
    deadline?: string | undefined;
    reason: string;
  };
  raise_obstacle: {
    cause: ObstacleCause;
    holderUnitId?: string | undefined;
    outside?: Named | undefined;
    text: string;
  };
  withdraw_obstacle: { id: string };
  answer_obstacle: {
    id: string;
    answer: 'accept' | 'refuse' | 'forward' | 'resolve';
    holderUnitId?: string | undefined;
    outside?: Named | undefined;
    text: string;
  };
  state_cause: { cause: ObstacleCause; objective: boolean; text: string };
  decide_cause: { id: string; confirmed: boolean; text: string };
  ask_contribution: { unitId: string; deadline: string; text: string };
  answer_contribution: { id: string; answer: 'give' | 'decline'; text: string };
  request_explanation: { deadline: string; text: string };
  answer_explanation: { id: string; text: string };
  send_letter: { note?: string | undefined };
  urge: { channel: 'telephone' | 'chat' | 'meeting' | 'letter' | 'system'; text: string };
}

/** A figure of one day. Where that day has another value already, this one takes its place and both are kept. */
export interface ReportInput {
  readonly numerator: number;
  readonly denominator?: number | undefined;
  readonly asOf: string;
  /** Why the value of that day is another one now; the words of the report where it is left out. */
  readonly correction?: string | undefined;
  /** What the numerator is made of. */
  readonly parts?: readonly { readonly name: string; readonly numerator: number }[] | undefined;
}

/** An outside body as it is typed in, with the letter where there is one. */
interface Named {
  readonly name: string;
  readonly letter?: OutsideBody['letter'] | undefined;
}

/** What lets a deadline pass that of the superior assignment: a document of its issuer. */
interface ByParent {
  parentDocument?: DocumentReference | undefined;
}

/** Who takes over, and its share of the target. */
export interface MoveTarget {
  readonly unitId: string;
  readonly target?: { readonly numerator: number; readonly denominator?: number | undefined } | undefined;
}

/** A command of one of these actions, each with its own input. */
export type CommandOf<Action extends AssignmentAction> = {
  [A in Action]: { readonly action: A; readonly input: AssignmentInputs[A] };
}[Action];

export type AssignmentCommand =
  | CommandOf<AssignmentAction>
  /** An amendment revises what runs; ended assignments stay as they are. */
  | { readonly action: 'revise'; readonly input: Revision }
  /** The confirming document of a directive given by word of mouth was entered. */
  | { readonly action: 'confirm_document'; readonly input: Confirmation }
  /** The directive is withdrawn, closed or amended without it; the decision was taken there. */
  | { readonly action: 'end_with_directive'; readonly input: EndWithDirective }
  | { readonly action: 'note'; readonly note: SubjectNote }
  /** An edit of the calendar, or another calendar for the unit: `ctx.calendar` is the new one. */
  | { readonly action: 'apply_calendar'; readonly input: CalendarEdit }
  /** Its lead ends or is divided on a date; the decision was taken there. */
  | { readonly action: 'reorganise'; readonly input: AssignmentInputs['move'] }
  /** What went along with a move was judged where it went. */
  | { readonly action: 'settle_moved'; readonly input: Settlement }
  /** An outage has ended: what fell due in it moves. */
  | { readonly action: 'excuse_outage'; readonly input: OutageGap }
  /** The clock: takes every step that is due at `receivedAt`. */
  | { readonly action: 'take_steps' };

/** What an amendment asks of a running assignment. */
export interface Revision {
  readonly version: number;
  /** Null leaves what it has. */
  readonly deadline: NewDeadline | null;
  /** The words of a task that has become regular: it has no deadline any more. */
  readonly regular?: Pick<NewDeadline, 'phrase' | 'rule'>;
  readonly result: Result | null;
  readonly coordinatingUnitIds: readonly string[];
  readonly monitorUnitId: string;
}

/** Why the calendar changed, and what it was when the assignment was last computed. */
export interface CalendarEdit {
  readonly editId: string;
  readonly before: Calendar;
  /** The Working Group's as it was before this edit. */
  readonly officeBefore: Calendar;
  /** Weekly hours say nothing of the days before them: what had fallen due by then stays as it was judged. */
  readonly keepsPast: boolean;
  readonly reason: string;
  readonly source: string;
}

/** From the last sign that commands could be accepted to the first one after it. */
export interface OutageGap {
  readonly outageId: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface Confirmation {
  readonly version: number;
  /** The phrase for a deadline that is past already. */
  readonly pastDeadline: string | null;
}

export interface EndWithDirective {
  readonly how: 'stop' | 'carry_over';
  /** The next year's directive, where it is known. */
  readonly into?: string | null;
  readonly reason: string;
}
