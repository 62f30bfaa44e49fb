import { announce, at, closingAfter, dayAfter, dayOf, midnight } from './minutes.js';
import { ANNOUNCED_AT, type Year } from './plan.js';
import { type PlayedReports, reportKey, through } from './pure-reports.js';
import { type ReportAct, reportDue } from './reporting.js';

/** One monthly report, as whoever keeps the list on the wall follows it. */
class NaiveReport {
  readonly #period: string;
  #due: number;
  readonly #closes: number;
  #excused = false;
  /** What lies there: when it came, and by which due instant it is judged. */
  #there: { readonly judged: number; readonly due: number } | null = null;
  /** What was returned for its form only keeps its first coming. */
  #kept: { readonly judged: number; readonly due: number } | null = null;

  constructor(period: string) {
    this.#period = period;
    this.#due = reportDue(period);
    this.#closes = at(`${period}-14`, '23:59:59');
  }

  /** A day off is announced: what has not come in time is due when it is due by the new list of days, never earlier. */
  announce(period: string): void {
    if (this.#excused || (this.#there !== null && this.#there.judged <= this.#there.due)) return;
    const before = this.#due;
    announce(true);
    this.#due = Math.max(before, reportDue(period));
    announce(false);
    if (this.#there?.due === before) this.#there = { ...this.#there, due: this.#due };
    if (this.#kept?.due === before) this.#kept = { ...this.#kept, due: this.#due };
  }

  act({ name, at: now, arrived }: ReportAct): void {
    switch (name) {
      case 'excuse':
        this.#excused = true;
        return;
      case 'submit':
      case 'submit_on_paper':
        this.#there = this.#kept ?? { judged: arrived ?? now, due: this.#dueAt(arrived ?? now) };
        return;
      case 'return':
      case 'return_form': {
        const there = this.#there;
        this.#there = null;
        if (there === null) return;
        this.#kept = name === 'return_form' ? there : null;
        // It is due by the days that are known now, as it is for everybody else.
        this.#due = Math.max(this.#due, reportDue(this.#period));
        // Who had been in time gets a working day to mend it.
        if (there.judged <= there.due)
          this.#mend = { since: now, until: Math.max(this.#dueAt(now), closingAfter(now, 1)) };
        return;
      }
    }
  }

  #mend: { readonly since: number; readonly until: number } | null = null;

  /** A day to mend is given from the return on: a paper that had come before it is judged by the first. */
  #dueAt(when: number): number {
    return this.#mend !== null && when >= this.#mend.since ? this.#mend.until : this.#due;
  }

  stateAt(now: number): string {
    if (this.#excused) return 'excused';
    if (this.#there !== null)
      return this.#there.judged <= this.#there.due ? 'received_on_time' : 'received_late';
    if (now <= this.#closes + 999) return 'not_due';
    return now <= this.#dueAt(now) ? 'due' : 'missing';
  }
}

/** The list on the wall through the year; of each act it is told only whether it was accepted. */
export function playNaiveReports(year: Year, accepted: readonly boolean[]): PlayedReports {
  const wall = new Map<string, NaiveReport>();
  const open = (now: number): void => {
    for (const period of year.periods) {
      const opens = midnight(dayAfter(`${lastMonth(period)}-14`));
      if (opens > now || wall.has(reportKey(year.units[0]?.id ?? '', period))) continue;
      for (const { id } of year.units) wall.set(reportKey(id, period), new NaiveReport(period));
    }
  };
  let told = false;
  const tell = (now: number): void => {
    if (told || now <= ANNOUNCED_AT) return;
    open(ANNOUNCED_AT);
    for (const [key, report] of wall) report.announce(key.split(' ')[1] ?? '');
    announce(true);
    told = true;
  };
  const found = through(
    year,
    (act, index) => {
      tell(act.at);
      open(act.at);
      const took = accepted[index] === true;
      if (took) wall.get(reportKey(act.unitId, act.period))?.act(act);
      return took;
    },
    (now) => {
      tell(now);
      open(now);
      return new Map([...wall].map(([key, report]) => [key, report.stateAt(now)]));
    },
  );
  announce(false);
  return found;
}

const lastMonth = (period: string): string => dayOf(midnight(`${period}-01`) - 1).slice(0, 7);
