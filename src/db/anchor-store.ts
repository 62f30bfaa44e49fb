import { z } from 'zod';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

const ANCHOR_SEED = 4;

export interface Horizon {
  readonly events: number;
  readonly accesses: number;
}

/** Up to where everything is committed. In a transaction of its own: commands wait for as long as it lasts. */
export async function anchorHorizon(db: Queryable): Promise<Horizon> {
  return one(
    db,
    z.object({ events: z.number(), accesses: z.number() }),
    'select events, accesses from anchor_horizon()',
  );
}

/** One anchor is made at a time. */
export async function lockAnchors(db: Queryable): Promise<void> {
  await many(db, z.unknown(), `select pg_advisory_xact_lock(${ANCHOR_SEED})`);
}

const anchorRow = z
  .object({
    number: z.number(),
    at: z.number(),
    up_to: z.number(),
    access_up_to: z.number(),
    chains: z.number(),
    leaves: z.string(),
    root: z.instanceof(Buffer),
    previous: z.instanceof(Buffer).nullable(),
    statement: z.string(),
    key_id: z.string().nullable(),
    signature: z.instanceof(Buffer).nullable(),
  })
  .transform((row) => ({
    number: row.number,
    at: row.at,
    upTo: row.up_to,
    accessUpTo: row.access_up_to,
    chains: row.chains,
    leaves: row.leaves,
    root: row.root,
    previous: row.previous,
    statement: row.statement,
    keyId: row.key_id,
    signature: row.signature,
  }));
export type Anchor = z.output<typeof anchorRow>;

export async function lastAnchor(db: Queryable): Promise<Anchor | null> {
  return maybeOne(db, anchorRow, 'select * from anchor order by number desc limit 1');
}

export async function allAnchors(db: Queryable): Promise<Anchor[]> {
  return many(db, anchorRow, 'select * from anchor order by number');
}

export async function insertAnchor(db: Queryable, anchor: Anchor): Promise<void> {
  await exec(
    db,
    {
      name: 'insert_anchor',
      text: `insert into anchor (number, at, up_to, access_up_to, chains, leaves, root, previous, statement, key_id, signature)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    },
    [
      anchor.number,
      timestamp(anchor.at),
      anchor.upTo,
      anchor.accessUpTo,
      anchor.chains,
      anchor.leaves,
      anchor.root,
      anchor.previous,
      anchor.statement,
      anchor.keyId,
      anchor.signature,
    ],
  );
}

const lines = z.array(z.object({ leaf: z.string() }));

/** The heads of every chain that grew between two horizons, in one order for all who compute a root over them. */
export async function grownHeads(db: Queryable, from: Horizon, to: Horizon): Promise<string[]> {
  const rows = await many(
    db,
    lines.element,
    `select leaf from (
       (select distinct on (subject_kind, subject_id)
               concat_ws('|', subject_kind, subject_id, seq, encode(hash, 'hex')) as leaf
          from event where number > $1 and number <= $2 order by subject_kind, subject_id, seq desc)
       union all
       (select distinct on (person_id, day) concat_ws('|', 'access', person_id || '/' || day, seq, encode(hash, 'hex'))
          from access_log where number > $3 and number <= $4 order by person_id, day, seq desc)) heads
      order by leaf collate "C"`,
    [from.events, to.events, from.accesses, to.accesses],
  );
  return rows.map((row) => row.leaf);
}

/** The letter that carries an anchor outside; its Message-ID is the anchor's, so it is written once. */
export async function insertAnchorLetter(
  db: Queryable,
  letter: {
    readonly id: string;
    readonly to: string;
    readonly messageId: string;
    readonly subject: string;
    readonly text: string;
    readonly html: string;
    readonly at: number;
  },
): Promise<void> {
  await exec(
    db,
    `insert into envelope (id, working_group_id, channel, recipient_kind, address, locale, message_id, subject, body_text, body_html,
                           next_at, created_at)
     select $1, (select id from working_group order by id limit 1), 'email', 'witness', $2, 'en', $3, $4, $5, $6, $7, $7
      where exists (select from working_group)
     on conflict (message_id) do nothing`,
    [letter.id, letter.to, letter.messageId, letter.subject, letter.text, letter.html, timestamp(letter.at)],
  );
}
