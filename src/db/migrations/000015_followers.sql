-- Whoever follows the events: streams over HTTP, and webhooks.
--
-- The cursor of a follower is (transaction, number): a row is shown when every transaction before its own has
-- ended, so none comes after it that should have come before. After a restore transactions are counted anew; then
-- the epoch is raised, and cursors of the one before are told to start again.
alter table installation add column epoch integer not null default 1;

create table webhook (
  id uuid primary key,
  working_group_id uuid not null references working_group,
  unit_id uuid,                                    -- of whoever made it, with the role under which: its eyes
  role text not null,
  person_id uuid not null references person,
  label text not null,
  url text not null,
  types text[] not null default '{}',              -- none: every event that its owner may read
  state text not null default 'active' check (state in ('active', 'disabled', 'removed')),
  reason text,                                     -- why it is disabled
  secret text not null,
  old_secret text,                                 -- signs as well, for a while after a rotation
  old_secret_until timestamptz,
  epoch integer not null,
  cursor_xid xid8 not null,
  cursor_number bigint not null,
  row_version integer not null default 1,
  created_at timestamptz not null
);
create index webhook_active on webhook (id) where state = 'active';

create table webhook_delivery (
  id uuid primary key,                             -- the message id of every attempt
  webhook_id uuid not null references webhook,
  working_group_id uuid not null,
  unit_id uuid,
  event_number bigint not null,
  event_type text not null,
  body text not null,                              -- as it is signed and sent
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  attempts integer not null default 0,
  next_at timestamptz not null default clock_timestamp(),
  leased_until timestamptz not null default '-infinity',
  last_status integer,
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz,
  unique (webhook_id, event_number)
);
create index webhook_delivery_waiting on webhook_delivery (next_at) where state = 'waiting';

grant select, insert, update on webhook to dondoc_writer;
grant select, insert, update, delete on webhook_delivery to dondoc_writer;
-- Not the secrets.
grant select (id, working_group_id, unit_id, role, person_id, label, url, types, state, reason, old_secret_until,
              row_version, created_at) on webhook to dondoc_reader;
grant select on webhook_delivery to dondoc_reader;
alter table webhook enable row level security;
alter table webhook_delivery enable row level security;
create policy writer_all on webhook to dondoc_writer using (true) with check (true);
create policy writer_all on webhook_delivery to dondoc_writer using (true) with check (true);
create policy reader_scope on webhook for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and role = (select app_role())
  and unit_id is not distinct from (select app_unit()));
create policy reader_scope on webhook_delivery for select to dondoc_reader using (
  exists (select from webhook w where w.id = webhook_delivery.webhook_id));
