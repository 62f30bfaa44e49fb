import { z } from 'zod';
import { dayOfFact } from '../domain/referral/facts.js';
import type { Referral, ReferralFacts } from '../domain/referral/state.js';
import { type Queryable, timestamp, timestampOrNull } from './pool.js';
import { boundlessInstant, exec, many, maybeOne } from './query.js';
import { document } from './read/rows.js';

const referralBody = z.custom<Referral>(
  (value) => typeof value === 'object' && value !== null && 'windowEndsAt' in value,
);
const lockedRow = z.object({
  body: referralBody,
  head_hash: z.instanceof(Buffer),
  armed_at: boundlessInstant,
  head_id: z.string().nullable(),
  answering: z.array(z.string()),
});

export interface LockedReferral {
  readonly state: Referral;
  readonly headHash: Buffer;
  readonly armedAt: number;
  /** Who was head of the unit on the day of the fact. */
  readonly headId: string | null;
  /** Units that answer in the place of one that is no more. */
  readonly answering: readonly string[];
}

/** Locks cases in the order of their ids, after their assignments. */
export async function lockReferrals(db: Queryable, ids: readonly string[]): Promise<LockedReferral[]> {
  const rows = await many(
    db,
    lockedRow,
    {
      name: 'lock_referrals',
      text: `select body, head_hash, armed_at, head_id, answering_units(unit_id, assignment_id) as answering
               from referral where id = any($1::uuid[]) order by id for update`,
    },
    [ids],
  );
  return rows.map((row) => ({
    state: row.body,
    headHash: row.head_hash,
    armedAt: row.armed_at,
    headId: row.head_id,
    answering: row.answering,
  }));
}

/** What a case rests on; it never changes. */
export interface ReferralParents {
  readonly assignmentId: string | null;
  readonly directiveId: string | null;
  readonly regimeId: string | null;
  readonly unitId: string;
  /** As they are frozen: they say which periods count. */
  readonly facts: ReferralFacts;
}

export async function referralParents(db: Queryable, id: string): Promise<ReferralParents | null> {
  const row = await maybeOne(
    db,
    z.object({
      assignment_id: z.string().nullable(),
      directive_id: z.string().nullable(),
      regime_id: z.string().nullable(),
      unit_id: z.string(),
      facts: document<ReferralFacts>(),
    }),
    {
      name: 'referral_parents',
      text: "select assignment_id, directive_id, regime_id, unit_id, body -> 'facts' as facts from referral where id = $1",
    },
    [id],
  );
  return row === null
    ? null
    : {
        assignmentId: row.assignment_id,
        directiveId: row.directive_id,
        regimeId: row.regime_id,
        unitId: row.unit_id,
        facts: row.facts,
      };
}

/** The running cases of a directive, also those of assignments that have ended. */
export async function runningCasesOf(db: Queryable, directiveId: string): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    'select id from referral where directive_id = $1 and ended_at is null order by id',
    [directiveId],
  );
  return rows.map(({ id }) => id);
}

export interface ReferralWrite {
  readonly state: Referral;
  readonly headHash: Buffer;
}

export async function saveReferrals(db: Queryable, writes: readonly ReferralWrite[]): Promise<void> {
  if (writes.length === 0) return;
  const column = <T>(pick: (write: ReferralWrite) => T): T[] => writes.map(pick);
  await exec(
    db,
    {
      name: 'save_referrals',
      text: `insert into referral (id, working_group_id, directive_id, assignment_id, unit_id, state, proposed_at, referred_at,
                                   ended_at, seq, head_hash, body, regime_id, head_id)
             select v.id, v.working_group_id, v.directive_id, v.assignment_id, v.unit_id, v.state, v.proposed_at, v.referred_at,
                    v.ended_at, v.seq, v.head_hash, v.body, v.regime_id, head_on(v.unit_id, v.fact_at)
               from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[],
                           $8::timestamptz[], $9::timestamptz[], $10::int[], $11::bytea[], $12::jsonb[], $13::uuid[],
                           $14::timestamptz[])
                 as v(id, working_group_id, directive_id, assignment_id, unit_id, state, proposed_at, referred_at, ended_at, seq,
                      head_hash, body, regime_id, fact_at)
             on conflict (id) do update set state = excluded.state, referred_at = excluded.referred_at, ended_at = excluded.ended_at,
               seq = excluded.seq, head_hash = excluded.head_hash, body = excluded.body`,
    },
    [
      column((w) => w.state.id),
      column((w) => w.state.workingGroupId),
      column((w) => w.state.directiveId),
      column((w) => w.state.assignmentId),
      column((w) => w.state.unitId),
      column((w) => w.state.state),
      column((w) => timestamp(w.state.proposedAt)),
      column((w) => timestampOrNull(w.state.referredAt)),
      column((w) => timestampOrNull(w.state.endedAt)),
      column((w) => w.state.seq),
      column((w) => w.headHash),
      column((w) => JSON.stringify(w.state)),
      column((w) => w.state.regimeId),
      column((w) => timestamp(dayOfFact(w.state))),
    ],
  );
}
