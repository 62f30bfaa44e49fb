-- Who looked, signed in, took out or was let in: as which role, when, from where. Chained per person and day, so
-- that a day of one person can be shown whole. Nobody of a name: the nil uuid (a sign-in that failed).
create table access_log (
  number bigint generated always as identity,
  person_id uuid not null,
  day date not null,                               -- local
  seq integer not null,
  at timestamptz not null,
  working_group_id uuid,
  unit_id uuid,
  role text,
  action text not null,
  subject_kind text,
  subject_id uuid,
  detail jsonb not null default '{}',
  address text,
  agent text,
  hash bytea not null,
  primary key (person_id, day, seq)
);
create unique index access_log_number on access_log (number);
create index access_log_group on access_log (working_group_id, number);
create index access_log_subject on access_log (subject_kind, subject_id);

grant select, insert on access_log to dondoc_writer;
grant select on access_log to dondoc_reader;
alter table access_log enable row level security;
create policy writer_all on access_log to dondoc_writer using (true) with check (true);
create policy reader_scope on access_log for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) in ('supervisor', 'administrator'));

-- Appends one line in one round trip: the chain's lock comes last of all locks, and is held until the caller's
-- transaction ends. `body` is the canonical text of everything but day, number and instant.
create function record_access(person uuid, working_group uuid, unit uuid, acting_role text, what text,
                              what_kind text, what_id uuid, more jsonb, address text, agent text, body text)
  returns void language plpgsql as
$$
declare
  now constant timestamptz := date_trunc('milliseconds', app_now());
  today constant date := (now at time zone 'Asia/Ho_Chi_Minh')::date;
  last_seq integer;
  last_hash bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended(person::text || today::text, 3));
  select l.seq, l.hash into last_seq, last_hash from access_log l
   where l.person_id = person and l.day = today order by l.seq desc limit 1;
  insert into access_log (person_id, day, seq, at, working_group_id, unit_id, role, action, subject_kind, subject_id, detail,
                          address, agent, hash)
  values (person, today, coalesce(last_seq, 0) + 1, now, working_group, unit, acting_role, what, what_kind, what_id, more,
          address, agent,
          sha256(coalesce(last_hash, ''::bytea) || convert_to(
            concat_ws('|', today, coalesce(last_seq, 0) + 1, (extract(epoch from now) * 1000)::bigint, body), 'UTF8')));
end $$;
revoke execute on function record_access(uuid, uuid, uuid, text, text, text, uuid, jsonb, text, text, text) from public;
grant execute on function record_access(uuid, uuid, uuid, text, text, text, uuid, jsonb, text, text, text) to dondoc_writer;
