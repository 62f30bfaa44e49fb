/**
 * What workflows may ask of the record, in the words of the domain. Only types, and only such as survive JSON:
 * an answer is a hint for the conductor's timer, never a fact it keeps.
 */

/** How far the issuing of a directive has come. */
export interface Issuing {
  /** Assignments in the record. */
  readonly assigned: number;
  /** Assignments that the frozen version asks for. */
  readonly planned: number;
  /** The record says that the directive is over. */
  readonly ended: boolean;
}

/** What one pass over a conductor's due steps found. */
export interface Pass {
  /** The record says that this process is over. */
  readonly ended: boolean;
  /** Steps that this pass recorded. */
  readonly taken: number;
  /** Due steps remain: ask again at once. */
  readonly more: boolean;
  /** Until the instant for which the record is armed now; null where nothing is planned. */
  readonly nextInMs: number | null;
  /** Subjects that are still open; not counted where `more`. */
  readonly open: number;
  /** Steps that were set aside with an error and wait for a person; not counted where `more`. */
  readonly poisoned: number;
}

/** What the conductor of a directive asks for. Each may be asked again at any time, by anybody. */
export interface DirectiveActivities {
  /** Issues what is not issued yet, batch by batch, and answers when all is in the record. */
  issueAssignments(directiveId: string): Promise<Issuing>;
  /** Takes a batch of what is due at `now` (never later than the database's clock), closes, or arms. */
  conductDirective(directiveId: string, now: number): Promise<Pass>;
}

/** What the conductor of a case asks for. */
export interface ReferralActivities {
  /** Takes what is due at `now` (never later than the database's clock), or arms. */
  conductReferral(referralId: string, now: number): Promise<Pass>;
}

/** What the conductor of a reporting regime asks for. */
export interface ReportingActivities {
  /** Opens the next period, or takes a batch of what is due at `now` (never later than the database's clock), or arms. */
  conductRegime(regimeId: string, now: number): Promise<Pass>;
}

/** What the conductor of a reorganisation asks for. */
export interface ReorganisationActivities {
  /** On its date changes the units, then moves a batch of what they lead; before it, and where it is done, arms. */
  conductReorganisation(reorganisationId: string, now: number): Promise<Pass>;
}

/** One anchor over all chains of the record. */
export interface MadeAnchor {
  /** Null where nothing was written since the last one. */
  readonly number: number | null;
  readonly chains: number;
  readonly signed: boolean;
}

/** What the making of an anchor asks for. */
export interface AnchorActivities {
  /** Makes, signs and keeps one; asked again, it finds nothing new. */
  makeAnchor(): Promise<MadeAnchor>;
}
