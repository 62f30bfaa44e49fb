import { v7 as uuidv7 } from 'uuid';
import { OFFICE_HOURS } from '../src/domain/calendars/office-hours.js';
import { parseDeadline } from '../src/domain/deadline/parse.js';
import { freeze } from '../src/domain/directive/freeze.js';
import { gate } from '../src/domain/directive/gate.js';
import { MINUTE } from '../src/domain/instant.js';
import { DEFAULT_POLICY } from '../src/domain/policy.js';
import { play } from '../src/domain/rehearsal/play.js';
import { linesOf } from '../src/domain/rehearsal/summary.js';
import { loads, warningsOf } from '../src/domain/rehearsal/warnings.js';
import { draftContent, draftTask } from '../test/support/world.js';

/**
 * The rehearsal of 10,000 assignments: with the deadlines of a real plan (some sixty dates), and as it cannot be
 * worse, with a deadline of its own for each. Pure: it needs no server. Run with `npm run bench -- rehearsal`.
 */
const ASSIGNMENTS = 10_000;
const ISSUED = Date.parse('2026-10-05T09:00:00+07:00');
const UNITS = Array.from({ length: 100 }, () => uuidv7());

function frozen(deadlines: number) {
  const tasks = Array.from({ length: ASSIGNMENTS / UNITS.length }, (_, index) => {
    const phrase = `trước ngày ${1 + (index % 28)}/${11 + (index % 2)}/2026`;
    const parsed = parseDeadline(phrase, { documentDate: '2026-10-01' });
    return draftTask({
      leadUnitIds: UNITS,
      severalLeads: 'each_leads',
      deadline: { phrase, rule: parsed.ok ? parsed.rule : null, past: null },
    });
  });
  const draft = draftContent(tasks);
  const report = gate(draft, {
    now: ISSUED,
    calendar: OFFICE_HOURS,
    policy: DEFAULT_POLICY.deadline,
    unitIds: new Set(UNITS),
    groups: new Map(),
  });
  const version = freeze(draft, report, {
    ...{ directiveId: uuidv7(), workingGroupId: uuidv7(), version: 1, issuedAt: ISSUED },
    ...{ calendar: OFFICE_HOURS, policy: DEFAULT_POLICY },
    ...{ standingAgencyId: uuidv7(), homeAffairsId: uuidv7() },
  });
  if (deadlines < ASSIGNMENTS) return version;
  // One task per assignment, each due a minute after the one before.
  const apart = version.tasks.flatMap((task, place) =>
    task.brings.map((unitId, index) => {
      const deadlineAt = (task.deadlineAt ?? ISSUED) + (place * UNITS.length + index) * MINUTE;
      return { ...task, leads: [unitId], brings: [unitId], deadlineAt, firstDeadlineAt: deadlineAt };
    }),
  );
  return { ...version, tasks: apart };
}

function measure(name: string, deadlines: number): void {
  const settings = { frozen: frozen(deadlines), calendar: OFFICE_HOURS };
  const started = performance.now();
  const silent = play(settings, 'silent');
  const lines = linesOf(silent, [], OFFICE_HOURS);
  linesOf(play(settings, 'punctual'), [], OFFICE_HOURS);
  warningsOf(silent, OFFICE_HOURS, { issuedAt: ISSUED, mostPerWeek: 5 });
  loads(silent, OFFICE_HOURS);
  const took = performance.now() - started;
  const steps = silent.reduce((sum, { steps: own }) => sum + own.length, 0);
  console.log(
    `${name}: ${silent.length} assignments, ${steps} steps, ${lines.length} lines in ${Math.round(took)} ms`,
  );
}

measure('deadlines of a plan', 60);
measure('each its own deadline', ASSIGNMENTS);
