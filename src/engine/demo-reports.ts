import { lockDemonstration, readClock } from '../db/lock-store.js';
import { hasRegimes } from '../db/regime-store.js';
import { obligationOf } from '../db/report-store.js';
import { withTransaction } from '../db/transaction.js';
import type { PersonActor } from '../domain/actor.js';
import { isWorkingDate, localDate, nextOpening, startOfDay } from '../domain/calendar.js';
import { OFFICE_HOURS } from '../domain/calendars/office-hours.js';
import { addCalendarDays } from '../domain/civil-date.js';
import { HOUR, type Instant, type IsoDate, MINUTE } from '../domain/instant.js';
import { instantsOf, type Period } from '../domain/report/windows.js';
import { conductRegime } from './conduct-reports.js';
import type { Engine } from './engine.js';
import { createRegime } from './regimes.js';
import { executeReport } from './reports.js';
import type { CommandRequest, Outcome } from './request.js';

/** Who acts in the demonstration's reporting, and who reports. */
export interface DemoReporters {
  readonly workingGroupId: string;
  readonly agency: PersonActor;
  /** Officers of units that sign in and report by themselves. */
  readonly officers: readonly PersonActor[];
  /** Units that write on paper: the standing agency enters what they send. */
  readonly onPaper: readonly string[];
}

const CALENDAR = OFFICE_HOURS;
const dueOf = (period: Period): Instant => instantsOf(period, 1, CALENDAR).dueAt;

/**
 * Two rounds of a campaign that have fallen due before `now`, and one that runs: with a closing day of its own each,
 * so that weekends and Tết leave every round its due instant.
 */
export function demoRounds(now: Instant): readonly [Period, Period, Period] {
  const today = localDate(CALENDAR, now);
  const endedBefore = (limit: Instant, from: IsoDate): IsoDate => {
    let day = workingDateBy(from);
    while (dueOf({ key: '', opensOn: day, closesOn: day }) >= limit)
      day = workingDateBy(addCalendarDays(day, -1));
    return day;
  };
  const second = endedBefore(now - HOUR, addCalendarDays(today, -1));
  const first = endedBefore(startOfDay(CALENDAR, second), addCalendarDays(second, -4));
  return [
    { key: 'Đợt 1', opensOn: workingDateBy(addCalendarDays(first, -6)), closesOn: first },
    { key: 'Đợt 2', opensOn: addCalendarDays(first, 1), closesOn: second },
    { key: 'Đợt 3', opensOn: addCalendarDays(second, 1), closesOn: addCalendarDays(today, 5) },
  ];
}

/** That day, or the last working one before it: a regime is set up in office hours of the day on which it starts. */
function workingDateBy(date: IsoDate): IsoDate {
  let day = date;
  while (!isWorkingDate(CALENDAR, day)) day = addCalendarDays(day, -1);
  return day;
}

/**
 * Loads a reporting regime of three rounds with the reports of two: one unit was late in the first, one has not
 * reported in the second. Lived through by the same commands and passes as real ones, dated back. What is there already stays.
 */
export async function loadDemoReports(engine: Engine, who: DemoReporters, now: Instant): Promise<void> {
  await withTransaction(engine.writer, async (client) => {
    // Two that load at once: the second finds what the first has loaded.
    await lockDemonstration(client);
    if (await hasRegimes(client, who.workingGroupId)) return;
    await live(new Past(engine, await readClock(client), now), who, demoRounds(now));
  });
}

async function live(
  past: Past,
  who: DemoReporters,
  rounds: readonly [Period, Period, Period],
): Promise<void> {
  const [first, second, third] = rounds;
  const units = [...who.officers.flatMap(({ unitId }) => unitId ?? []), ...who.onPaper];
  const begun = opening(first.opensOn);
  const regimeId = done(
    await createRegime(past.engine, past.request(who.agency, begun), {
      name: 'Báo cáo chiến dịch làm sạch dữ liệu dân cư',
      nameEn: 'Reports of the population data clean-up',
      directiveIds: [],
      schedule: { kind: 'periodic', periodicity: { kind: 'own', windows: rounds }, startsOn: first.opensOn },
      levels: [{ name: null, unitIds: units, groupCodes: [], dueWorkingDays: 1 }],
    }),
  );
  const [late, ...others] = who.officers;
  const missing = others.at(-1);
  await past.conduct(regimeId, begun + MINUTE);
  for (const officer of others) await past.report(regimeId, first, officer, dueOf(first) - 2 * HOUR);
  for (const unitId of who.onPaper) await past.paper(regimeId, first, who.agency, unitId);
  await past.conduct(regimeId, dueOf(first) + MINUTE);
  if (late !== undefined) await past.report(regimeId, first, late, dueOf(first) + 20 * HOUR);
  await past.conduct(regimeId, opening(second.opensOn) + MINUTE);
  for (const officer of who.officers)
    if (officer !== missing) await past.report(regimeId, second, officer, dueOf(second) - 3 * HOUR);
  for (const unitId of who.onPaper) await past.paper(regimeId, second, who.agency, unitId);
  await past.conduct(regimeId, past.now);
  if (missing !== undefined) await past.report(regimeId, third, missing, past.now - 1_000);
}

const opening = (date: IsoDate): Instant => nextOpening(CALENDAR, startOfDay(CALENDAR, date));

/** Commands and passes at instants that lie behind: what is judged is then, what is recorded is now. */
class Past {
  readonly engine: Engine;
  readonly now: Instant;
  readonly #clock: () => Instant;

  constructor(engine: Engine, clock: () => Instant, now: Instant) {
    this.engine = engine;
    this.#clock = clock;
    this.now = now;
  }

  request(actor: PersonActor, at: Instant): CommandRequest {
    return { actor, arrived: performance.now() - (this.#clock() - at) };
  }

  /**
   * As the conductor of a regime would have done at an instant. A command that is dated back is judged some
   * milliseconds after its instant, as long as it takes: what follows from it is looked for a minute later.
   */
  async conduct(regimeId: string, at: Instant): Promise<void> {
    for (;;) {
      const { ended, taken } = await conductRegime(this.engine, regimeId, at);
      if (ended || taken === 0) return;
    }
  }

  async report(regimeId: string, period: Period, officer: PersonActor, at: Instant): Promise<void> {
    await this.#submit(regimeId, period, officer.unitId, this.request(officer, at));
  }

  /** On paper it came an hour before it was due, and was entered an hour before that day closed. */
  async paper(regimeId: string, period: Period, agency: PersonActor, unitId: string): Promise<void> {
    const arrivedAt = dueOf(period) - HOUR;
    const document = { number: '15/BC', date: localDate(CALENDAR, arrivedAt), arrivedAt };
    const request = { ...this.request(agency, dueOf(period) - 1_000), document };
    await this.#submit(regimeId, period, unitId, request);
  }

  async #submit(
    regimeId: string,
    { key }: Period,
    unitId: string | null,
    request: CommandRequest,
  ): Promise<void> {
    const id = await obligationOf(this.engine.writer, { regimeId, unitId: unitId ?? '', period: key });
    if (id === null) throw new Error(`The demonstration owes no report of ${key}`);
    const text = 'Đã rà soát, đối chiếu và làm sạch dữ liệu dân cư theo kế hoạch.';
    done(await executeReport(this.engine, request, id, { action: 'submit', input: { text, progress: [] } }));
  }
}

const done = (outcome: Outcome): string => {
  if ('refused' in outcome) throw new Error(`The demonstration’s reports are refused: ${outcome.detail.en}`);
  return outcome.subjectId ?? '';
};
