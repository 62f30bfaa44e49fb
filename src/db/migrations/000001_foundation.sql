-- The record. One truth for every directive, assignment and case; Temporal only conducts over it.
--
-- Lock order for whoever writes (design: locks): idempotency key; directives ascending, by advisory
-- lock; subjects by (kind, id), by row lock. Roles: the migrating role owns everything,
-- dondoc_writer executes commands and steps, dondoc_reader answers reads under row-level security.

-- ── clock ────────────────────────────────────────────────────────────────────────────────────────
-- The one `now` that commands and steps share. The row exists in test mode only, where skipped time
-- must move the database's clock too.
create table clock_offset (
  single boolean primary key default true check (single),
  shift interval not null
);

create function app_now() returns timestamptz language sql volatile parallel safe as
$$ select clock_timestamp() + coalesce((select shift from clock_offset), interval '0') $$;

-- ── scope of a reader ────────────────────────────────────────────────────────────────────────────
-- Set with set_config(name, value, true) at the start of each reading transaction; unset means that
-- nothing is visible.
create function app_working_group() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.working_group', true), '')::uuid $$;
create function app_role() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('app.role', true), '') $$;
create function app_unit() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('app.unit', true), '')::uuid $$;
create function app_reads_all() returns boolean language sql stable parallel safe as
$$ select app_role() in ('standing_agency', 'supervisor') $$;

-- ── directory: shared by every Working Group of the installation ─────────────────────────────────
create table unit (
  id uuid primary key,
  code text not null unique,
  name text not null,
  name_en text,
  aliases text[] not null default '{}',
  group_code text not null,
  parent_id uuid references unit,
  email text,
  valid_from date not null default '1900-01-01',
  valid_to date,
  row_version integer not null default 1,
  check (valid_to is null or valid_to > valid_from)
);

create table person (
  id uuid primary key,
  name text not null,
  email text,
  locale text not null default 'vi' check (locale in ('vi', 'en'))
);

create table unit_head (
  id uuid primary key,
  unit_id uuid not null references unit,
  person_id uuid not null references person,
  valid_from date not null,
  valid_to date,
  check (valid_to is null or valid_to > valid_from)
);
create index unit_head_unit on unit_head (unit_id);

create table calendar (
  id text not null,
  version integer not null,
  body jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (id, version)
);

create table policy (
  id text not null,
  version integer not null,
  body jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (id, version)
);

create table working_group (
  id uuid primary key,
  code text not null unique,
  name text not null,
  name_en text,
  standing_agency_id uuid not null references unit,
  home_affairs_id uuid not null references unit,
  supervisor_unit_id uuid references unit,
  calendar_id text not null,
  policy_id text not null
);

create table role_grant (
  id uuid primary key,
  person_id uuid not null references person,
  working_group_id uuid not null references working_group,
  role text not null check (role in ('standing_agency', 'unit', 'supervisor', 'home_affairs', 'administrator')),
  unit_id uuid references unit,
  valid_from timestamptz not null default '-infinity',
  valid_to timestamptz not null default 'infinity',
  check (role <> 'unit' or unit_id is not null)
);
create index role_grant_person on role_grant (person_id);
create index role_grant_unit on role_grant (working_group_id, role, unit_id);

