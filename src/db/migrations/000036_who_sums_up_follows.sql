-- After the reports that an edit or an outage reaches come those that sum them up, level by level.
alter table calendar_edit drop constraint calendar_edit_stage_check;
alter table calendar_edit add constraint calendar_edit_stage_check check (stage in ('directives', 'regimes', 'levels'));
alter table outage drop constraint outage_stage_check;
alter table outage add constraint outage_stage_check check (stage in ('assignments', 'reports', 'levels', 'cases'));
