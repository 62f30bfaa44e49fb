-- A regular assignment that is carried on is bound by the end that its own words name, where that is the earlier one.
create or replace function carried_until(parent uuid) returns timestamptz
  language sql stable set search_path = public, pg_temp as
$$ select max(case when a.body ->> 'recurrence' = 'regular'
                   then least(to_timestamp((v.content ->> 'endsAt')::double precision / 1000),
                              ((a.body #>> '{deadline,rule,until}')::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh' - interval '1 second')
                   else greatest(a.due_at, to_timestamp((a.body ->> 'deadlineAt')::double precision / 1000)) end)
     from assignment a join directive d on d.id = a.directive_id
     join directive_version v on v.directive_id = d.id and v.version = d.frozen_version
    where (a.id = parent and a.state <> 'superseded')
       or (a.id in (select s.successor_id from succession s where s.predecessor_id = parent) and a.state <> 'superseded') $$;

-- What was moved counts at its successor, which goes on with its figure, and what was stopped counts nowhere.
create or replace function carried_on_by(assignments uuid[], at timestamptz)
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
              case when s.class not in ('superseded', 'stopped') and a.body #>> '{result,name}' = l.indicator
                   then (a.body #>> '{figure,numerator}')::double precision end as numerator
         from span s join assignment a on a.id = s.assignment_id
        where s.directive_id = l.id and s.starts_at <= at and (s.ends_at is null or s.ends_at > at)) c on true
    group by 1, 2, 3, 4, 5, 6, 7
   union all
   select l.asked_id, l.id, l.number, l.title, l.state, l.planned, 'unclear', l.unclear, 0, null from links l where l.unclear > 0 $$;