create table api_token (
  id uuid primary key,
  person_id uuid not null references person,
  hash bytea not null unique,
  label text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- ── directives ───────────────────────────────────────────────────────────────────────────────────
create table directive (
  id uuid primary key,
  working_group_id uuid not null references working_group,
  unit_id uuid not null references unit,           -- the standing agency that issues it
  state text not null check (state in ('draft', 'awaiting_approval', 'issued', 'closed', 'withdrawn')),
  number text,                                     -- number and symbol as typed
  title text not null,
  document_date date,
  row_version integer not null default 1,          -- for ETag / If-Match
  content jsonb not null,                          -- the draft; after issue the current version
  frozen_version integer not null default 0,
  planned integer not null default 0,              -- assignments the frozen version asks for
  assigned integer not null default 0,             -- assignments in the record; the issuing cursor
  issued_at timestamptz,
  ended_at timestamptz,
  armed_at timestamptz not null default '-infinity', -- the instant its conductor's timer is set to
  calendar_id text not null,
  calendar_version integer not null,               -- under which its open subjects are computed
  seq integer not null default 0,
  head_hash bytea,
  body jsonb not null                              -- the folded state
);
create index directive_group on directive (working_group_id, id);

create table directive_version (
  directive_id uuid not null references directive,
  version integer not null,
  working_group_id uuid not null,
  unit_id uuid not null,
  content jsonb not null,
  policy jsonb not null,
  calendar_id text not null,
  calendar_version integer not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (directive_id, version)
);

create table task (
  id uuid primary key,
  directive_id uuid not null references directive,
  working_group_id uuid not null,
  unit_id uuid,                                    -- the lead where there is exactly one
  ordinal integer not null,
  code text,
  title text not null,
  nature text not null,
  recurrence text not null,
  kind text not null,
  unclear text[] not null default '{}',            -- which of the four clears fail
  deadline_phrase text,
  deadline_at timestamptz,
  body jsonb not null
);
create index task_directive on task (directive_id, ordinal);

-- ── assignments ──────────────────────────────────────────────────────────────────────────────────
create table assignment (
  id uuid primary key,
  working_group_id uuid not null,
  directive_id uuid not null references directive,
  task_id uuid not null,
  unit_id uuid not null,                           -- the lead unit
  coordinating_unit_ids uuid[] not null default '{}',
  monitor_unit_id uuid not null,
  state text not null,
  cycle integer not null,
  first_deadline_at timestamptz,
  due_at timestamptz,
  submitted_at timestamptz,
  ended_at timestamptz,
  span_since timestamptz not null,                 -- start of its open span
  referral_id uuid,                                -- its latest case
  seq integer not null,
  head_hash bytea not null,
  body jsonb not null
) with (fillfactor = 80);
create index assignment_directive on assignment (directive_id, id);
create index assignment_open on assignment (directive_id) where ended_at is null;
create index assignment_unit on assignment (working_group_id, unit_id, id);
create index assignment_task on assignment (task_id);

-- What an assignment carries beside its own state: extensions, obstacles, causes, contributions,
-- explanations. A projection; the texts are in the events that made them.
create table matter (
  id uuid primary key,
  kind text not null check (kind in ('extension', 'obstacle', 'cause', 'contribution', 'explanation', 'contest')),
  assignment_id uuid not null references assignment,
  directive_id uuid not null,
  working_group_id uuid not null,
  unit_id uuid not null,
  state text not null,
  opened_seq integer not null,
  opened_at timestamptz not null,
  body jsonb not null
);
create index matter_assignment on matter (assignment_id);
create index matter_group on matter (working_group_id, kind, state);

-- ── cases to Home Affairs ────────────────────────────────────────────────────────────────────────
create table referral (
  id uuid primary key,
  working_group_id uuid not null,
  directive_id uuid not null references directive,
  assignment_id uuid not null references assignment,
  unit_id uuid not null,
  state text not null,
  proposed_at timestamptz not null,
  referred_at timestamptz,
  ended_at timestamptz,
  armed_at timestamptz not null default '-infinity',
  seq integer not null,
  head_hash bytea not null,
  body jsonb not null
);
create index referral_group on referral (working_group_id, id);
-- One running case per assignment.
create unique index referral_running on referral (assignment_id) where ended_at is null;

-- ── events: append-only, hash-chained per subject ────────────────────────────────────────────────
create table event (
  number bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),  -- with number, the cursor of followers
  subject_kind text not null,
  subject_id uuid not null,
  seq integer not null,
  working_group_id uuid not null,
  directive_id uuid not null,
  unit_id uuid,
  type text not null,
  data jsonb not null,
  text jsonb,                                      -- free text, in the chain by salted hash only
  salt bytea,
  text_hash bytea,
  actor jsonb not null,
  document jsonb,
  received_at timestamptz not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  hash bytea not null,
  primary key (subject_kind, subject_id, seq)
);
create unique index event_number on event (number);
create index event_cursor on event (working_group_id, xid, number);

