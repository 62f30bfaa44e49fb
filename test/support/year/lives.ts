import { dayAfter, dayOf, endOf, midnight } from './minutes.js';
import type { Random } from './random.js';

/** What somebody does with one assignment. Names are those of the acts; what they need is taken from the state. */
export type ActName =
  | 'acknowledge'
  | 'contest'
  | 'reject_contest'
  | 'report'
  | 'submit'
  | 'submit_on_paper'
  | 'recall'
  | 'confirm'
  | 'return'
  | 'suspend'
  | 'resume'
  | 'stop'
  | 'request_extension'
  | 'grant_extension'
  | 'refuse_extension'
  | 'raise_obstacle'
  | 'accept_obstacle'
  | 'refuse_obstacle'
  | 'resolve_obstacle'
  | 'adjust_deadline'
  | 'adjust_but_late'
  | 'reopen'
  | 'carry_over'
  | 'move';

export interface Act {
  readonly at: number;
  /** Of the assignment; a successor's is its predecessor's with the unit that took over. */
  readonly key: string;
  readonly name: ActName;
  /** Whose officer acts; the standing agency where it is null. */
  readonly by: string | null;
  /** A new deadline, as typed and as somebody reads it. */
  readonly deadline?: { readonly phrase: string; readonly due: number };
  /** When the paper had arrived. */
  readonly arrived?: number;
  /** Who takes over. */
  readonly to?: readonly string[];
}

export interface Life {
  readonly key: string;
  readonly unitId: string;
  readonly due: number | null;
  /** The same read again, with the days off that are known by then. */
  readonly read: () => number | null;
}

export interface LifeSettings {
  readonly issuedAt: number;
  readonly units: readonly string[];
  /** What a share of all lives meets is multiplied by it. */
  readonly trouble: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

export const successorKey = (key: string, unitId: string): string => `${key} > ${unitId}`;

/**
 * One life by chance: in time, late or never, with whatever may come in between. Nothing here asks whether an act is
 * allowed; those that are not are refused, and everybody has to refuse the same ones.
 */
export function livedBy(life: Life, settings: LifeSettings, random: Random): Act[] {
  return new Lived(life, settings, random).acts();
}

class Lived {
  readonly #acts: Act[] = [];
  readonly #settings: LifeSettings;
  readonly #random: Random;
  #key: string;
  #unit: string;
  /** By which the unit times its work; what really judges is for others to find. */
  #due: number;
  /** While its obstacle is open. */
  #stuck: { readonly from: number; readonly to: number } | null = null;

  constructor({ key, unitId, due }: Life, settings: LifeSettings, random: Random) {
    this.#key = key;
    this.#unit = unitId;
    this.#due = due ?? settings.issuedAt + 300 * DAY;
    this.#settings = settings;
    this.#random = random;
  }

  acts(): Act[] {
    const { issuedAt, trouble } = this.#settings;
    const chance = (share: number): boolean => this.#random.chance(share * trouble);
    if (this.#random.chance(0.9)) this.#unitDoes('acknowledge', this.#within(issuedAt, issuedAt + 3 * DAY));
    if (chance(0.03)) this.#contest();
    for (let n = this.#random.int(0, 2); n > 0; n -= 1)
      this.#unitDoes('report', this.#within(issuedAt, this.#due + 10 * DAY));
    if (chance(0.15)) this.#extension();
    if (chance(0.12)) this.#obstacle();
    if (chance(0.08)) this.#suspension();
    if (chance(0.05)) this.#adjustment();
    if (chance(0.05)) this.#move();
    if (chance(0.01)) this.#agencyDoes('stop', this.#within(issuedAt, this.#due + 20 * DAY));
    if (this.#random.chance(0.93)) this.#submission();
    if (this.#random.chance(0.3)) this.#agencyDoes('carry_over', this.#hour(midnight('2026-12-10')));
    return this.#acts;
  }

  #contest(): void {
    const at = this.#within(this.#settings.issuedAt, this.#settings.issuedAt + 2 * DAY);
    this.#unitDoes('contest', at);
    this.#agencyDoes('reject_contest', this.#later(at, 1, 6));
  }

  #extension(): void {
    const asked = this.#hour(this.#due - this.#random.int(-4, 20) * DAY);
    const deadline = this.#named(Math.max(asked, this.#due), 7, 45);
    this.#unitDoes('request_extension', asked, { deadline });
    const answered = this.#later(asked, 0, 6);
    const granted = this.#random.chance(0.7);
    this.#agencyDoes(granted ? 'grant_extension' : 'refuse_extension', answered);
    if (granted) this.#due = deadline.due;
  }

  #obstacle(): void {
    const raised = this.#near();
    this.#unitDoes('raise_obstacle', raised);
    const answered = this.#later(raised, 0, 7);
    if (this.#random.chance(0.2)) {
      this.#agencyDoes('refuse_obstacle', answered);
      return;
    }
    this.#agencyDoes('accept_obstacle', answered);
    const resolved = this.#later(answered, 1, 25);
    if (this.#random.chance(0.9)) this.#agencyDoes('resolve_obstacle', resolved);
    this.#stuck = { from: raised, to: resolved };
    this.#due += this.#random.chance(0.7) ? resolved - raised : 0;
  }

  #suspension(): void {
    // Often while an obstacle is open: what stands still twice is given once.
    const stuck = this.#stuck !== null && this.#random.chance(0.6) ? this.#stuck : null;
    const from = stuck === null ? this.#near() : this.#within(stuck.from, stuck.to);
    const to = this.#later(from, 1, 40);
    this.#agencyDoes('suspend', from);
    const anew = this.#random.chance(0.3) ? this.#named(to, 5, 60) : null;
    this.#agencyDoes('resume', to, anew === null ? {} : { deadline: anew });
    this.#due = anew?.due ?? this.#due + (to - from);
  }

  #adjustment(): void {
    const at = this.#hour(this.#due + this.#random.int(-20, 15) * DAY);
    const deadline = this.#named(Math.max(at, this.#due), 3, 40);
    this.#agencyDoes(this.#random.chance(0.5) ? 'adjust_but_late' : 'adjust_deadline', at, { deadline });
    this.#due = deadline.due;
  }

