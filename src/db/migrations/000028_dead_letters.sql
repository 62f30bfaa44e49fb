-- Of a letter on its way the offices of a Working Group read what became of it. Where it went and what it said is read
-- by nobody but an administrator, and only where nobody took it.
drop policy reader_dead on envelope;
revoke select on envelope from dondoc_reader;
grant select (id, working_group_id, unit_id, channel, state, sent_at, last_error) on envelope to dondoc_reader;

create view dead_letter with (security_barrier = true) as
  select id, working_group_id, address, subject, attempts, last_error, created_at
    from envelope
   where state = 'dead' and working_group_id = (select app_working_group())
     and (select app_role()) = 'administrator';
grant select on dead_letter to dondoc_reader;
