import type { DocumentReference } from '../actor.js';
import type { Result } from '../assignment/state.js';
import type { DeadlineRule } from '../deadline/rule.js';
import type { PastFact } from './past.js';

/** A draft may be incomplete; issuing parses it by the gate (`gate.ts`) and freezes a numbered version. */
export interface DirectiveContent {
  readonly number: string | null;
  readonly title: string;
  readonly documentDate: string | null;
  readonly signer: string | null;
  readonly issuer: string | null;
  readonly parents: readonly DocumentReference[];
  /** The assignment of a superior directive that it carries on; absent in contents from before it was asked for. */
  readonly parentAssignmentId?: string | null;
  /** Given by word of mouth: shown to units, no lateness until the confirming document's number is entered. */
  readonly provisional: boolean;
  /** Where `regular` tasks conclude; an ISO date, local. */
  readonly endsOn: string | null;
  readonly tasks: readonly DraftTask[];
}

export interface DraftTask {
  /** Stable over versions, so that an amendment knows what is the same task. */
  readonly id: string;
  /** The row's own number as typed in the document or the file. */
  readonly code: string | null;
  readonly title: string;
  readonly titleEn: string | null;
  readonly nature: 'specific' | 'general';
  readonly recurrence: 'one_off' | 'regular';
  readonly kind: 'task' | 'model' | 'goal';
  /** Specific tasks: the named leads. Each gets an assignment of its own, or the first leads and the rest coordinate. */
  readonly leadUnitIds: readonly string[];
  /** Must be answered where several leads are named: asked, never guessed. */
  readonly severalLeads: 'each_leads' | 'first_leads' | null;
  /** General tasks: every unit of these groups. */
  readonly groupCodes: readonly string[];
  readonly coordinatingUnitIds: readonly string[];
  /** Another monitor than the standing agency. */
  readonly monitorUnitId: string | null;
  readonly deadline: DraftDeadline;
  readonly result: Result | null;
  /** Targets of single units where they differ from the task's own. */
  readonly targets: readonly { readonly unitId: string; readonly numerator: number }[];
  /** The document this row comes from, where it is not the directive's own. */
  readonly source: {
    readonly number: string;
    readonly date: string | null;
    readonly url: string | null;
  } | null;
  /** Where the row was imported from: 1-based line of the file. */
  readonly importRow: number | null;
  /** Text as it was typed for what could not be resolved: shown to whoever clears the row. */
  readonly asTyped: {
    readonly leads: string | null;
    readonly coordinating: string | null;
    readonly result: string | null;
  };
  /** Accepted as it stands, though a clear fails: counted apart, no clock for the unit, a clock on the standing agency. */
  readonly keepUnclear: boolean;
  readonly previousTaskId: string | null;
  /** Work under way: what had happened before the directive came into the system. */
  readonly history?: readonly PastFact[];
}

export interface DraftDeadline {
  readonly phrase: string;
  /** What the phrase was read as; null when it was not understood. */
  readonly rule: DeadlineRule | null;
  /** The two answers to a deadline that is already past at issue. */
  readonly past: PastAnswer | null;
}

export type PastAnswer =
  /** First deadline and year of origin are kept; a new deadline is given. */
  | { readonly answer: 'carry_over'; readonly newPhrase: string; readonly newRule: DeadlineRule | null }
  /** Taken over with its past: lateness so far stands, the ladder goes on from the issue. */
  | { readonly answer: 'take_over' };

export const EMPTY_CONTENT: DirectiveContent = {
  number: null,
  title: '',
  documentDate: null,
  signer: null,
  issuer: null,
  parents: [],
  parentAssignmentId: null,
  provisional: false,
  endsOn: null,
  tasks: [],
};
