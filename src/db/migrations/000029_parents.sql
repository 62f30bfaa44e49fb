-- ── a directive that carries on an assignment of a superior one ──────────────────────────────────
-- Checked at the end of a restore only: directives refer to assignments, and these to directives.
alter table directive add column parent_assignment_id uuid references assignment deferrable initially immediate;
create index directive_parent on directive (parent_assignment_id) where parent_assignment_id is not null;

-- Until when the work that is carried on has to be done; a regular one until its directive ends, one that has moved
-- until the last of its successors. Null: no date bounds it.
create function carried_until(parent uuid) returns timestamptz
  language sql stable set search_path = public, pg_temp as
$$ select max(case when a.body ->> 'recurrence' = 'regular' then to_timestamp((v.content ->> 'endsAt')::double precision / 1000)
                   else greatest(a.due_at, to_timestamp((a.body ->> 'deadlineAt')::double precision / 1000)) end)
     from assignment a join directive d on d.id = a.directive_id
     join directive_version v on v.directive_id = d.id and v.version = d.frozen_version
    where (a.id = parent and a.state <> 'superseded')
       or (a.id in (select s.successor_id from succession s where s.predecessor_id = parent) and a.state <> 'superseded') $$;
revoke execute on function carried_until(uuid) from public;
grant execute on function carried_until(uuid) to dondoc_writer;

-- Who carries an assignment on leads it, and may not read the superior Working Group: it is shown what it carries on and
-- until when, and no more. Its own units are shown nothing.
create function carried_on(directives uuid[])
  returns table (directive_id uuid, assignment_id uuid, state text, until timestamptz, task_code text, task_title text,
                 directive_number text, directive_title text, unit_id uuid)
  language sql stable security definer set search_path = public, pg_temp as
$$ select d.id, a.id, a.state, carried_until(a.id), t.code, t.title, p.number, p.title, a.unit_id
     from directive d join assignment a on a.id = d.parent_assignment_id
     join task t on t.id = a.task_id join directive p on p.id = a.directive_id
    where d.id = any (directives) and d.working_group_id = app_working_group() and app_reads_all()
      and (a.working_group_id = d.working_group_id or a.unit_id = d.unit_id) $$;

-- The figures of what carries some assignments on, for who reads these whole: by class, as the counts go, and what was
-- reported of the same indicator. Of the directives themselves only their names.
create function carried_on_by(assignments uuid[], at timestamptz)
  returns table (assignment_id uuid, directive_id uuid, number text, title text, state text, planned integer, class text, n bigint,
                 reporting bigint, numerator double precision)
  language sql stable security definer set search_path = public, pg_temp as
$$ with asked as (
     select a.id, a.body #>> '{result,name}' as indicator from assignment a
      where a.id = any (assignments) and a.working_group_id = app_working_group()
        and (app_reads_all() or (app_role() = 'unit' and app_unit() in (a.unit_id, a.monitor_unit_id)))),
   links as (
     select q.id as asked_id, q.indicator, d.id, d.number, d.title, d.state, d.planned, (d.body ->> 'unclear')::bigint as unclear
       from asked q join directive d on d.state in ('issued', 'closed')
        and (d.parent_assignment_id = q.id
             or d.parent_assignment_id in (select s.predecessor_id from succession s where s.successor_id = q.id)))
   select l.asked_id, l.id, l.number, l.title, l.state, l.planned, c.class, count(*), count(c.numerator), sum(c.numerator)
     from links l join lateral (
       select case s.class
                when 'done' then case when s.late then 'done_late' else 'done_on_time' end
                when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
                when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < at) then 'open_overdue' else 'open_in_time' end
                else s.class end as class,
              case when a.body #>> '{result,name}' = l.indicator then (a.body #>> '{figure,numerator}')::double precision end as numerator
         from span s join assignment a on a.id = s.assignment_id
        where s.directive_id = l.id and s.starts_at <= at and (s.ends_at is null or s.ends_at > at)) c on true
    group by 1, 2, 3, 4, 5, 6, 7
   union all
   select l.asked_id, l.id, l.number, l.title, l.state, l.planned, 'unclear', l.unclear, 0, null from links l where l.unclear > 0 $$;
revoke execute on function carried_on(uuid[]), carried_on_by(uuid[], timestamptz) from public;
grant execute on function carried_on(uuid[]), carried_on_by(uuid[], timestamptz) to dondoc_reader;

-- ── work that was carried over ───────────────────────────────────────────────────────────────────
create index assignment_carried_from on assignment ((body ->> 'carriedFrom')) where body ? 'carriedFrom';
