-- What is told within the product, beside e-mail and webhooks: to a person, or to whoever holds a role (of the Working
-- Group, or in one unit). Opened when the office's hours open, as letters are. A row points to its item, whose template
-- and data it shows in the reader's language, so that nothing is stored twice.
create table message (
  id uuid primary key,
  item_id uuid not null,
  working_group_id uuid not null references working_group,
  role text not null check (role in ('standing_agency', 'unit', 'supervisor', 'home_affairs')),
  unit_id uuid references unit,                    -- of the role `unit`; the others are the Working Group's
  person_id uuid references person,                -- null: the office
  deadline timestamptz,                            -- as it was when the message was opened
  opened_at timestamptz not null,
  check ((role = 'unit') = (unit_id is not null))
);
create unique index message_once on message (item_id, role, coalesce(unit_id, item_id), coalesce(person_id, item_id));
create index message_receiver on message (working_group_id, role, unit_id, id desc);

-- An office has several readers, and each reads for themselves.
create table message_read (
  message_id uuid not null references message on delete cascade,
  person_id uuid not null references person,
  at timestamptz not null,
  primary key (message_id, person_id)
);

-- Acknowledging stops the repeats to that person alone, so each of several is kept.
create table step_acknowledgement (
  step_id uuid not null references step_taken on delete cascade,
  person_id uuid not null references person,
  working_group_id uuid not null,
  at timestamptz not null,
  primary key (step_id, person_id)
);
insert into step_acknowledgement (step_id, person_id, working_group_id, at)
  select id, acknowledged_by, working_group_id, acknowledged_at from step_taken
   where acknowledged_by is not null and acknowledged_at is not null;

alter table item add column in_app_at timestamptz; -- when it became a message within the product

grant select, insert, update, delete on message, message_read, step_acknowledgement to dondoc_writer;
grant select on message, message_read, step_acknowledgement to dondoc_reader;
do $$
declare scoped text;
begin
  foreach scoped in array array['message', 'message_read', 'step_acknowledgement'] loop
    execute format('alter table %I enable row level security', scoped);
    execute format('create policy writer_all on %I to dondoc_writer using (true) with check (true)', scoped);
  end loop;
end $$;

-- One's own, under the role one acts in: who has left a unit no longer reads what was told to them there.
create policy reader_scope on message for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and role = (select app_role())
  and (role <> 'unit' or unit_id = (select app_unit()))
  and (person_id is null or person_id = (select app_person())));
create policy reader_scope on message_read for select to dondoc_reader using (person_id = (select app_person()));
create policy reader_scope on step_acknowledgement for select to dondoc_reader using (
  working_group_id = (select app_working_group()) and exists (select from step_taken s where s.id = step_acknowledgement.step_id));

-- What a message says, for its receiver, who may read less of the assignment than the message names.
create function message_lines(messages uuid[])
  returns table (message_id uuid, template text, params jsonb, assignment_id uuid, directive_id uuid, report_id uuid, referral_id uuid, step_id uuid,
                 code text, title text, directive_number text, directive_title text, unit_name text)
  language sql stable security definer set search_path = public, pg_temp as
$$ select m.id, i.template, i.params, i.assignment_id, i.directive_id, i.obligation_id, i.referral_id, i.step_id, t.code, t.title,
          d.number, d.title, u.name
     from message m
     join item i on i.id = m.item_id
     left join assignment a on a.id = i.assignment_id
     left join task t on t.id = a.task_id
     left join directive d on d.id = i.directive_id
     left join unit u on u.id = coalesce(a.unit_id, i.unit_id)
    where m.id = any (messages) and m.working_group_id = app_working_group() and m.role = app_role()
      and (m.role <> 'unit' or m.unit_id = app_unit())
      and (m.person_id is null or m.person_id = app_person()) $$;
revoke execute on function message_lines(uuid[]) from public;
grant execute on function message_lines(uuid[]) to dondoc_reader;
