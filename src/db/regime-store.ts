import { z } from 'zod';
import { currentVersion, type Regime } from '../domain/report/regime.js';
import { type Queryable, timestampOrNull } from './pool.js';
import { boundlessInstant, exec, many, maybeOne } from './query.js';
import { document } from './read/rows.js';

/** Keeps the advisory locks of regimes apart from those of directives. */
const REGIME_SEED = 3;
const REQUESTS_SEED = 6;

/** As for directives: shared for what lies below, exclusive to open, revise, end and arm. Taken after directives. */
export async function lockRegime(db: Queryable, id: string, mode: 'shared' | 'exclusive'): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await many(
    db,
    z.unknown(),
    { name: `lock_regime_${mode}`, text: `select ${lock}(hashtextextended($1::text, ${REGIME_SEED}))` },
    [id],
  );
}

/**
 * Requests on occasion of a Working Group count together: whoever changes or judges one holds them all, before its
 * reports and before any case. Nothing where none of the regimes is such a request.
 */
export async function lockRequests(db: Queryable, regimeIds: readonly string[]): Promise<void> {
  await many(
    db,
    z.unknown(),
    {
      name: 'lock_requests',
      text: `select pg_advisory_xact_lock(hashtextextended(id::text, ${REQUESTS_SEED}))
               from (select distinct working_group_id as id from reporting_regime
                      where id = any($1::uuid[]) and kind = 'ad_hoc' order by 1) g`,
    },
    [regimeIds],
  );
}

/**
 * The regimes in which lateness adds up to "continues to report late": of a periodic regime its own periods; requests
 * on occasion are one period each, and all those of the Working Group count together.
 */
export async function countedTogether(db: Queryable, regimeId: string): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'counted_together',
      text: `select other.id from reporting_regime one join reporting_regime other
                 on other.id = one.id
                 or (one.kind = 'ad_hoc' and other.kind = 'ad_hoc' and other.working_group_id = one.working_group_id)
              where one.id = $1 order by other.id`,
    },
    [regimeId],
  );
  return rows.map(({ id }) => id);
}

/** Regimes of which some version names a directive, in the order in which they are locked. */
export async function regimesNaming(db: Queryable, directiveIds: readonly string[]): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'regimes_naming',
      text: 'select id from reporting_regime where named_directive_ids && $1::uuid[] order by id',
    },
    [directiveIds],
  );
  return rows.map(({ id }) => id);
}

/** Whether a Working Group has any regime. */
export async function hasRegimes(db: Queryable, workingGroupId: string): Promise<boolean> {
  const text = 'select exists (select from reporting_regime where working_group_id = $1) as found';
  return (await many(db, z.object({ found: z.boolean() }), text, [workingGroupId])).some(
    ({ found }) => found,
  );
}

/** Those of some directives that are in force. */
export async function directivesInForce(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    {
      name: 'directives_in_force',
      text: "select id from directive where id = any($1::uuid[]) and state = 'issued'",
    },
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface StoredRegime {
  readonly state: Regime;
  readonly headHash: Buffer;
  readonly armedAt: number;
}

/** A regime as it stands; read after its lock is held. */
export async function loadRegime(db: Queryable, id: string): Promise<StoredRegime | null> {
  const row = await maybeOne(
    db,
    z.object({ body: document<Regime>(), head_hash: z.instanceof(Buffer), armed_at: boundlessInstant }),
    { name: 'load_regime', text: 'select body, head_hash, armed_at from reporting_regime where id = $1' },
    [id],
  );
  return row === null ? null : { state: row.body, headHash: row.head_hash, armedAt: row.armed_at };
}

export async function saveRegime(db: Queryable, state: Regime, headHash: Buffer): Promise<void> {
  const { version, definition } = currentVersion(state);
  await exec(
    db,
    {
      name: 'save_regime',
      text: `insert into reporting_regime (id, working_group_id, unit_id, kind, state, name, name_en, version, directive_ids, ended_at,
                                           seq, head_hash, body, named_directive_ids)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9::uuid[], $10, $11, $12, $13, $14::uuid[])
             on conflict (id) do update set state = excluded.state, name = excluded.name, name_en = excluded.name_en,
               version = excluded.version, directive_ids = excluded.directive_ids, ended_at = excluded.ended_at, seq = excluded.seq,
               head_hash = excluded.head_hash, body = excluded.body, named_directive_ids = excluded.named_directive_ids`,
    },
    [
      state.id,
      state.workingGroupId,
      state.standingAgencyId,
      definition.schedule.kind,
      state.state,
      definition.name,
      definition.nameEn,
      version,
      definition.directiveIds,
      timestampOrNull(state.endedAt),
      state.seq,
      headHash,
      JSON.stringify(state),
      [...new Set(state.versions.flatMap((one) => one.definition.directiveIds))],
    ],
  );
}

/** Of what a definition names: the directives and units that exist, within the Working Group. */
export async function knownReferences(
  db: Queryable,
  workingGroupId: string,
  wanted: { directiveIds: readonly string[]; unitIds: readonly string[]; groupCodes: readonly string[] },
): Promise<ReadonlySet<string>> {
  const rows = await many(
    db,
    z.object({ known: z.string() }),
    `select id::text as known from directive where id = any($2::uuid[]) and working_group_id = $1 and state in ('issued', 'closed')
     union all select id::text from unit where id = any($3::uuid[])
     union all select distinct group_code from unit where group_code = any($4::text[])`,
    [workingGroupId, wanted.directiveIds, wanted.unitIds, wanted.groupCodes],
  );
  return new Set(rows.map(({ known }) => known));
}
