import type { Act, Life } from './lives.js';
import { successorKey } from './lives.js';
import { afterWork, announce, at, closingAfter, worked } from './minutes.js';
import { ANNOUNCED_AT, ISSUED } from './plan.js';

/**
 * A life as a clerk would follow it with a diary and a pocket calculator: one deadline, the stretches in which the
 * clock stands still, a result that waits. It knows the rules of design §2 and §3 as sentences, and no line of
 * `src/domain`. Of each act it is told only whether it was accepted.
 */
export class NaiveLife {
  due: number | null;
  /** The deadline that was set, and since when; what lies beyond it was held, or given to mend. */
  #base: number | null;
  #since: number;
  /** Since when the time to mend runs whose end is the deadline that judges; null where none was given. */
  #mendSince: number | null = null;
  /** Reads the phrase again; null once a person has set a date. */
  #read: (() => number | null) | null;
  /** What waits for the confirmer or was accepted: when it counts as handed in. */
  handedIn: number | null = null;
  /** As it was judged when it came in. */
  #handedInLate = false;
  over: 'done' | 'stopped' | 'carried_over' | 'superseded' | null = null;
  suspendedSince: number | null = null;
  #contestedSince: number | null = null;
  #raised: number | null = null;
  #obstacle: 'none' | 'raised' | 'accepted' = 'none';
  /** Since when the accepted obstacle holds; null while a result waits, or before it was accepted. */
  #obstacleSince: number | null = null;
  /** Stretches whose time the deadline has been given already. */
  readonly #given: { from: number; to: number }[] = [];
  /** When the clock last began to stand still without a gap, and whether that was in time. */
  #still: { since: number; inTime: boolean } | null = null;
  #askedFor: number | null = null;

  constructor({ due, read }: Pick<Life, 'due'> & Partial<Pick<Life, 'read'>>, since: number) {
    this.due = due;
    this.#base = due;
    this.#since = since;
    this.#read = read ?? null;
  }

  /** A day off is announced: what was counted is counted again, and never ends earlier. */
  announce(): void {
    const { due } = this;
    const base = this.#base;
    const ended = this.over !== null && !(this.over === 'done' && this.#handedInLate);
    if (due === null || base === null || ended || due < base) return;
    // Time to mend is counted from the return, also before the deadline.
    const from = this.#mendSince ?? (this.#since > base ? this.#since : null);
    const beyond = due > base ? worked(from ?? base, due) : 0;
    announce(true);
    const again = Math.max(base, this.#read?.() ?? base);
    const counted = due > base ? afterWork(from ?? again, beyond) : again;
    announce(false);
    // Nothing of it lay in the days that have changed: a deadline at night stays where it is.
    const same = due > base && again === base && afterWork(from ?? base, beyond) === counted;
    this.due = same ? due : Math.max(due, counted, again);
    this.#base = again;
    if (this.#still !== null) this.#still = { ...this.#still, inTime: this.#still.since <= this.due };
  }

  /** Late, by what is known, at an instant. */
  lateAt(now: number): boolean {
    if (this.due === null) return false;
    if (this.handedIn !== null) return this.handedIn > this.due;
    if (this.#still !== null) return !this.#still.inTime;
    return now > this.due;
  }

  classAt(now: number, endsAt: number): string {
    if (this.over === 'stopped' || this.over === 'carried_over' || this.over === 'superseded')
      return this.over;
    const late = this.lateAt(now);
    if (this.over === 'done') return late ? 'done_late' : 'done_on_time';
    // On the end date of the directive a regular task is concluded, whatever it was.
    if (this.due === null && now >= endsAt) return 'done_on_time';
    if (this.suspendedSince !== null) return 'suspended';
    if (this.due === null) return 'regular';
    return `${this.handedIn === null ? 'open' : 'awaiting'}_${late ? 'overdue' : 'in_time'}`;
  }

  act(act: Act): void {
    const now = act.at;
    const deadline = act.deadline?.due ?? null;
    switch (act.name) {
      case 'acknowledge':
      case 'report':
      case 'refuse_extension':
        return;
      case 'contest':
        this.#contestedSince = now;
        this.#standStill(now);
        return;
      case 'reject_contest':
        this.#goOn(this.#contestedSince, now, () => {
          this.#contestedSince = null;
        });
        return;
      case 'submit':
      case 'submit_on_paper':
        this.#handIn(act.arrived ?? now);
        return;
      case 'recall':
        this.#takeBack(now);
        return;
      case 'confirm':
        this.over = 'done';
        return;
      case 'return':
        this.#giveBack(now);
        return;
      case 'suspend':
        this.suspendedSince = now;
        if (this.handedIn === null) this.#standStill(now);
        return;
      case 'resume':
        this.#resume(now, deadline);
        return;
      case 'stop':
        this.over = 'stopped';
        return;
      case 'carry_over':
        this.over = 'carried_over';
        return;
      case 'request_extension':
        this.#askedFor = deadline;
        return;
      case 'grant_extension':
        this.#newDeadline(this.#askedFor, now);
        return;
      case 'adjust_deadline':
        this.#newDeadline(deadline, now);
        return;
      case 'adjust_but_late':
        if (!this.lateAt(now)) this.#newDeadline(deadline, now);
        return;
      case 'reopen':
        this.#reopen(deadline, now);
        return;
      case 'raise_obstacle':
        this.#raised = now;
        this.#obstacle = 'raised';
        return;
      case 'refuse_obstacle':
        this.#obstacle = 'none';
        return;
      case 'accept_obstacle':
        this.#accept();
        return;
      case 'resolve_obstacle':
        this.#obstacle = 'none';
        this.#goOn(this.#obstacleSince, now, () => {
          this.#obstacleSince = null;
        });
        return;
      case 'move':
        this.over = 'superseded';
        return;
    }
  }

