-- Supervisors read everything of their Working Group, plans that came in among it.
alter policy reader_scope on import using (working_group_id = (select app_working_group()) and (select app_reads_all()));
