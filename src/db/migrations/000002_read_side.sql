-- What reads need beyond their own rows. A policy that looked into a table whose policy looks back would
-- recurse, so these functions run as the owner and check the scope themselves.

-- A unit that holds an obstacle, or was asked for a contribution, is a party to that one matter.
create index matter_party on matter ((coalesce(body ->> 'holderUnitId', body ->> 'askedUnitId')))
  where kind in ('obstacle', 'contribution');

create function app_party_matters() returns uuid[] language sql stable parallel safe security definer
  set search_path = public, pg_temp as
$$ select array(
     select id from matter
      where working_group_id = app_working_group() and app_role() = 'unit' and kind in ('obstacle', 'contribution')
        and coalesce(body ->> 'holderUnitId', body ->> 'askedUnitId') = app_unit()::text) $$;

create function app_party_assignments() returns uuid[] language sql stable parallel safe security definer
  set search_path = public, pg_temp as
$$ select array(
     select distinct assignment_id from matter
      where working_group_id = app_working_group() and app_role() = 'unit' and kind in ('obstacle', 'contribution')
        and coalesce(body ->> 'holderUnitId', body ->> 'askedUnitId') = app_unit()::text) $$;

create policy reader_party on assignment for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'unit'
  and id = any ((select app_party_assignments())::uuid[]));
create policy reader_party on matter for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'unit'
  and id = any ((select app_party_matters())::uuid[]));
-- Of the assignment's events only those of the matter itself.
create policy reader_party on event for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and (select app_role()) = 'unit' and subject_kind = 'assignment'
  and data ? 'matterId' and (data ->> 'matterId')::uuid = any ((select app_party_matters())::uuid[]));

-- What a case is about, in words. Home Affairs reads neither directives nor tasks, yet a case without them
-- says nothing; so it is given the names of the cases it may read, and no more.
create function case_labels(cases uuid[])
  returns table (referral_id uuid, task_code text, task_title text, task_title_en text, task_kind text, task_nature text,
                 task_ordinal integer, directive_number text, directive_title text, directive_state text,
                 directive_date date)
  language sql stable security definer set search_path = public, pg_temp as
$$ select r.id, t.code, t.title, t.body #>> '{task,titleEn}', t.kind, t.nature, t.ordinal, d.number, d.title, d.state, d.document_date
     from referral r
     join assignment a on a.id = r.assignment_id
     join task t on t.id = a.task_id
     join directive d on d.id = r.directive_id
    where r.id = any (cases) and r.working_group_id = app_working_group()
      and (app_reads_all()
           or (app_role() = 'unit' and r.unit_id = app_unit())
           or (app_role() = 'home_affairs' and r.referred_at is not null)) $$;

revoke execute on function app_party_matters(), app_party_assignments(), case_labels(uuid[]) from public;
grant execute on function app_party_matters(), app_party_assignments(), case_labels(uuid[]) to dondoc_reader;

-- Search without accents: `đ` has no decomposition, so it is named.
create function folded(words text) returns text language sql immutable parallel safe as
$$ select translate(regexp_replace(normalize(lower(words), nfd), '[\u0300-\u036f]', '', 'g'), 'đ', 'd') $$;

-- The key under which cursors of lists are signed, so that nobody builds their own: one per installation,
-- shared by its API processes.
create table installation (
  single boolean primary key default true check (single),
  cursor_key bytea not null
);
insert into installation (cursor_key)
  values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
grant select on installation to dondoc_reader, dondoc_writer;
