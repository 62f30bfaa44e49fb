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
  const line = (step: RehearsedStep): Gathered => {
    const key = JSON.stringify([step.at, step.subject, step.step, step.to, step.sends]);
    const found = lines.get(key) ?? { step, count: 0, tasks: new Set(), units: new Set() };
    lines.set(key, found);
    return found;
  };
  // Assignments that were played as one share their steps.
  const groups = new Map<readonly RehearsedStep[], Omit<Gathered, 'step'>>();
  for (const { taskId, unitId, steps } of assignments) {
    const group = groups.get(steps) ?? { count: 0, tasks: new Set(), units: new Set() };
    groups.set(steps, group);
    group.count += 1;
    group.tasks.add(taskId);
    group.units.add(unitId);
  }
  for (const [steps, group] of groups) {
    for (const found of steps.map(line)) {
      found.count += group.count;
      for (const task of group.tasks) found.tasks.add(task);
      for (const unit of group.units) found.units.add(unit);
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
