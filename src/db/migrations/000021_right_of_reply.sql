-- The right of reply to a case stays with the person who was head of the unit on the day of the fact, also after
-- the term has ended or the unit has gone. Who it was is found once, when the case is written.
create function head_on(of_unit uuid, at timestamptz) returns uuid
  language sql stable set search_path = public, pg_temp as
$$ select h.person_id from unit_head h
    where h.unit_id = of_unit and h.valid_from <= (at at time zone 'Asia/Ho_Chi_Minh')::date
      and (h.valid_to is null or h.valid_to > (at at time zone 'Asia/Ho_Chi_Minh')::date)
    order by h.valid_from desc, h.id desc limit 1 $$;
revoke execute on function head_on(uuid, timestamptz) from public;
grant execute on function head_on(uuid, timestamptz) to dondoc_writer;

alter table referral add column head_id uuid references person;
create index referral_head on referral (head_id) where head_id is not null;

create policy reader_right_of_reply on referral for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and head_id = (select app_person()));
create policy reader_right_of_reply on event for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and subject_kind = 'referral'
  and exists (select from referral r where r.id = event.subject_id and r.head_id = (select app_person())));

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
           or (app_role() = 'home_affairs' and r.referred_at is not null)) $$;