  /** The life that goes on with this one, as it stood before the move. */
  successor(now: number): NaiveLife {
    const next = new NaiveLife({ due: this.due }, this.#since);
    next.#base = this.#base;
    next.#mendSince = this.#mendSince;
    next.#read = this.#read;
    next.handedIn = this.handedIn;
    next.suspendedSince = this.suspendedSince;
    next.#raised = this.#raised;
    next.#obstacle = this.#obstacle;
    next.#obstacleSince = this.#obstacleSince;
    next.#given.push(...this.#given);
    next.#still = this.#still;
    next.#askedFor = this.#askedFor;
    next.#contestedSince = this.#contestedSince;
    next.#goOn(next.#contestedSince, now, () => {
      next.#contestedSince = null;
    });
    if (!this.lateAt(now)) return next;
    // Lateness stays behind: a clock of its own, and time that stood still before it is none of the successor's.
    next.due = closingAfter(now, 10);
    next.#base = next.due;
    next.#mendSince = null;
    next.#since = now;
    next.#read = null;
    if (next.#obstacle !== 'none') next.#raised = now;
    if (next.#obstacleSince !== null) next.#obstacleSince = now;
    if (next.suspendedSince !== null) next.suspendedSince = now;
    next.#still = next.#still === null ? null : { since: now, inTime: true };
    return next;
  }

  /** What had come to its end stays behind; only the new deadline counts. */
  #reopen(deadline: number | null, now: number): void {
    this.over = null;
    this.handedIn = null;
    this.suspendedSince = null;
    this.#contestedSince = null;
    this.#obstacle = 'none';
    this.#obstacleSince = null;
    this.#still = null;
    this.#newDeadline(deadline, now);
  }

