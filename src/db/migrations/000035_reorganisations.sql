-- Units are merged, divided, renamed or abolished on a date; what they lead goes on with their successors. Units belong
-- to the installation, and so do these plans; who gets which assignment is its Working Group's to say.
create table reorganisation (
  id uuid primary key,
  kind text not null check (kind in ('merge', 'split', 'rename', 'abolish')),
  effective_on date not null,
  document jsonb not null,
  reason text not null,
  from_unit_ids uuid[] not null check (cardinality(from_unit_ids) > 0),
  to_unit_ids uuid[] not null,
  caretaker_id uuid references unit,               -- takes what nobody was named for
  new_name text,
  new_name_en text,
  state text not null default 'planned' check (state in ('planned', 'running', 'done', 'cancelled')),
  planned_by jsonb not null,
  planned_at timestamptz not null,
  done_at timestamptz,
  moved int not null default 0,
  armed_at timestamptz not null,                   -- when its process looks next
  row_version int not null default 1
);
create index reorganisation_open on reorganisation (armed_at) where state in ('planned', 'running');

-- To whom an assignment goes, where the standing agency has said it.
create table reorganisation_allotment (
  reorganisation_id uuid not null references reorganisation,
  assignment_id uuid not null references assignment,
  working_group_id uuid not null references working_group,
  unit_id uuid not null references unit,
  primary key (reorganisation_id, assignment_id)
);

-- What could not be moved, with the reason; it is tried again, and the row goes when it is done.
create table reorganisation_stuck (
  reorganisation_id uuid not null references reorganisation,
  assignment_id uuid not null references assignment,
  working_group_id uuid not null references working_group,
  code text not null,
  detail jsonb not null,
  at timestamptz not null,
  primary key (reorganisation_id, assignment_id)
);

grant select, insert, update on reorganisation to dondoc_writer;
grant select, insert, update, delete on reorganisation_allotment, reorganisation_stuck to dondoc_writer;
grant select on reorganisation, reorganisation_allotment, reorganisation_stuck to dondoc_reader;
do $$
declare scoped text;
begin
  foreach scoped in array array['reorganisation', 'reorganisation_allotment', 'reorganisation_stuck'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy writer_all on %I to dondoc_writer using (true) with check (true)', scoped);
  end loop;
end $$;
-- A part of the directory: everybody who serves in a Working Group may look it up.
create policy reader_scope on reorganisation for select to dondoc_reader using ((select app_working_group()) is not null);
create policy reader_scope on reorganisation_allotment for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_reads_all()));
create policy reader_scope on reorganisation_stuck for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_reads_all()));
