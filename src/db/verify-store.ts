import { z } from 'zod';
import type { Queryable } from './pool.js';
import { many } from './query.js';

/** One event as the verifier reads it: everything as text, so that nothing is parsed that needs no parsing. */
export type RawEvent = readonly [
  kind: string,
  id: string,
  seq: string,
  workingGroupId: string,
  directiveId: string | null,
  unitId: string | null,
  type: string,
  data: string,
  text: string | null,
  salt: string | null,
  textHash: string | null,
  actor: string,
  document: string | null,
  received: string,
  happened: string,
  recorded: string,
  hash: string,
  number: string,
];

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const EVENTS = `select subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data, text, encode(salt, 'hex'),
  encode(text_hash, 'hex'), actor, document, ${ms('received_at')}, ${ms('happened_at')}, ${ms('recorded_at')}, encode(hash, 'hex'), number
  from event`;

export type RawAccess = readonly [
  person: string,
  day: string,
  seq: string,
  at: string,
  group: string | null,
  unit: string | null,
  role: string | null,
  action: string,
  kind: string | null,
  id: string | null,
  detail: string,
  address: string | null,
  agent: string | null,
  hash: string,
  number: string,
];

const ACCESSES = `select person_id, day, seq, ${ms('at')}, working_group_id, unit_id, role, action, subject_kind, subject_id, detail, address,
  agent, encode(hash, 'hex'), number from access_log order by person_id, day, seq`;

const asText = { getTypeParser: () => (text: unknown) => text };
const FETCH = 2_000;

/** Rows of a query through a cursor of the caller's transaction: memory stays flat whatever there is. */
async function* stream<Row>(
  client: Queryable,
  name: string,
  text: string,
  params: unknown[],
): AsyncGenerator<Row[]> {
  await client.query(`declare ${name} no scroll cursor for ${text}`, params);
  const fetch = { text: `fetch ${FETCH} from ${name}`, rowMode: 'array' as const, types: asText };
  try {
    // The next page is asked for while this one is looked at.
    for (let next = client.query<Row[] & unknown[]>(fetch); ; ) {
      const { rows } = await next;
      if (rows.length === FETCH) next = client.query<Row[] & unknown[]>(fetch);
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- rowMode 'array' with texts only: the select list beside the tuple says which
      if (rows.length > 0) yield rows as unknown as Row[];
      if (rows.length < FETCH) return;
    }
  } finally {
    await client.query(`close ${name}`).catch(() => undefined);
  }
}

/** Rows of any query, every column as its text or null. */
export function streamTexts(
  client: Queryable,
  name: string,
  text: string,
): AsyncGenerator<(string | null)[][]> {
  return stream<(string | null)[]>(client, name, text, []);
}

export function streamEvents(client: Queryable): AsyncGenerator<RawEvent[]> {
  return stream<RawEvent>(client, 'verify_events', `${EVENTS} order by subject_kind, subject_id, seq`, []);
}

export function streamAccesses(client: Queryable): AsyncGenerator<RawAccess[]> {
  return stream<RawAccess>(client, 'verify_accesses', ACCESSES, []);
}

const headRow = z.object({
  kind: z.string(),
  id: z.string(),
  seq: z.number().nullable(),
  last: z.number().nullable(),
});

/** Subjects whose row does not stand where their chain ends: cut, lengthened, or without one of the two. */
export async function strayHeads(db: Queryable): Promise<z.output<typeof headRow>[]> {
  return many(
    db,
    headRow,
    `with head as (
       select 'directive' as kind, id, seq, head_hash from directive
       union all select 'assignment', id, seq, head_hash from assignment
       union all select 'referral', id, seq, head_hash from referral
       union all select 'regime', id, seq, head_hash from reporting_regime
       union all select 'obligation', id, seq, head_hash from report_obligation),
     tail as (
       select distinct on (subject_kind, subject_id) subject_kind as kind, subject_id as id, seq as last, hash, type
         from event order by subject_kind, subject_id, seq desc)
     select coalesce(h.kind, t.kind) as kind, coalesce(h.id, t.id) as id, h.seq, t.last
       from head h full join tail t on t.kind = h.kind and t.id = h.id
      where (h.id is null and t.type <> 'deleted') or t.id is null or h.seq <> t.last or h.head_hash <> t.hash
      order by 1, 2`,
  );
}
