import { z } from 'zod';
import { ROLES } from '../domain/actor.js';
import { type Queryable, timestamp } from './pool.js';
import { exec, many, maybeOne, one } from './query.js';

/** Sessions of browsers, sign-ins under way, and local accounts. Of every secret only a digest is kept. */

export type SignInMethod = 'provider' | 'local' | 'demo';

export interface SessionWrite {
  readonly id: string;
  readonly hash: Buffer;
  readonly personId: string;
  readonly method: SignInMethod;
  readonly idleMs: number;
  readonly longestMs: number;
  readonly address: string | null;
  readonly agent: string | null;
}

export async function insertSession(db: Queryable, session: SessionWrite): Promise<void> {
  await exec(
    db,
    `insert into session (id, hash, person_id, method, started_at, seen_at, idle, ends_at, address, agent)
     select $1, $2, $3, $4, n.now, n.now, $5 * interval '1 millisecond', n.now + $6 * interval '1 millisecond', $7, $8
       from (select app_now() as now) n`,
    [
      session.id,
      session.hash,
      session.personId,
      session.method,
      session.idleMs,
      session.longestMs,
      session.address,
      session.agent,
    ],
  );
}

const EndedRow = z.object({ id: z.string(), person_id: z.string() });

/** Ends the session with this digest; null where there is none that runs. */
export async function endSession(db: Queryable, hash: Buffer): Promise<z.output<typeof EndedRow> | null> {
  return maybeOne(
    db,
    EndedRow,
    'update session set ended_at = app_now() where hash = $1 and ended_at is null returning id, person_id',
    [hash],
  );
}

/** One session of a person. */
export async function endSessionOf(db: Queryable, personId: string, id: string): Promise<boolean> {
  return (
    (await exec(
      db,
      'update session set ended_at = app_now() where id = $2 and person_id = $1 and ended_at is null',
      [personId, id],
    )) > 0
  );
}

/** All of a person's sessions but one. */
export async function endSessionsOf(db: Queryable, personId: string, but: string | null): Promise<number> {
  return exec(
    db,
    `update session set ended_at = app_now()
      where person_id = $1 and ended_at is null and ($2::uuid is null or id <> $2)`,
    [personId, but],
  );
}

/** Ends every sign-in of the demonstration: its tokens and its sessions. */
export async function endDemoSignIns(db: Queryable): Promise<number> {
  const tokens = await exec(
    db,
    "update api_token set revoked_at = clock_timestamp() where kind = 'demo' and revoked_at is null",
  );
  const sessions = await exec(
    db,
    "update session set ended_at = app_now() where method = 'demo' and ended_at is null",
  );
  return tokens + sessions;
}

export async function countDemoSignIns(db: Queryable): Promise<number> {
  const row = await one(
    db,
    z.object({ n: z.number() }),
    "select count(*) as n from api_token where kind = 'demo' and revoked_at is null",
  );
  return row.n;
}

export interface SignInFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnTo: string;
}

export async function insertFlow(
  db: Queryable,
  hash: Buffer,
  flow: SignInFlow,
  livesMs: number,
): Promise<void> {
  await exec(db, 'delete from sign_in_flow where expires_at < app_now()');
  await exec(
    db,
    `insert into sign_in_flow (hash, state, nonce, verifier, return_to, expires_at)
     values ($1, $2, $3, $4, $5, app_now() + $6 * interval '1 millisecond')`,
    [hash, flow.state, flow.nonce, flow.verifier, flow.returnTo, livesMs],
  );
}

/** A flow is used once. */
export async function takeFlow(db: Queryable, hash: Buffer): Promise<SignInFlow | null> {
  return maybeOne(
    db,
    z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), returnTo: z.string() }),
    `delete from sign_in_flow where hash = $1 and expires_at > app_now()
     returning state, nonce, verifier, return_to as "returnTo"`,
    [hash],
  );
}

const PersonRow = z.object({ id: z.string(), name: z.string(), locale: z.enum(['vi', 'en']) });
export type SignInPerson = z.output<typeof PersonRow>;

/** Somebody who may sign in, by what the provider's claim or they themselves call them. */
export async function personByLogin(db: Queryable, login: string): Promise<SignInPerson | null> {
  return maybeOne(
    db,
    PersonRow,
    'select id, name, locale from person where login = $1 and disabled_at is null',
    [login],
  );
}

const AccountRow = PersonRow.extend({
  login: z.string(),
  password: z.string().nullable(),
  setup_hash: z.instanceof(Buffer).nullable(),
});
export type LocalAccountRow = z.output<typeof AccountRow>;

/** The local account of a login; a set-up code that has expired is none. */
export async function localAccount(db: Queryable, login: string): Promise<LocalAccountRow | null> {
  return maybeOne(
    db,
    AccountRow,
    `select p.id, p.name, p.locale, p.login, a.password, case when a.setup_expires_at > app_now() then a.setup_hash end as setup_hash
       from person p join local_account a on a.person_id = p.id where p.login = $1 and p.disabled_at is null`,
    [login],
  );
}

/** A new set-up code. The password stays until a new one is chosen with the code. */
export async function writeSetupCode(
  db: Queryable,
  personId: string,
  hash: Buffer,
  expiresAt: number,
): Promise<void> {
  await exec(
    db,
    `insert into local_account (person_id, setup_hash, setup_expires_at) values ($1, $2, $3)
     on conflict (person_id) do update set setup_hash = excluded.setup_hash, setup_expires_at = excluded.setup_expires_at`,
    [personId, hash, timestamp(expiresAt)],
  );
}

/** Sets the password and uses up the set-up code, if it still is the one that was checked. */
export async function writePassword(
  db: Queryable,
  personId: string,
  password: string,
  setupHash: Buffer | null,
): Promise<boolean> {
  return (
    (await exec(
      db,
      `update local_account set password = $2, changed_at = app_now(), setup_hash = null, setup_expires_at = null
        where person_id = $1 and ($3::bytea is null or setup_hash = $3)`,
      [personId, password, setupHash],
    )) > 0
  );
}

const DemoRow = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  unit: z.string().nullable(),
  workingGroup: z.string(),
});
export type DemoPerson = z.output<typeof DemoRow>;

/** Who can be signed in by one click: holders of tokens of the demonstration that still run. */
export async function demoPeople(db: Queryable): Promise<DemoPerson[]> {
  return many(
    db,
    DemoRow,
    `select p.id, p.name, r.role, u.name as unit, w.name as "workingGroup"
       from person p join role_grant r on r.person_id = p.id join working_group w on w.id = r.working_group_id
       left join unit u on u.id = r.unit_id
      where r.valid_from <= app_now() and r.valid_to > app_now() and p.disabled_at is null
        and exists (select from api_token t where t.person_id = p.id and t.kind = 'demo' and t.revoked_at is null)
      order by w.code, r.role, u.code, p.id`,
  );
}
