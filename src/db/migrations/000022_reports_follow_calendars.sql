-- Outages and edits of calendars reach reports and cases too: after the assignments, from the first one on.
alter table outage add column stage text not null default 'assignments' check (stage in ('assignments', 'reports', 'cases'));
alter table calendar_edit add column stage text not null default 'directives' check (stage in ('directives', 'regimes'));
