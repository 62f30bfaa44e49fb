-- Directives that any version of a regime names: periods opened under an earlier version are still owed for theirs.
alter table reporting_regime add column named_directive_ids uuid[] not null default '{}';
update reporting_regime r
   set named_directive_ids = array(
         select distinct d::uuid from jsonb_array_elements(r.body -> 'versions') v,
                jsonb_array_elements_text(v #> '{definition,directiveIds}') d);
create index reporting_regime_named on reporting_regime using gin (named_directive_ids);
