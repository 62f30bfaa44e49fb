-- What each unit owes under a regime for one period. Every period stays as its own row, also a missed one.
-- `states` and `states_from` are the half-open stretches of its state, so that a list as of any instant is one query.
create table report_obligation (
  id uuid primary key,
  working_group_id uuid not null,
  regime_id uuid not null references reporting_regime,
  unit_id uuid not null,
  level integer not null,
  period text not null,
  opens_on date not null,
  closes_on date not null,
  due_at timestamptz not null,                     -- the due instant in force
  received_at timestamptz,                         -- of the report that counts
  late boolean,                                    -- null: not to be judged (yet, or any more)
  excuse_asked boolean not null,
  settled boolean not null,
  states text[] not null,
  states_from timestamptz[] not null,
  seq integer not null,
  head_hash bytea not null,
  body jsonb not null,
  unique (regime_id, unit_id, period)
) with (fillfactor = 85);
create index report_obligation_group on report_obligation (working_group_id, id);
create index report_obligation_unit on report_obligation (working_group_id, unit_id, id);
create index report_obligation_period on report_obligation (regime_id, period, id);

alter table reporting_regime add column directive_ids uuid[] not null default '{}';
create index reporting_regime_directives on reporting_regime using gin (directive_ids);
-- A message about a report is dropped when the report has come before the receiver's hours open.
alter table item add column obligation_id uuid;
create index item_obligation on item (obligation_id) where obligation_id is not null;

grant select, insert, update on report_obligation to dondoc_writer;
grant select on report_obligation to dondoc_reader;
alter table report_obligation enable row level security;
create policy writer_all on report_obligation to dondoc_writer using (true) with check (true);
create policy reader_scope on report_obligation for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all()) or ((select app_role()) = 'unit' and unit_id = (select app_unit()))));
-- A unit reads the regimes under which it reports.
alter policy reader_scope on reporting_regime using (
  working_group_id = (select app_working_group()) and (
    (select app_reads_all())
    or ((select app_role()) = 'unit' and exists (
      select from report_obligation o where o.regime_id = reporting_regime.id))));
