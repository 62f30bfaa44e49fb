-- ── cases of units that are no more ──────────────────────────────────────────────────────────────
-- A case stays with the unit it is about, and with who was its head. Where the unit is no more, the units that lead
-- its work now answer beside that person, so that no case is left to nobody.
create function unit_is_over(of_unit uuid) returns boolean
  language sql stable set search_path = public, pg_temp as
$$ select exists (select from unit u where u.id = of_unit and u.valid_to <= (app_now() at time zone 'Asia/Ho_Chi_Minh')::date) $$;

create function answering_units(of_unit uuid, of_assignment uuid) returns uuid[]
  language sql stable set search_path = public, pg_temp as
$$ select case when of_assignment is null or not unit_is_over(of_unit) then '{}'::uuid[] else array(
     select distinct s.unit_id from succession s join assignment a on a.id = s.successor_id
      where s.predecessor_id = of_assignment and a.state <> 'superseded' order by 1) end $$;
revoke execute on function unit_is_over(uuid), answering_units(uuid, uuid) from public;
grant execute on function unit_is_over(uuid), answering_units(uuid, uuid) to dondoc_writer, dondoc_reader;

-- The cases that the reader's unit answers in the place of another.
create function app_answered_cases() returns uuid[] language sql stable parallel safe security definer
  set search_path = public, pg_temp as
$$ select array(
     select r.id from succession s join assignment a on a.id = s.successor_id and a.state <> 'superseded'
                                   join referral r on r.assignment_id = s.predecessor_id
      where s.unit_id = app_unit() and s.working_group_id = app_working_group() and app_role() = 'unit'
        and r.working_group_id = app_working_group() and unit_is_over(r.unit_id)) $$;
revoke execute on function app_answered_cases() from public;
grant execute on function app_answered_cases() to dondoc_reader;

create policy reader_answering on referral for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and id = any ((select app_answered_cases())::uuid[]));
create policy reader_answering on event for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and subject_kind = 'referral'
  and subject_id = any ((select app_answered_cases())::uuid[]));

create or replace function case_labels(cases uuid[])
  returns table (referral_id uuid, task_code text, task_title text, task_title_en text, task_kind text, task_nature text,
                 task_ordinal integer, directive_number text, directive_title text, directive_date date,
                 regime_name text, regime_name_en text)
  language sql stable security definer set search_path = public, pg_temp as
$$ select r.id, t.code, t.title, t.body #>> '{task,titleEn}', t.kind, t.nature, t.ordinal, d.number, d.title, d.document_date,
          g.name, g.name_en
     from referral r
     left join assignment a on a.id = r.assignment_id
     left join task t on t.id = a.task_id
     left join directive d on d.id = r.directive_id
     left join reporting_regime g on g.id = r.regime_id
    where r.id = any (cases) and r.working_group_id = app_working_group()
      and (app_reads_all()
           or (app_role() = 'unit' and r.unit_id = app_unit())
           or r.head_id = app_person()
           or r.id = any (app_answered_cases())
           or (app_role() = 'home_affairs' and r.referred_at is not null)) $$;

-- Of which case a message speaks: it goes also to who was head then, and to who answers now.
alter table item add column referral_id uuid;
