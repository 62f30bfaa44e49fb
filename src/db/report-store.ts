import { z } from 'zod';
import type { PeriodRecord } from '../domain/report/repeated.js';
import type { Obligation, ReportStateName } from '../domain/report/state.js';
import { bytes, documents, instants, plain, texts } from './array.js';
import { dayBegins } from './local-date.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';
import { document } from './read/rows.js';
import { type DueSubject, dueRow } from './step-store.js';

export interface LockedObligation {
  readonly state: Obligation;
  readonly headHash: Buffer;
  /** The first date on which its unit is no more; null: it goes on. */
  readonly unitEndsOn: string | null;
}

/** Locks obligations in the order of their ids, after their regime. */
export async function lockObligations(db: Queryable, ids: readonly string[]): Promise<LockedObligation[]> {
  const rows = await many(
    db,
    z.object({
      body: document<Obligation>(),
      head_hash: z.instanceof(Buffer),
      unit_ends_on: z.string().nullable(),
    }),
    {
      name: 'lock_obligations',
      text: `select o.body, o.head_hash, (select u.valid_to from unit u where u.id = o.unit_id) as unit_ends_on
               from report_obligation o where o.id = any($1::uuid[]) order by o.id for update of o`,
    },
    [ids],
  );
  return rows.map((row) => ({ state: row.body, headHash: row.head_hash, unitEndsOn: row.unit_ends_on }));
}

/** What a unit owes for a period of a regime; null where it owes nothing. */
export async function obligationOf(
  db: Queryable,
  of: { readonly regimeId: string; readonly unitId: string; readonly period: string },
): Promise<string | null> {
  const [row] = await many(
    db,
    z.object({ id: z.string() }),
    'select id from report_obligation where regime_id = $1 and unit_id = $2 and period = $3',
    [of.regimeId, of.unitId, of.period],
  );
  return row?.id ?? null;
}

/** Of which regime and whose an obligation is; neither changes. */
export async function obligationParents(
  db: Queryable,
  ids: readonly string[],
): Promise<{ id: string; regimeId: string; regimeVersion: number; unitId: string }[]> {
  const rows = await many(
    db,
    z.object({ id: z.string(), regime_id: z.string(), regime_version: z.number(), unit_id: z.string() }),
    {
      name: 'obligation_parents',
      text: `select id, regime_id, (body->>'regimeVersion')::int as regime_version, unit_id
               from report_obligation where id = any($1::uuid[])`,
    },
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    regimeId: row.regime_id,
    regimeVersion: row.regime_version,
    unitId: row.unit_id,
  }));
}

export interface ObligationWrite {
  readonly state: Obligation;
  readonly headHash: Buffer;
  readonly record: PeriodRecord;
  readonly stretches: readonly { readonly state: ReportStateName; readonly from: number }[];
}

/** One statement for a period of any size; a first write inserts, a later one updates what can change. */
export async function saveObligations(db: Queryable, writes: readonly ObligationWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const column = <T>(pick: (write: ObligationWrite) => T): T[] => writes.map(pick);
  await exec(
    db,
    {
      name: 'save_obligations',
      text: `insert into report_obligation (id, working_group_id, regime_id, unit_id, level, period, opens_on, closes_on, due_at, received_at,
                                            late, excuse_asked, settled, seq, head_hash, body, states, states_from)
             select n.id, n.wg, n.regime, n.unit, n.level, n.period, n.opens, n.closes, n.due, n.received, n.late, n.asked, n.settled,
                    n.seq, n.hash, n.body, n.states::text[], n.since::timestamptz[]
               from rows from (
                      unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::uuid[]), unnest($5::int[]), unnest($6::text[]),
                      unnest($7::date[]), unnest($8::date[]), unnest($9::timestamptz[]), unnest($10::timestamptz[]), unnest($11::boolean[]),
                      unnest($12::boolean[]), unnest($13::boolean[]), unnest($14::int[]), unnest($15::bytea[]),
                      jsonb_array_elements($16::jsonb), unnest($17::text[]), unnest($18::text[]))
                    as n(id, wg, regime, unit, level, period, opens, closes, due, received, late, asked, settled, seq, hash, body, states, since)
             on conflict (id) do update set due_at = excluded.due_at, received_at = excluded.received_at, late = excluded.late,
               excuse_asked = excluded.excuse_asked, settled = excluded.settled, seq = excluded.seq, head_hash = excluded.head_hash,
               body = excluded.body, states = excluded.states, states_from = excluded.states_from`,
    },
    [
      plain(column((w) => w.state.id)),
      plain(column((w) => w.state.workingGroupId)),
      plain(column((w) => w.state.regimeId)),
      plain(column((w) => w.state.unitId)),
      plain(column((w) => w.state.level)),
      texts(column((w) => w.state.period.key)),
      plain(column((w) => w.state.period.opensOn)),
      plain(column((w) => w.state.period.closesOn)),
      instants(column((w) => w.record.dueAt)),
      instants(column((w) => w.record.receivedAt)),
      plain(column((w) => w.record.late)),
      plain(column((w) => w.record.excuseAsked)),
      plain(column((w) => w.state.settled !== null)),
      plain(column((w) => w.state.seq)),
      bytes(column((w) => w.headHash)),
      documents(column((w) => JSON.stringify(w.state))),
      texts(column((w) => plain(w.stretches.map(({ state }) => state)))),
      texts(column((w) => instants(w.stretches.map(({ from }) => from)))),
    ],
  );
}

