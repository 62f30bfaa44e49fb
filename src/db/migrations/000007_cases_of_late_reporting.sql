-- A case to Home Affairs is of an overdue assignment, or of a unit that reports late again and again under one
-- reporting regime. The second kind hangs on no directive, and neither do its events, steps and messages.
alter table referral
  alter column directive_id drop not null,
  alter column assignment_id drop not null,
  add column regime_id uuid,
  add constraint referral_of_one_kind check (
    (assignment_id is not null and directive_id is not null and regime_id is null)
    or (assignment_id is null and directive_id is null and regime_id is not null));
-- One running case per unit and regime.
create unique index referral_running_regime on referral (regime_id, unit_id) where ended_at is null and regime_id is not null;
create index referral_regime on referral (regime_id, unit_id) where regime_id is not null;
alter table event alter column directive_id drop not null;
alter table step_taken alter column directive_id drop not null;
alter table item alter column directive_id drop not null;

-- ── reporting regimes: who reports how often, in which windows, until when ───────────────────────
create table reporting_regime (
  id uuid primary key,
  working_group_id uuid not null references working_group,
  unit_id uuid not null references unit,           -- the standing agency that asks for the reports
  kind text not null check (kind in ('periodic', 'ad_hoc')),
  state text not null check (state in ('active', 'ended')),
  name text not null,
  name_en text,
  version integer not null,
  armed_at timestamptz not null default '-infinity', -- the instant its conductor's timer is set to
  ended_at timestamptz,
  seq integer not null,
  head_hash bytea not null,
  body jsonb not null
);
create index reporting_regime_group on reporting_regime (working_group_id, id);
alter table referral add foreign key (regime_id) references reporting_regime;

grant select, insert, update on reporting_regime to dondoc_writer;
grant select on reporting_regime to dondoc_reader;
alter table reporting_regime enable row level security;
create policy writer_all on reporting_regime to dondoc_writer using (true) with check (true);
create policy reader_scope on reporting_regime for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_reads_all()));

-- What a case is about, in words: also of a case of late reporting.
drop function case_labels(uuid[]);
create function case_labels(cases uuid[])
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
           or (app_role() = 'home_affairs' and r.referred_at is not null)) $$;
revoke execute on function case_labels(uuid[]) from public;
grant execute on function case_labels(uuid[]) to dondoc_reader;
