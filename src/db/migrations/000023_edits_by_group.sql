-- The calendars are the installation's, and so are edits of their days; who is judged by which is the business
-- of one Working Group.
alter table calendar_edit enable row level security;
create policy writer_all on calendar_edit to dondoc_writer using (true) with check (true);
create policy reader_scope on calendar_edit for select to dondoc_reader using (
  kind <> 'used' or (actor ->> 'workingGroupId')::uuid = (select app_working_group()));
