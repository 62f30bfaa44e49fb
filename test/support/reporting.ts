import type { Calendar } from '../../src/domain/calendar.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { createRegime } from '../../src/engine/regimes.js';
import { executeReport } from '../../src/engine/reports.js';
import { subjectOf, type World } from './world.js';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

/** Every day a working day from 08:00 to 17:00, so that a test can count days. */
export const EVERY_DAY: Calendar = {
  id: 'every-day',
  version: 1,
  utcOffsetMinutes: 420,
  week: Array.from({ length: 7 }, () => [{ from: 480, to: 1020 }]),
  days: [],
};

export const dateOf = (at: number): string => new Date(at + 7 * HOUR).toISOString().slice(0, 10);

export type Unit = keyof World['units'];

/** A daily regime from today on, due on the next day at 17:00, not yet opened. */
export async function dailyRegime(
  world: World,
  units: readonly Unit[],
  directiveIds: readonly string[] = [],
): Promise<string> {
  return subjectOf(
    await createRegime(world.engine, world.request(world.as('standing_agency')), {
      name: 'Báo cáo ngày',
      nameEn: 'Daily report',
      directiveIds,
      schedule: {
        kind: 'periodic',
        periodicity: { kind: 'daily' },
        startsOn: dateOf(await world.now()),
      },
      levels: [
        { name: null, unitIds: units.map((unit) => world.units[unit]), groupCodes: [], dueWorkingDays: 1 },
      ],
    }),
  );
}

/** The conductor's passes until it rests; the clock is where the test has moved it. */
export async function conductReports(world: World, regimeId: string): Promise<void> {
  for (let passes = 0; passes < 20; passes += 1) {
    const pass = await conductRegime(world.engine, regimeId, Number.MAX_SAFE_INTEGER);
    if (pass.ended || pass.taken === 0) return;
  }
  throw new Error('The regime never comes to rest');
}

/** What is owed under a regime, as the record has it now. */
export interface OwedRow {
  readonly id: string;
  readonly period: string;
  readonly unit_id: string;
  readonly state: string;
  readonly late: boolean | null;
  readonly closes: number;
  readonly due: number;
  readonly planned: string | null;
  readonly reason: string | null;
  readonly settled: number | null;
  readonly events: string;
}

/** `asOf`: the state at another instant than now. */
export async function owedUnder(world: World, regimeId: string, asOf?: number): Promise<OwedRow[]> {
  return await world.sql<OwedRow & Record<string, unknown>>(
    `select o.id, o.period, o.unit_id, o.late, (extract(epoch from o.due_at) * 1000)::float8 as due,
            (o.body ->> 'closesAt')::float8 as closes, (o.body #>> '{settled,at}')::float8 as settled, o.body #>> '{settled,reason}' as reason,
            (select step from planned_step p where p.subject_kind = 'obligation' and p.subject_id = o.id) as planned,
            (select string_agg(type, ' ' order by seq) from event e where e.subject_id = o.id) as events,
            o.states[cardinality(array(select 1 from unnest(o.states_from) since
                                        where since <= coalesce(to_timestamp($2::float8 / 1000), app_now())))] as state
       from report_obligation o where o.regime_id = $1 order by o.period, o.unit_id`,
    [regimeId, asOf ?? null],
  );
}

export const skipTo = async (world: World, at: number): Promise<void> =>
  await world.skip(Math.floor(at - (await world.now())));

/** The unit sends its report, on the spot. */
export async function sendReport(world: World, id: string, unit: Unit): Promise<void> {
  const command = { action: 'submit' as const, input: { text: 'Đã thực hiện', progress: [] } };
  subjectOf(await executeReport(world.engine, world.request(world.as('unit', unit)), id, command));
}

/** The steps that stand, those of reminders left out. */
export async function standingSteps(world: World, id: string): Promise<string[]> {
  const rows = await world.sql<{ step: string }>(
    "select step from step_taken where subject_id = $1 and voided_at is null and step not like 'remind%' order by 1",
    [id],
  );
  return rows.map(({ step }) => step);
}
