import type pg from 'pg';
import { type EscalationRow, reportLetterParties } from '../../db/read/escalations.js';
import { type ReportLifeRow, reportLife } from '../../db/read/reports.js';
import { foldReport } from '../../domain/report/evolve.js';
import { dueInForce, type Obligation } from '../../domain/report/state.js';
import { daysLate } from '../../domain/urging-letter.js';
import { calendarOf } from '../settings.js';
import { letterView, type UrgingLetterView } from './letter-view.js';
import type { Viewer } from './view.js';

/** The letter that urges a report, from the facts as they stood when the step was taken. Such a letter needs no signature. */
export async function reportLetterOf(
  client: pg.PoolClient,
  viewer: Viewer,
  row: EscalationRow,
): Promise<UrgingLetterView | null> {
  const life = await reportLife(client, row.subject_id);
  const place = life.findIndex(
    ({ event }) =>
      event.type === 'step_taken' && event.data.step === row.step && event.data.cycle === row.cycle,
  );
  const parties = await reportLetterParties(client, row.subject_id, row.taken_at);
  if (place < 0 || parties === null) return null;
  const state = row.message === 'sent' ? 'sent' : 'dropped';
  if (viewer.actor.role === 'unit' && state !== 'sent') return null;
  const then = foldReport(
    life.slice(0, place + 1).map(({ event, recorded_at }) => ({ event, recordedAt: recorded_at })),
  );
  const calendar = await calendarOf(client, then.calendar);
  const deadlineAt = dueInForce(then, row.taken_at);
  const facts = {
    workingGroup: parties.group_name,
    issuer: parties.issuer.name,
    unit: parties.unit.name,
    head: parties.head,
    about: {
      kind: 'report' as const,
      name: parties.name,
      period: parties.kind === 'ad_hoc' ? null : then.period,
      returned: then.received.length > 0,
    },
    deadlineAt,
    asOf: row.taken_at,
    late: daysLate(calendar, deadlineAt, row.taken_at),
    urgedAt: urgings(life.slice(0, place), then),
    basis: null,
  };
  return letterView({ facts, calendar, parties, state, signed: null });
}

/** The urgings of this cycle that stand. */
function urgings(before: readonly ReportLifeRow[], { cycle, taken }: Obligation): number[] {
  const stands = (step: string): boolean =>
    taken.some((one) => one.step === step && one.cycle === cycle && !one.voided);
  return before.flatMap(({ event }) =>
    event.type === 'step_taken' &&
    event.data.kind === 'urge' &&
    event.data.cycle === cycle &&
    stands(event.data.step)
      ? [event.data.takenAt]
      : [],
  );
}
