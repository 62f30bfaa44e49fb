-- Who holds an obstacle is a party to that one matter and to nothing else: it reads the obstacle, and no more of the
-- assignment, its task or its directive. Who was asked for a contribution reads the assignment, as a coordinating
-- unit does, also where an amendment has since taken it off the list.
create or replace function app_party_assignments() returns uuid[] language sql stable parallel safe security definer
  set search_path = public, pg_temp as
$$ select array(
     select distinct assignment_id from matter
      where working_group_id = app_working_group() and app_role() = 'unit' and kind = 'contribution'
        and body ->> 'askedUnitId' = app_unit()::text) $$;

-- What a matter is about, in words, for whoever may read the matter though not its assignment.
create function matter_labels(matters uuid[])
  returns table (matter_id uuid, task_code text, task_title text, directive_number text)
  language sql stable security definer set search_path = public, pg_temp as
$$ select m.id, t.code, t.title, d.number
     from matter m
     join assignment a on a.id = m.assignment_id
     join task t on t.id = a.task_id
     join directive d on d.id = m.directive_id
    where m.id = any (matters) and m.working_group_id = app_working_group()
      and (app_reads_all()
           or (app_role() = 'unit' and (
             m.unit_id = app_unit() or a.monitor_unit_id = app_unit()
             or coalesce(m.body ->> 'holderUnitId', m.body ->> 'askedUnitId') = app_unit()::text))) $$;

revoke execute on function matter_labels(uuid[]) from public;
grant execute on function matter_labels(uuid[]) to dondoc_reader;
