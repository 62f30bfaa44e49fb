-- Evidence and attachments. A row per file that was brought; its content lies in a store outside of the record,
-- once for all files of the same hash, under a key that is never used again: so a content that is being removed
-- can never be one that has just been brought again.
create table file_content (
  sha256 bytea primary key,
  key text not null unique,
  size bigint not null,
  brought_at timestamptz not null default clock_timestamp()  -- the last time
);
-- Contents that nothing stands for any more, until the store has let go of them.
create table file_removal (
  key text primary key,
  since timestamptz not null default clock_timestamp()
);

create table file (
  id uuid primary key,
  working_group_id uuid not null references working_group,
  unit_id uuid,                                    -- of whoever brought it, with the role under which
  role text not null,
  person_id uuid not null references person,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 bytea not null,                           -- stays, whatever becomes of the content
  state text not null default 'kept' check (state in ('kept', 'swept', 'destroyed')),
  state_at timestamptz not null,
  uploaded_at timestamptz not null
);
create index file_sha on file (sha256);
create index file_kept on file (uploaded_at) where state = 'kept';

-- What a file hangs on: whoever may read that may read the file.
create table file_reference (
  file_id uuid not null references file,
  subject_kind text not null check (subject_kind in ('assignment', 'matter', 'referral')),
  subject_id uuid not null,
  assignment_id uuid,                              -- null: a case of late reporting
  seq integer not null,                            -- the event of the assignment or case that brought it
  working_group_id uuid not null,
  unit_id uuid,
  primary key (file_id, subject_kind, subject_id, seq)
);
create index file_reference_assignment on file_reference (assignment_id);

grant select, insert, update on file to dondoc_writer;
grant select, insert on file_reference to dondoc_writer;
grant select, insert, update, delete on file_content, file_removal to dondoc_writer;
grant select on file, file_reference, file_content to dondoc_reader;

alter table file enable row level security;
alter table file_reference enable row level security;
create policy writer_all on file to dondoc_writer using (true) with check (true);
create policy writer_all on file_reference to dondoc_writer using (true) with check (true);

create policy reader_scope on file_reference for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and case subject_kind
    when 'assignment' then exists (select from assignment a where a.id = file_reference.subject_id)
    when 'matter' then exists (select from matter m where m.id = file_reference.subject_id)
    else exists (select from referral r where r.id = file_reference.subject_id) end);
-- Until it hangs on something, a file is its own office's.
create policy reader_scope on file for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (role = (select app_role()) and unit_id is not distinct from (select app_unit()))
    or exists (select from file_reference r where r.file_id = file.id)));