-- ── spans: half-open stretches of constant unit, state and deadline, for the counts ──────────────
create table span (
  assignment_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz,
  working_group_id uuid not null,
  directive_id uuid not null,
  task_id uuid not null,
  unit_id uuid not null,
  class text not null,
  due_at timestamptz,
  late boolean,                                    -- fixed where a submission was judged
  primary key (assignment_id, starts_at)
);
create index span_group on span (working_group_id, unit_id, starts_at);
create index span_directive on span (directive_id, starts_at);

-- ── time ─────────────────────────────────────────────────────────────────────────────────────────
-- The next step of each subject that waits for something; the conductor takes what is due.
create table planned_step (
  subject_kind text not null,
  subject_id uuid not null,
  conductor_kind text not null,
  conductor_id uuid not null,
  working_group_id uuid not null,
  unit_id uuid,
  step text not null,
  due_at timestamptz not null,
  set_aside_at timestamptz,                        -- poisoned: left out of the minimum and shown
  error text,
  primary key (subject_kind, subject_id)
) with (fillfactor = 80);
create index planned_step_due on planned_step (conductor_kind, conductor_id, due_at) where set_aside_at is null;
create index planned_step_late on planned_step (due_at) where set_aside_at is null;

create table step_taken (
  id uuid primary key,
  subject_kind text not null,
  subject_id uuid not null,
  step text not null,
  cycle integer not null,
  kind text not null,
  working_group_id uuid not null,
  directive_id uuid not null,
  assignment_id uuid,
  unit_id uuid,
  planned_at timestamptz not null,
  taken_at timestamptz not null,
  recipients jsonb not null,
  policy_text text not null,
  calendar text not null,
  message text not null,                           -- sent | superseded by a higher one | none
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  voided_at timestamptz,
  void_reason text,
  unique (subject_kind, subject_id, step, cycle)
);
create index step_taken_group on step_taken (working_group_id, taken_at desc, id);
create index step_taken_assignment on step_taken (assignment_id);
create index step_taken_directive on step_taken (directive_id);

-- ── outbox ───────────────────────────────────────────────────────────────────────────────────────
create table item (
  id uuid primary key,
  key text not null unique,                        -- cause, recipient, channel: never twice
  working_group_id uuid not null,
  directive_id uuid not null,
  assignment_id uuid,
  unit_id uuid,
  step_id uuid,
  recipient_kind text not null,
  recipient_unit_id uuid,
  template text not null,
  rank integer not null,
  holds text not null,                             -- 'always' | 'while_unanswered'
  cycle integer,
  params jsonb not null,
  created_at timestamptz not null,
  open_at timestamptz not null,                    -- when the receiver's hours open
  state text not null default 'waiting' check (state in ('waiting', 'enveloped', 'superseded', 'undeliverable')),
  note text,
  envelope_id uuid
);
create index item_waiting on item (open_at) where state = 'waiting';
create index item_assignment on item (assignment_id) where state = 'waiting';
create index item_envelope on item (envelope_id);