const recordRow = z
  .object({
    id: z.string(),
    unit_id: z.string(),
    period: z.string(),
    opens_on: z.string(),
    closes_on: z.string(),
    due_at: z.number(),
    received_at: z.number().nullable(),
    late: z.boolean().nullable(),
    excuse_asked: z.boolean(),
    last_recorded_at: z.number(),
  })
  .transform(
    (row): PeriodRecord => ({
      obligationId: row.id,
      unitId: row.unit_id,
      period: row.period,
      opensOn: row.opens_on,
      closesOn: row.closes_on,
      dueAt: row.due_at,
      receivedAt: row.received_at,
      late: row.late,
      excuseAsked: row.excuse_asked,
      lastRecordedAt: row.last_recorded_at,
    }),
  );

/**
 * The periods of some units under one regime that fell due after an instant. `lock`: the facts that go to Home
 * Affairs stand still while they are computed.
 */
export async function periodRecords(
  db: Queryable,
  { regimeIds, unitIds, after }: { regimeIds: readonly string[]; unitIds: readonly string[]; after: number },
  lock = false,
): Promise<PeriodRecord[]> {
  return await many(
    db,
    recordRow,
    {
      name: lock ? 'period_records_locked' : 'period_records',
      text: `select id, unit_id, period, opens_on, closes_on, due_at, received_at, late, excuse_asked,
                    (body ->> 'lastRecordedAt')::float8 as last_recorded_at
               from report_obligation where regime_id = any($1::uuid[]) and unit_id = any($2::uuid[]) and due_at > $3
              order by id ${lock ? 'for share' : ''}`,
    },
    [regimeIds, unitIds, timestamp(after)],
  );
}

/** The periods of some units, each under one regime, stand still: the locks of {@link periodRecords} for many cases, in one order. */
export async function lockPeriods(
  db: Queryable,
  owed: readonly { readonly regimeId: string; readonly unitId: string }[],
): Promise<void> {
  if (owed.length === 0) return;
  await many(
    db,
    z.unknown(),
    `select id from report_obligation
      where (regime_id, unit_id) in (select * from unnest($1::uuid[], $2::uuid[])) order by id for share`,
    [owed.map(({ regimeId }) => regimeId), owed.map(({ unitId }) => unitId)],
  );
}

/** Evidence of the cases of some units that ended otherwise than by withdrawal, or still run. */
export async function usedEvidence(
  db: Queryable,
  regimeIds: readonly string[],
  unitIds: readonly string[],
): Promise<{ caseId: string; unitId: string; obligationIds: string[] }[]> {
  const rows = await many(
    db,
    z.object({ id: z.string(), unit_id: z.string(), ids: z.array(z.string()) }),
    {
      name: 'used_evidence',
      text: `select id, unit_id, array(select p ->> 'obligationId' from jsonb_array_elements(body #> '{facts,periods}') p) as ids
               from referral where regime_id = any($1::uuid[]) and unit_id = any($2::uuid[]) and state not in ('withdrawn', 'lapsed')`,
    },
    [regimeIds, unitIds],
  );
  return rows.map((row) => ({ caseId: row.id, unitId: row.unit_id, obligationIds: row.ids }));
}

/** Running cases of late reporting of some units; to be locked by their ids. */
export async function runningCases(
  db: Queryable,
  regimeIds: readonly string[],
  unitIds: readonly string[],
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'running_cases',
      text: 'select id from referral where regime_id = any($1::uuid[]) and unit_id = any($2::uuid[]) and ended_at is null order by id',
    },
    [regimeIds, unitIds],
  );
  return rows.map(({ id }) => id);
}

/** Whether a case of late reporting runs under a regime. */
export async function isCaseRunning(db: Queryable, regimeId: string): Promise<boolean> {
  const { running } = await one(
    db,
    z.object({ running: z.boolean() }),
    'select exists (select from referral where regime_id = $1 and ended_at is null) as running',
    [regimeId],
  );
  return running;
}

export interface ReportingCase {
  readonly id: string;
  readonly regimeId: string;
}

/** The next running case of late reporting in the order of ids. */
export async function reportingCaseAfter(db: Queryable, after: string | null): Promise<ReportingCase | null> {
  const row = await maybeOne(
    db,
    z.object({ id: z.string(), regime_id: z.string() }),
    `select id, regime_id from referral
      where regime_id is not null and ended_at is null and ($1::uuid is null or id > $1) order by id limit 1`,
    [after],
  );
  return row === null ? null : { id: row.id, regimeId: row.regime_id };
}

