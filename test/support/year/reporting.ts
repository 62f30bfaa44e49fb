import { at, closingAfter, dayAfter, dayOf, midnight } from './minutes.js';
import type { Random } from './random.js';

/** What somebody does with one monthly report. */
export interface ReportAct {
  readonly at: number;
  readonly unitId: string;
  readonly period: string;
  readonly name: 'submit' | 'submit_on_paper' | 'return_form' | 'return' | 'excuse';
  readonly arrived?: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

/** The figures of a month close on its 14th (Decree 09/2019); the report is due a working day later. */
export const reportDue = (period: string): number => closingAfter(midnight(`${period}-14`), 1);

const hour = (day: number, random: Random): number =>
  midnight(dayOf(day)) + random.int(420, 1320) * MINUTE + MINUTE / 2;

/** Most units report in time, some late, some never; a few are returned, excused, or came on paper. */
export function reportedBy(unitId: string, period: string, random: Random): ReportAct[] {
  const closes = at(`${period}-14`, '23:59:59');
  const due = reportDue(period);
  if (random.chance(0.02)) {
    return [{ at: hour(closes - 3 * DAY, random), unitId, period, name: 'excuse' }];
  }
  if (random.chance(0.07)) return [];
  const kind = random.int(0, 9);
  const sent =
    kind < 6
      ? hour(closes - random.int(0, 3) * DAY, random)
      : kind < 8
        ? Math.floor(due / MINUTE) * MINUTE + random.int(-180, 180) * MINUTE + MINUTE / 2
        : hour(due + random.int(1, 12) * DAY, random);
  const acts: ReportAct[] = [];
  if (random.chance(0.05)) {
    const entered = hour(sent + random.int(1, 4) * DAY, random);
    acts.push({
      at: Math.max(entered, sent + MINUTE),
      unitId,
      period,
      name: 'submit_on_paper',
      arrived: sent,
    });
  } else {
    acts.push({ at: sent, unitId, period, name: 'submit' });
  }
  let last = acts[0]?.at ?? sent;
  while (random.chance(0.1)) {
    const back = Math.max(hour(last + random.int(0, 3) * DAY, random), last + 5 * MINUTE);
    acts.push({ at: back, unitId, period, name: random.chance(0.4) ? 'return_form' : 'return' });
    if (random.chance(0.15)) break;
    last = Math.max(
      hour(Date.parse(`${dayAfter(dayOf(back), random.int(0, 3))}T05:00:00Z`), random),
      back + MINUTE,
    );
    acts.push({ at: last, unitId, period, name: 'submit' });
  }
  return acts;
}
