-- Calendars that people edit, and who is judged by which: a unit by its own, else by its group's, else by the
-- Working Group's.
create table calendar_use (
  id uuid primary key default gen_random_uuid(),
  working_group_id uuid not null references working_group,
  unit_id uuid references unit,
  group_code text,
  calendar_id text not null,
  check ((unit_id is null) <> (group_code is null)),
  unique nulls not distinct (working_group_id, unit_id, group_code)
);

create function calendar_of(working_group uuid, unit uuid) returns text language sql stable parallel safe as
$$ select coalesce(
     (select calendar_id from calendar_use where working_group_id = $1 and unit_id = $2),
     (select c.calendar_id from calendar_use c join unit u on u.group_code = c.group_code
       where c.working_group_id = $1 and u.id = $2),
     (select calendar_id from working_group where id = $1)) $$;

-- Every edit is a row, and the work it brings: the open subjects are computed again in batches, from `cursor` on,
-- until `done_at`. Who does the work may die at any moment; the next one goes on.
create table calendar_edit (
  id uuid primary key,
  calendar_id text not null,
  version integer,                                 -- that it wrote; null where only the use of a calendar changed
  kind text not null check (kind in ('created', 'days', 'week', 'used')),
  reason text not null,
  source text not null,
  actor jsonb not null,
  recorded_at timestamptz not null,
  cursor_id uuid,                                  -- the last directive that is wholly done
  cursor_assignment_id uuid,                       -- and how far the one after it is
  looked integer not null default 0,
  moved integer not null default 0,
  rejudged integer not null default 0,
  set_aside integer not null default 0,
  done_at timestamptz
);
create index calendar_edit_open on calendar_edit (recorded_at) where done_at is null;
create index calendar_edit_calendar on calendar_edit (calendar_id, recorded_at);
-- Results recorded as late: what an edit may judge again although it has ended.
create index assignment_late on assignment (directive_id, id)
  where state = 'confirmed' and (body #>> '{submission,late}') = 'true';

alter table calendar_use enable row level security;
create policy writer_all on calendar_use to dondoc_writer using (true) with check (true);
create policy reader_scope on calendar_use for select to dondoc_reader
  using (working_group_id = (select app_working_group()));
grant select, insert, update, delete on calendar_use to dondoc_writer;
grant select, insert, update on calendar_edit to dondoc_writer;
grant select on calendar_use, calendar_edit to dondoc_reader;
revoke update, delete on calendar from dondoc_writer;