/** Those of some assignments that a unit leads under the directives of a regime. */
export async function reportableAssignments(
  db: Queryable,
  wanted: { ids: readonly string[]; unitId: string; directiveIds: readonly string[] },
): Promise<Set<string>> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    'select id from assignment where id = any($1::uuid[]) and unit_id = $2 and directive_id = any($3::uuid[])',
    [wanted.ids, wanted.unitId, wanted.directiveIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The next regime in the order of ids, whatever its state: what fell due under an ended one is still judged. */
export async function regimeAfter(db: Queryable, after: string | null): Promise<string | null> {
  const [row] = await many(
    db,
    z.object({ id: z.string() }),
    'select id from reporting_regime where $1::uuid is null or id > $1 order by id limit 1',
    [after],
  );
  return row?.id ?? null;
}

/** What of a regime is not judged as in time, under another calendar than the one that judges its unit now. */
export async function obligationsBehind(
  db: Queryable,
  regimeId: string,
  after: string | null,
  limit: number,
  calendarId: string,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'obligations_behind',
      text: `with used as materialized (
               select u.unit_id, c.id, c.version
                 from (select distinct unit_id, working_group_id from report_obligation where regime_id = $1) u
                 cross join lateral (select calendar_of(u.working_group_id, u.unit_id) as id) used
                 cross join lateral (select id, version from calendar c where c.id = used.id order by version desc limit 1) c)
             select o.id from report_obligation o join used on used.unit_id = o.unit_id join reporting_regime r on r.id = o.regime_id
              where o.regime_id = $1 and ($2::uuid is null or o.id > $2) and not o.settled and o.late is distinct from false
                and ((o.body #>> '{calendar,id}', (o.body #>> '{calendar,version}')::int) is distinct from (used.id, used.version)
                     or (r.body #>> '{calendar,id}' = $4 and o.body #>> '{calendar,id}' <> $4))
              order by o.id limit $3`,
    },
    [regimeId, after, limit, calendarId],
  );
  return rows.map(({ id }) => id);
}

/** What fell due inside a gap and is not judged as in time. */
export async function obligationsInside(
  db: Queryable,
  { from_at, to_at, cursor_id }: { from_at: number; to_at: number; cursor_id: string | null },
  limit: number,
): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select id from report_obligation
      where not settled and late is distinct from false and due_at between $1 and $2 and ($3::uuid is null or id > $3)
      order by id limit $4`,
    [timestamp(from_at), timestamp(to_at), cursor_id, limit],
  );
  return rows.map(({ id }) => id);
}

/** Obligations of a regime whose window still runs, or that wait for something: whatever may be planned. */
export async function openObligations(
  db: Queryable,
  regimeId: string | null,
  after: string | null,
  limit: number,
): Promise<{ id: string; regimeId: string }[]> {
  const rows = await many(
    db,
    z.object({ id: z.string(), regime_id: z.string() }),
    `select id, regime_id from report_obligation
      where not settled and late is distinct from false and ($1::uuid is null or regime_id = $1)
        and ($2::uuid is null or id > $2) order by id limit $3`,
    [regimeId, after, limit],
  );
  return rows.map((row) => ({ id: row.id, regimeId: row.regime_id }));
}

const ENDS_AT = dayBegins('u.valid_to');

/** What of a regime its unit still owes, and fell or falls due after the unit had ended: with the step it waits for, if any. */
export async function reportsOfEndedUnits(
  db: Queryable,
  regimeId: string,
  now: number,
  after: string | null,
  limit: number,
): Promise<DueSubject[]> {
  return await many(
    db,
    dueRow,
    {
      name: 'reports_of_ended_units',
      text: `select 'obligation' as subject_kind, o.id as subject_id, coalesce(p.step, 'lapse') as step,
                    coalesce(p.due_at, 'infinity')::text as due
               from unit u join report_obligation o on o.regime_id = $1 and o.unit_id = u.id
               left join planned_step p on p.subject_kind = 'obligation' and p.subject_id = o.id
              where u.valid_to is not null and ${ENDS_AT} <= least($2::timestamptz, o.due_at)
                and not o.settled and o.late is distinct from false and p.set_aside_at is null and ($3::uuid is null or o.id > $3)
              order by o.id limit $4`,
    },
    [regimeId, timestamp(now), after, limit],
  );
}

/** When the next of the units ends that owe something under a regime; null where none will. */
export async function nextUnitEnd(db: Queryable, regimeId: string, now: number): Promise<number | null> {
  const [row] = await many(
    db,
    z.object({ at: z.number().nullable() }),
    {
      name: 'next_unit_end',
      text: `select min(${ENDS_AT}) as at from unit u join report_obligation o on o.regime_id = $1 and o.unit_id = u.id
              where u.valid_to is not null and ${ENDS_AT} > $2::timestamptz and ${ENDS_AT} <= o.due_at
                and not o.settled and o.late is distinct from false`,
    },
    [regimeId, timestamp(now)],
  );
  return row?.at ?? null;
}

/** The regimes under which a unit owes something that is not judged as in time. */
export async function regimesOwedBy(db: Queryable, unitIds: readonly string[]): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    `select distinct regime_id as id from report_obligation
      where unit_id = any($1::uuid[]) and not settled and late is distinct from false order by 1`,
    [unitIds],
  );
  return rows.map(({ id }) => id);
}
