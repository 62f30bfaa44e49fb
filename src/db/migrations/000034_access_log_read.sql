-- Sign-ins, tokens and accounts belong to a person and to no Working Group: who audits a group reads those of the
-- people who serve or have served in it. Who looked at which case is the supervisor's to know, for an administrator
-- knows of no case.
drop policy reader_scope on access_log;
create policy reader_scope on access_log for select to dondoc_reader using (
  ((select app_role()) = 'supervisor'
   or (select app_role()) = 'administrator' and action not in ('viewed', 'listed', 'exported', 'uploaded'))
  and (working_group_id = (select app_working_group())
       or (working_group_id is null and exists (
             select from role_grant g
              where g.person_id = access_log.person_id and g.working_group_id = (select app_working_group())))));
