-- Cases follow an edit of the calendar: of late reporting after their regimes, of assignments with them.
alter table calendar_edit drop constraint calendar_edit_stage_check;
alter table calendar_edit add constraint calendar_edit_stage_check
  check (stage in ('directives', 'regimes', 'levels', 'cases'));

-- What is still answered for under a directive, found without reading all that has ended.
create index referral_open on referral (directive_id) where ended_at is null;
create index matter_stated_cause on matter (directive_id) where kind = 'cause' and state = 'stated';

-- A window that began again is counted from there.
update referral r set body = jsonb_set(r.body, '{windowFrom}', renewed.at)
  from (select distinct on (subject_id) subject_id, data -> 'at' as at from event
         where subject_kind = 'referral' and type = 'facts_renewed' order by subject_id, seq desc) renewed
 where renewed.subject_id = r.id;

-- Closed directives had stayed behind; what is late under them is answered by the Working Group's calendar of today.
update directive d set calendar_version = latest.version
  from (select id, max(version) as version from calendar group by id) latest
 where d.state = 'closed' and latest.id = d.calendar_id;
