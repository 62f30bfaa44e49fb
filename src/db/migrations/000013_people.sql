-- Who may sign in and how, what a token may do, whose deputy somebody is; and limits that several processes share.

alter table person
  add column login text unique,                    -- what the provider's claim, or the local sign-in, calls them
  add column disabled_at timestamptz,
  add column row_version integer not null default 1;

alter table role_grant
  add column deputy_of uuid references person,     -- acts for somebody within its dates
  add column office boolean not null default false, -- the one shared account of a unit's office
  add column row_version integer not null default 1,
  add check (valid_to >= valid_from),
  add check (not office or role = 'unit'),
  add check (deputy_of is null or valid_to < 'infinity');
-- One office account a unit, at any time: an ended one ends at an instant, a running one has no end.
create unique index role_grant_office on role_grant (working_group_id, unit_id) where office and valid_to = 'infinity';

alter table api_token
  add column kind text not null default 'personal' check (kind in ('personal', 'demo')),
  add column scopes text[] not null default '{read,write,admin}'
    check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0),
  add column grant_id uuid references role_grant,  -- acts under this grant alone
  add column made_by uuid references person;
update api_token set kind = 'demo' where label = 'demo';
update api_token set expires_at = 'infinity' where expires_at is null;
alter table api_token alter column expires_at set not null;
create index api_token_person on api_token (person_id);

-- A browser's session: an opaque id, of which only the digest is here.
create table session (
  id uuid primary key,
  hash bytea not null unique,
  person_id uuid not null references person,
  method text not null check (method in ('provider', 'local', 'demo')),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  idle interval not null,                          -- ends when unseen for so long
  ends_at timestamptz not null,                    -- and then in any case
  ended_at timestamptz,
  address text,
  agent text
);
create index session_person on session (person_id);

-- A sign-in on its way to the provider and back, kept for minutes. The browser holds the id, this its digest.
create table sign_in_flow (
  hash bytea primary key,
  state text not null,
  nonce text not null,
  verifier text not null,
  return_to text not null,
  expires_at timestamptz not null
);

-- For installations without a provider. A set-up code is for one use and a short time.
create table local_account (
  person_id uuid primary key references person,
  password text,
  changed_at timestamptz,
  setup_hash bytea,
  setup_expires_at timestamptz
);

-- What rate-limiter-flexible counts. Unlogged: lost in a crash of the server, it only starts to count anew.
create unlogged table rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limit_expire on rate_limit (expire);

grant select, insert, update, delete on session, sign_in_flow, local_account, rate_limit to dondoc_writer;

-- ── what readers see of people ───────────────────────────────────────────────────────────────────
create function app_person() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.person', true), '')::uuid $$;

create index unit_head_person on unit_head (person_id);
-- Somebody who has, or had, a grant in the reader's Working Group, or heads or headed a unit. As the owner, since
-- grants have policies of their own.
create function app_knows(person uuid) returns boolean language plpgsql stable parallel safe security definer
  set search_path = public, pg_temp as
$$
begin
  return exists (select from role_grant g where g.person_id = person and g.working_group_id = app_working_group())
    or exists (select from unit_head h where h.person_id = person);
end $$;
-- Somebody of the administrator's Working Group, or of none yet: whose record is in their care.
create function app_administers(person uuid) returns boolean language plpgsql stable parallel safe security definer
  set search_path = public, pg_temp as
$$
begin
  return app_role() = 'administrator' and (
    exists (select from role_grant g where g.person_id = person and g.working_group_id = app_working_group())
    or not exists (select from role_grant g where g.person_id = person and g.valid_to > app_now()));
end $$;
revoke execute on function app_knows(uuid), app_administers(uuid) from public;
grant execute on function app_knows(uuid), app_administers(uuid) to dondoc_reader;

do $$
declare scoped text;
begin
  foreach scoped in array array['person', 'role_grant', 'api_token', 'session'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy writer_all on %I to dondoc_writer using (true) with check (true)', scoped);
  end loop;
end $$;

create policy reader_scope on person for select to dondoc_reader using (
  id = (select app_person()) or ((select app_working_group()) is not null and (
    app_knows(id) or ((select app_role()) = 'administrator' and app_administers(id)))));

create policy reader_scope on role_grant for select to dondoc_reader using (
  person_id = (select app_person())
  or (working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or (select app_role()) = 'administrator'
    or ((select app_role()) = 'unit' and unit_id = (select app_unit())))));

-- Never the digest. One's own, and for an administrator those bound to a grant of the Working Group.
grant select (id, person_id, label, kind, scopes, grant_id, made_by, created_at, expires_at, revoked_at, last_used_at)
  on api_token to dondoc_reader;
create policy reader_scope on api_token for select to dondoc_reader using (
  person_id = (select app_person())
  or ((select app_role()) = 'administrator'
    and exists (select from role_grant g where g.id = api_token.grant_id
                and g.working_group_id = (select app_working_group()))));

grant select (id, person_id, method, started_at, seen_at, idle, ends_at, ended_at, address, agent) on session to dondoc_reader;
create policy reader_scope on session for select to dondoc_reader using (person_id = (select app_person()));