  /** To one unit, or divided between two: then the second part is nobody's story, and becomes late by itself. */
  #move(): void {
    const at = this.#near();
    const { units } = this.#settings;
    const others = units.filter((unit) => unit !== this.#unit);
    if (others.length < 2) return;
    const first = this.#random.pick(others);
    const second = this.#random.pick(others.filter((unit) => unit !== first));
    const to = this.#random.chance(0.25) ? [first, second] : [first];
    this.#agencyDoes('move', at, { to });
    this.#key = successorKey(this.#key, first);
    this.#unit = first;
    // What was planned for later is the successor's to do.
    for (const [index, act] of this.#acts.entries()) {
      if (act.at <= at || act.name === 'move') continue;
      this.#acts[index] = { ...act, key: this.#key, by: act.by === null ? null : this.#unit };
    }
    this.#due = Math.max(this.#due, at + 14 * DAY);
  }

  #submission(): void {
    let at = this.#submittedAt();
    for (let turn = 0; turn < 3; turn += 1) {
      if (this.#random.chance(0.08)) {
        const arrived = at;
        at = this.#later(at, 1, 6);
        this.#agencyDoes('submit_on_paper', at, { arrived });
      } else {
        this.#unitDoes('submit', at);
      }
      if (this.#random.chance(0.04)) {
        this.#unitDoes('recall', at + 30 * MINUTE);
        at = this.#later(at, 1, 5);
        this.#unitDoes('submit', at);
      }
      const judged = this.#later(at, 0, 9);
      if (!this.#random.chance(0.15)) {
        this.#agencyDoes('confirm', judged);
        if (this.#random.chance(0.015)) this.#reopening(judged);
        return;
      }
      this.#agencyDoes('return', judged);
      if (this.#random.chance(0.1)) return;
      at = this.#later(judged, 0, 12);
    }
  }

  #reopening(confirmed: number): void {
    const at = this.#later(confirmed, 3, 40);
    const deadline = this.#named(at, 5, 40);
    this.#agencyDoes('reopen', at, { deadline });
    if (!this.#random.chance(0.8)) return;
    const again = this.#hour(deadline.due + this.#random.int(-10, 5) * DAY);
    this.#unitDoes('submit', Math.max(again, this.#later(at, 0, 1)));
    this.#agencyDoes('confirm', this.#later(Math.max(again, at), 1, 6));
  }

  /** Mostly well before the deadline, often hard by it, sometimes long after. */
  #submittedAt(): number {
    const { issuedAt } = this.#settings;
    const kind = this.#random.int(0, 9);
    if (kind < 5) return this.#within(issuedAt + DAY, this.#due);
    if (kind < 7) return stamp(this.#due + this.#random.int(-240, 240) * MINUTE);
    if (kind === 7) return this.#hour(this.#due + this.#random.int(-3, 3) * DAY);
    return this.#hour(this.#due + this.#random.int(1, 40) * DAY);
  }

  #named(from: number, least: number, most: number): { phrase: string; due: number } {
    const day = dayAfter(dayOf(from), this.#random.int(least, most));
    return { phrase: `trước ngày ${day.split('-').reverse().join('/')}`, due: endOf(day) };
  }

  /** Some time before the deadline, or a little after it. */
  #near(): number {
    return this.#hour(this.#due - this.#random.int(-5, 60) * DAY);
  }

  #within(from: number, to: number): number {
    return this.#hour(
      from + Math.floor((Math.max(to, from + DAY) - from) * (this.#random.int(0, 999) / 1000)),
    );
  }

  #later(from: number, least: number, most: number): number {
    return Math.max(this.#hour(from + this.#random.int(least, most) * DAY), stamp(from + 5 * MINUTE));
  }

  /** On the day of an instant, at an hour at which people act: mostly in office hours, sometimes at night. */
  #hour(at: number): number {
    const minute = this.#random.chance(0.85) ? this.#random.int(450, 1080) : this.#random.int(0, 1439);
    return Math.max(stamp(midnight(dayOf(at)) + minute * MINUTE), this.#settings.issuedAt + 10 * MINUTE);
  }

  #unitDoes(name: ActName, at: number, more: Partial<Act> = {}): void {
    this.#acts.push({ at, key: this.#key, name, by: this.#unit, ...more });
  }

  #agencyDoes(name: ActName, at: number, more: Partial<Act> = {}): void {
    this.#acts.push({ at, key: this.#key, name, by: null, ...more });
  }
}

/** Half a minute past: no act falls on the second of a deadline, so that the haste of a machine decides nothing. */
const stamp = (at: number): number => Math.floor(at / MINUTE) * MINUTE + MINUTE / 2;