  #handIn(when: number): void {
    // What runs has held up to now, and with it the result is judged.
    this.#goOn(this.#obstacleSince, when, () => {
      this.#obstacleSince = null;
    });
    this.handedIn = when;
    this.#handedInLate = this.due !== null && when > this.due;
    this.#still = null;
  }

  #takeBack(now: number): void {
    const since = this.handedIn ?? now;
    this.handedIn = null;
    // A suspension while the result waited is given back with it.
    const held = this.#given
      .filter(({ from, to }) => to > since && from >= since)
      .reduce((sum, { from, to }) => sum + worked(Math.max(from, since), Math.min(to, now)), 0);
    if (this.due !== null) this.due = later(this.due, held);
    if (this.#obstacle === 'accepted') this.#holdAgain(since);
  }

  #giveBack(now: number): void {
    const when = this.handedIn ?? now;
    const late = this.lateAt(now);
    if (this.due !== null && !late) {
      const left = worked(when, this.due);
      const until = Math.max(this.due, afterWork(now, left), closingAfter(now, 3));
      if (until > this.due) this.#mendSince = now;
      this.due = until;
    }
    this.handedIn = null;
    this.#since = Math.max(this.#since, now);
    if (this.#obstacle === 'accepted') this.#holdAgain(now);
  }

  #holdAgain(since: number): void {
    this.#obstacleSince = since;
    this.#standStill(since);
  }

  #resume(now: number, deadline: number | null): void {
    const since = this.suspendedSince;
    this.suspendedSince = null;
    if (this.handedIn !== null && since !== null && since >= this.handedIn) {
      // Time does not run for a result that waits: only taking it back would give this stretch.
      this.#given.push({ from: since, to: now });
      if (deadline !== null) this.#newDeadline(deadline, now);
      return;
    }
    if (deadline === null) {
      this.suspendedSince = since;
      this.#goOn(since, now, () => {
        this.suspendedSince = null;
      });
      return;
    }
    // The new date has given the time of the suspension, unless something else had held the clock as well.
    if (since !== null && this.#othersSince() === null) this.#given.push({ from: since, to: now });
    this.#still = this.#othersSince() === null ? null : this.#still;
    this.#newDeadline(deadline, now);
  }

  #accept(): void {
    this.#obstacle = 'accepted';
    const raised = this.#raised ?? 0;
    if (this.handedIn === null) {
      this.#holdAgain(raised);
      return;
    }
    if (raised >= this.handedIn) return;
    // It has held from its raising to the result that waits.
    this.#obstacleSince = raised;
    this.#still = { since: raised, inTime: this.due === null || raised <= this.due };
    const waits = this.handedIn;
    this.handedIn = null;
    this.#goOn(raised, waits, () => {
      this.#obstacleSince = null;
    });
    this.handedIn = waits;
  }

  #newDeadline(due: number | null, now: number): void {
    if (this.due === null || due === null) return;
    this.due = due;
    this.#base = due;
    this.#mendSince = null;
    this.#since = now;
    this.#read = null;
    if (this.#still !== null) this.#still = { ...this.#still, inTime: this.#still.since <= due };
  }

  #standStill(since: number): void {
    const from = Math.min(since, this.#still?.since ?? since);
    this.#still = { since: from, inTime: this.due === null || from <= this.due };
  }

  #othersSince(): number | null {
    const open = [this.#contestedSince, this.#obstacleSince, this.suspendedSince].filter(
      (one) => one !== null,
    );
    return open.length === 0 ? null : Math.min(...open);
  }

  /** A stretch ends: its working time is given, each hour once, and whoever was in time has at least a day. */
  #goOn(since: number | null, now: number, end: () => void): void {
    end();
    if (since === null) return;
    const others = this.#othersSince();
    // While something else holds from here on, that gives the rest.
    const to = Math.max(since, Math.min(now, others ?? now));
    const held = this.#notGiven(since, to);
    this.#given.push({ from: since, to });
    const still = this.#still;
    if (others === null) this.#still = null;
    if (this.due === null) return;
    this.due = later(this.due, held);
    if (others === null && still?.inTime === true && this.due < now) this.due = closingAfter(now, 1);
  }

  #notGiven(from: number, to: number): number {
    const edges = [from, to, ...this.#given.flatMap((one) => [one.from, one.to])]
      .filter((edge) => edge >= from && edge <= to)
      .sort((one, other) => one - other);
    let sum = 0;
    for (const [index, edge] of edges.entries()) {
      const end = edges[index + 1] ?? edge;
      if (!this.#given.some((one) => one.from <= edge && one.to >= end)) sum += worked(edge, end);
    }
    return sum;
  }
}

const later = (due: number, held: number): number => (held === 0 ? due : afterWork(due, held));

const ENDS = at('2026-12-14', '23:59:59');

/** Follows a whole year with a diary, and says at each check in which class every assignment counts. */
export function playNaive(
  lives: readonly Life[],
  acts: readonly Act[],
  accepted: readonly boolean[],
  checks: readonly number[],
): ReadonlyMap<string, string>[] {
  const diary = new Map(lives.map((life) => [life.key, new NaiveLife(life, ISSUED)]));
  const classes: Map<string, string>[] = [];
  const check = (now: number): void => {
    classes.push(new Map([...diary].map(([key, life]) => [key, life.classAt(now, ENDS)])));
  };
  let next = 0;
  let told = false;
  for (const [index, act] of acts.entries()) {
    if (!told && act.at > ANNOUNCED_AT) {
      for (const life of diary.values()) life.announce();
      announce(true);
      told = true;
    }
    for (; next < checks.length && (checks[next] ?? 0) <= act.at; next += 1) check(checks[next] ?? 0);
    const life = diary.get(act.key);
    if (accepted[index] !== true || life === undefined) continue;
    for (const unit of act.name === 'move' ? (act.to ?? []) : [])
      diary.set(successorKey(act.key, unit), life.successor(act.at));
    life.act(act);
  }
  for (; next < checks.length; next += 1) check(checks[next] ?? 0);
  announce(false);
  return classes;
}
