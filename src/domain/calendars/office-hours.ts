import type { Calendar, Interval } from '../calendar.js';

const HOURS: readonly Interval[] = [
  { from: 480, to: 720 },
  { from: 810, to: 1050 },
];

export const OFFICE_HOURS: Calendar = {
  id: 'office-hours',
  version: 1,
  utcOffsetMinutes: 420,
  week: [HOURS, HOURS, HOURS, HOURS, HOURS, [], []],
  days: [],
};
