-- Whose life an assignment goes on with, through one move or several: its unit reads what happened before.
create table succession (
  predecessor_id uuid not null references assignment,
  successor_id uuid not null references assignment,
  working_group_id uuid not null references working_group,
  unit_id uuid not null,                           -- that leads the successor
  primary key (successor_id, predecessor_id)
);
create index succession_unit on succession (unit_id);
create index succession_predecessor on succession (predecessor_id);

grant select, insert on succession to dondoc_writer;
grant select on succession to dondoc_reader;
alter table succession enable row level security;
create policy writer_all on succession to dondoc_writer using (true) with check (true);
create policy reader_scope on succession for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));

-- The events only, not the assignment: the former lead's life is history, and nothing that can be acted upon.
create policy reader_of_predecessors on event for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'unit' and subject_kind = 'assignment'
  and exists (select from succession s where s.predecessor_id = event.subject_id and s.unit_id = (select app_unit())));
