-- Whether commands can be accepted: the last sign of any API process, by the real clock. One row.
create table acceptance (
  single boolean primary key default true check (single),
  last_at timestamptz not null,
  margin interval not null,                        -- silent for longer, commands could not be accepted
  process text not null
);

-- Stretches in which no process could accept commands; what fell due in them moves, from `cursor_id` on.
create table outage (
  id uuid primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  noticed_by text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  cursor_id uuid,
  moved integer not null default 0,
  rejudged integer not null default 0,
  set_aside integer not null default 0,
  closed_at timestamptz,
  check (to_at > from_at)
);
create index outage_open on outage (from_at) where closed_at is null;

grant select, insert, update on acceptance, outage to dondoc_writer;
grant select on outage to dondoc_reader;
