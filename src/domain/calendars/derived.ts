import type { Calendar, CalendarDay } from '../calendar.js';

/**
 * The days of a calendar that began as a copy of another, once that other was edited: every date that was edited and on
 * which the two had agreed goes along, also where neither had an entry. What the copy has decided otherwise for itself stays.
 *
 * A national holiday holds for who works Saturdays too; without this its unit would be late on a day off.
 */
export function daysAlongWith(own: Calendar, before: Calendar, after: Calendar): readonly CalendarDay[] {
  const [mine, was, is] = [byDate(own), byDate(before), byDate(after)];
  const dates = [...new Set([...mine.keys(), ...was.keys(), ...is.keys()])].sort();
  return dates.flatMap((date) => {
    const edited = JSON.stringify(was.get(date)) !== JSON.stringify(is.get(date));
    const agreed = sameDay(mine.get(date), was.get(date));
    return (edited && agreed ? is.get(date) : mine.get(date)) ?? [];
  });
}

type ByDate = ReadonlyMap<string, CalendarDay>;

const byDate = ({ days }: Calendar): ByDate => new Map(days.map((day) => [day.date, day]));

/** Whether two entries say the same of their day; who says so, and how it is called, is not compared. */
export function sameDay(one: CalendarDay | undefined, other: CalendarDay | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.kind === other.kind &&
    one.intervals.length === other.intervals.length &&
    one.intervals.every(
      ({ from, to }, index) => from === other.intervals[index]?.from && to === other.intervals[index].to,
    )
  );
}

/** Whether two lists of days are the same to the letter, their sources included. */
export const sameDays = (one: readonly CalendarDay[], other: readonly CalendarDay[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
