-- Whether a unit has a part in a task or a directive. As a subquery in the policies of both, with the policy of
-- assignments inside, it was planned anew in each statement, and without fresh statistics (just after ten
-- thousand assignments were issued) read every assignment of the Working Group for each task. As functions with
-- plans of their own they read the assignments of that one task or directive only. They run as the owner and
-- check the relation themselves; that the row is of the reader's Working Group is checked by the policy.
create function app_sees_task(task_id uuid) returns boolean language plpgsql stable parallel safe security definer
  set search_path = public, pg_temp as
$$
declare me constant uuid := app_unit();
begin
  return exists (
      select from assignment a where a.task_id = $1
         and (a.unit_id = me or a.monitor_unit_id = me or a.coordinating_unit_ids @> array[me]))
    or exists (select from assignment a where a.id = any (app_party_assignments()) and a.task_id = $1);
end $$;

create function app_sees_directive(directive_id uuid) returns boolean language plpgsql stable parallel safe security definer
  set search_path = public, pg_temp as
$$
declare me constant uuid := app_unit();
begin
  return exists (
      select from assignment a where a.directive_id = $1
         and (a.unit_id = me or a.monitor_unit_id = me or a.coordinating_unit_ids @> array[me]))
    or exists (select from assignment a where a.id = any (app_party_assignments()) and a.directive_id = $1);
end $$;

revoke execute on function app_sees_task(uuid), app_sees_directive(uuid) from public;
grant execute on function app_sees_task(uuid), app_sees_directive(uuid) to dondoc_reader;

alter policy reader_scope on task using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and app_sees_task(id))));

alter policy reader_scope on directive using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and state not in ('draft', 'awaiting_approval') and app_sees_directive(id))));