create table envelope (
  id uuid primary key,
  working_group_id uuid not null,
  channel text not null,
  recipient_kind text not null,
  unit_id uuid,
  person_id uuid,
  address text not null,
  locale text not null,
  message_id text not null unique,
  subject text not null,
  body_text text not null,
  body_html text not null,
  state text not null default 'ready' check (state in ('ready', 'sent', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  leased_until timestamptz not null default '-infinity',
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index envelope_ready on envelope (next_at) where state = 'ready';
create index envelope_unit on envelope (working_group_id, unit_id);

-- No unique key on purpose: each command inserts its own row, the pump deletes exactly what it claimed.
create table wake (
  id bigint generated always as identity primary key,
  conductor_kind text not null,
  conductor_id uuid not null,
  reason text not null,                            -- start | earlier | ended | late
  leased_until timestamptz not null default '-infinity',
  created_at timestamptz not null default clock_timestamp()
);
create index wake_conductor on wake (conductor_kind, conductor_id);

create table idempotency_key (
  caller uuid not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  status integer not null,
  subject_id uuid,
  version integer,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (caller, route, key)
);
create index idempotency_key_age on idempotency_key (recorded_at);

create table import (
  id uuid primary key,
  working_group_id uuid not null,
  unit_id uuid,
  person_id uuid not null,
  file_name text not null,
  state text not null check (state in ('previewed', 'applied')),
  directive_id uuid,
  body jsonb not null,
  recorded_at timestamptz not null default clock_timestamp()
);

-- What runs: one row per process and kind, for readiness and the system state.
create table heartbeat (
  process text primary key,
  kind text not null,
  at timestamptz not null,
  detail jsonb not null
);

-- ── rights ───────────────────────────────────────────────────────────────────────────────────────
grant usage on schema public to dondoc_writer, dondoc_reader;
grant select, insert, update, delete on all tables in schema public to dondoc_writer;
grant usage on all sequences in schema public to dondoc_writer;
revoke update, delete, truncate on event from dondoc_writer;
revoke insert, update, delete on clock_offset from dondoc_writer;
grant select on all tables in schema public to dondoc_reader;
revoke select on api_token, idempotency_key, wake from dondoc_reader;

do $$
declare scoped text;
begin
  foreach scoped in array array['directive', 'directive_version', 'task', 'assignment', 'matter', 'referral',
    'event', 'span', 'planned_step', 'step_taken', 'item', 'envelope', 'import'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy writer_all on %I to dondoc_writer using (true) with check (true)', scoped);
  end loop;
end $$;

-- A unit reads what it leads, coordinates or monitors; nothing of another unit's causes, objections
-- or dossiers. The whole Working Group is read by its standing agency and its supervisors.
create policy reader_scope on assignment for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (
      unit_id = (select app_unit())
      or monitor_unit_id = (select app_unit())
      or coordinating_unit_ids @> array[(select app_unit())]))));

create policy reader_scope on directive for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and state not in ('draft', 'awaiting_approval')
      and exists (select from assignment a where a.directive_id = directive.id))));

create policy reader_scope on directive_version for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_reads_all()));

create policy reader_scope on task for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and exists (select from assignment a where a.task_id = task.id))));

create policy reader_scope on matter for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (
      unit_id = (select app_unit())
      or body ->> 'askedUnitId' = (select app_unit())::text
      or exists (select from assignment a where a.id = matter.assignment_id
                 and a.monitor_unit_id = (select app_unit()))))));

create policy reader_scope on referral for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and unit_id = (select app_unit()))
    or ((select app_role()) = 'home_affairs' and referred_at is not null)));

create policy reader_scope on event for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (
      unit_id = (select app_unit())
      or (subject_kind = 'assignment' and exists (select from assignment a where a.id = event.subject_id
          and a.monitor_unit_id = (select app_unit())))))
    or ((select app_role()) = 'home_affairs' and subject_kind = 'referral'
      and exists (select from referral r where r.id = event.subject_id))));

create policy reader_scope on step_taken for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (
      unit_id = (select app_unit())
      or exists (select from assignment a where a.id = step_taken.assignment_id
                 and a.monitor_unit_id = (select app_unit()))))
    or ((select app_role()) = 'home_affairs' and assignment_id is not null
      and exists (select from referral r where r.assignment_id = step_taken.assignment_id))));

create policy reader_scope on span for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
create policy reader_scope on planned_step for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
create policy reader_scope on item for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and recipient_unit_id = (select app_unit()))));
create policy reader_scope on envelope for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
create policy reader_scope on import for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'standing_agency');
