import { type Calendar, nextOpening } from '../calendar.js';
import type { Instant } from '../instant.js';
import type { RehearsedAssignment, RehearsedStep } from './play.js';

/** The same step of several assignments at the same instant, as one line. */
export interface RehearsedLine extends RehearsedStep {
  /** When the receivers' hours open and the message may go out. */
  readonly messageAt: Instant;
  readonly assignments: number;
  readonly taskIds: readonly string[];
  readonly unitIds: readonly string[];
}

interface Gathered {
  readonly step: RehearsedStep;
  count: number;
  readonly tasks: Set<string>;
  readonly units: Set<string>;
}

/** A rehearsal as a calendar of lines, the earliest first. */
export function linesOf(
  assignments: readonly RehearsedAssignment[],
  own: readonly RehearsedStep[],
  calendar: Calendar,
): RehearsedLine[] {
  const lines = new Map<
    string,
    { step: RehearsedStep; count: number; tasks: Set<string>; units: Set<string> }
  >();
  // Assignments that were played as one share their steps.
  const known = new Map<RehearsedStep, Gathered>();
  const line = (step: RehearsedStep): Gathered => {
    const same = known.get(step);
    if (same !== undefined) return same;
    const key = JSON.stringify([step.at, step.subject, step.step, step.to, step.sends]);
    const found = lines.get(key) ?? { step, count: 0, tasks: new Set(), units: new Set() };
    lines.set(key, found);
    known.set(step, found);
    return found;
  };
  for (const { taskId, unitId, steps } of assignments) {
    for (const step of steps) {
      const found = line(step);
      found.count += 1;
      found.tasks.add(taskId);
      found.units.add(unitId);
    }
  }
  for (const step of own) line(step);
  return [...lines.values()]
    .map(({ step, count, tasks, units }) => ({
      ...step,
      messageAt: nextOpening(calendar, step.at),
      assignments: count,
      taskIds: [...tasks],
      unitIds: [...units],
    }))
    .sort((one, other) => one.at - other.at || (one.step < other.step ? -1 : 1));
}
