-- A unit reads the counts of the units below it, and nothing else of their work. Which one is asked about is named
-- by the reader's setting; that it stands below the reader's own unit is looked up here, as the owner.
create function app_counted_unit() returns uuid language sql stable parallel safe security definer
  set search_path = public, pg_temp as
$$ with recursive above as (
     select u.id, u.parent_id from unit u where u.id = nullif(current_setting('app.counted_unit', true), '')::uuid
     union
     select u.id, u.parent_id from unit u join above a on u.id = a.parent_id)
   select nullif(current_setting('app.counted_unit', true), '')::uuid
    where app_role() = 'unit' and exists (select from above where parent_id = app_unit()) $$;
revoke execute on function app_counted_unit() from public;
grant execute on function app_counted_unit() to dondoc_reader;

alter policy reader_scope on count_move using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (unit_id = (select app_unit()) or unit_id = (select app_counted_unit())))));
alter policy reader_scope on unit_count using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (unit_id = (select app_unit()) or unit_id = (select app_counted_unit())))));
alter policy reader_scope on span using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and (unit_id = (select app_unit()) or unit_id = (select app_counted_unit())))));

-- Letters that nobody took are an administrator's to mend; of a letter only who it goes to and why it failed is shown.
create policy reader_dead on envelope for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'administrator' and state = 'dead');
