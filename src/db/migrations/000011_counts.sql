-- What counts are made of (design: figures). A *move* is one assignment, or one unclear row, going from one
-- class to another at an instant in the world: born from null, overdue one millisecond after its deadline,
-- taken back where something learned later says otherwise. A count at T is the sum of the moves up to T.
create type count_class as enum ('done_on_time', 'done_late', 'open_in_time', 'open_overdue', 'awaiting_in_time',
  'awaiting_overdue', 'regular', 'suspended', 'stopped', 'carried_over', 'superseded', 'unclear');

create table count_move (
  xid xid8 not null default pg_current_xact_id(),  -- with it the fold knows what it has added up
  number bigint generated always as identity,
  at timestamptz not null,                         -- in the world; may lie ahead, as deadlines do
  recorded_at timestamptz not null,                -- of its event: what was known then (knownAt)
  working_group_id uuid not null,
  unit_id uuid,                                    -- null: an unclear row has no unit yet
  directive_id uuid not null,
  task_id uuid not null,
  assignment_id uuid,                              -- null: an unclear row
  kind text not null,
  origin_year smallint not null,
  from_class count_class,
  to_class count_class,
  primary key (xid, number),
  check (from_class is distinct from to_class)
);
create index count_move_at on count_move (working_group_id, at);
create index count_move_unclear on count_move (directive_id) where assignment_id is null;

-- Sums of moves per year, month and day of Viet Nam, at two grains. A cache: only the fold writes it, up to its
-- watermark, and it can be thrown away and folded again.
create table unit_count (
  working_group_id uuid not null,
  unit_id uuid not null,
  level text not null check (level in ('year', 'month', 'day')),
  starts_on date not null,
  done_on_time integer not null,
  done_late integer not null,
  open_in_time integer not null,
  open_overdue integer not null,
  awaiting_in_time integer not null,
  awaiting_overdue integer not null,
  regular integer not null,
  suspended integer not null,
  stopped integer not null,
  carried_over integer not null,
  superseded integer not null,
  unclear integer not null,
  primary key (working_group_id, level, starts_on, unit_id)
);
create table directive_count (
  working_group_id uuid not null,
  unit_id uuid,                                    -- always null: this grain is for who reads everything
  directive_id uuid not null,
  kind text not null,
  origin_year smallint not null,
  level text not null check (level in ('year', 'month', 'day')),
  starts_on date not null,
  done_on_time integer not null,
  done_late integer not null,
  open_in_time integer not null,
  open_overdue integer not null,
  awaiting_in_time integer not null,
  awaiting_overdue integer not null,
  regular integer not null,
  suspended integer not null,
  stopped integer not null,
  carried_over integer not null,
  superseded integer not null,
  unclear integer not null,
  primary key (directive_id, level, starts_on, kind, origin_year)
);
create index directive_count_group on directive_count (working_group_id, level, starts_on);

-- How far the sums go: every move of a transaction before the watermark is in them, and no other. A number of
-- transactions means something in its own cluster only; in another (a restored dump) the sums do not count.
create table count_fold (
  single boolean primary key default true check (single),
  watermark xid8 not null,
  cluster bigint not null,
  folded_at timestamptz not null default clock_timestamp()
);
insert into count_fold (watermark, cluster) values ('0', 0);

-- The cluster by its identifier; reading it takes a right that readers do not have everywhere.
create function app_cluster() returns bigint language sql stable parallel safe security definer
  set search_path = pg_catalog, pg_temp as
$$ select system_identifier from pg_control_system() $$;

-- Records that are older than these tables: their spans become moves, recorded when the span was (its beginning
-- is as near as the record knows without folding its events again; `dondoc reconcile` does that).
insert into count_move (at, recorded_at, working_group_id, unit_id, directive_id, task_id, assignment_id, kind, origin_year, from_class, to_class)
with stretch as (
  select s.starts_at, s.working_group_id, s.unit_id, s.directive_id, s.task_id, s.assignment_id, t.kind,
         (a.body ->> 'originYear')::smallint as origin_year, x.at, x.class::count_class
    from span s join task t on t.id = s.task_id join assignment a on a.id = s.assignment_id
   cross join lateral (
     select s.starts_at as at, case s.class
              when 'done' then case when s.late then 'done_late' else 'done_on_time' end
              when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
              when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < s.starts_at)
                                    then 'open_overdue' else 'open_in_time' end
              else s.class end as class
     union all
     select s.due_at + interval '1 millisecond', 'open_overdue'
      where s.class = 'open' and s.late is null and s.due_at >= s.starts_at
        and (s.ends_at is null or s.due_at + interval '1 millisecond' < s.ends_at)) x),
ordered as (
  select *, lag(class) over (partition by assignment_id order by at) as before from stretch)
select at, starts_at, working_group_id, unit_id, directive_id, task_id, assignment_id, kind, origin_year, before, class
  from ordered where before is distinct from class;
insert into count_move (at, recorded_at, working_group_id, directive_id, task_id, kind, origin_year, to_class)
select d.issued_at, d.issued_at, t.working_group_id, t.directive_id, t.id, t.kind, (t.body ->> 'originYear')::smallint, 'unclear'
  from task t join directive d on d.id = t.directive_id where cardinality(t.unclear) > 0 and d.issued_at is not null;

-- ── rights ───────────────────────────────────────────────────────────────────────────────────────
grant select, insert, delete on count_move to dondoc_writer;
grant select, insert, update, delete on unit_count, directive_count to dondoc_writer;
grant select, update on count_fold to dondoc_writer;
grant usage on all sequences in schema public to dondoc_writer;
grant select on count_move, unit_count, directive_count, count_fold to dondoc_reader;
revoke execute on function app_cluster() from public;
grant execute on function app_cluster() to dondoc_reader, dondoc_writer;

do $$
declare scoped text;
begin
  foreach scoped in array array['count_move', 'unit_count', 'directive_count'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy writer_all on %I to dondoc_writer using (true) with check (true)', scoped);
  end loop;
end $$;
create policy reader_scope on count_move for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
create policy reader_scope on unit_count for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
create policy reader_scope on directive_count for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_reads_all()));
