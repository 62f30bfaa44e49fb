-- Events are append-only to the application. What never should have been written is the one exception, and only where
-- the decision to destroy it is an event of the same subject already: whoever calls this without one is refused.
create function destroy_event_text(kind text, subject uuid, at_seq integer) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as
$$
declare words jsonb;
begin
  if not exists (
    select from event e
     where e.subject_kind = kind and e.subject_id = subject and e.type = 'text_destroyed'
       and (e.data ->> 'seq')::integer = at_seq and e.seq > at_seq) then
    raise exception 'no decision destroys the text of event % of % %', at_seq, kind, subject using errcode = '42501';
  end if;
  select e.text into words from event e
   where e.subject_kind = kind and e.subject_id = subject and e.seq = at_seq for update;
  update event e set text = null, salt = null
   where e.subject_kind = kind and e.subject_id = subject and e.seq = at_seq;
  return words;
end $$;
revoke execute on function destroy_event_text(text, uuid, integer) from public;
grant execute on function destroy_event_text(text, uuid, integer) to dondoc_writer;

-- A document without a text that is one of its values; names of fields stay, for a colon follows them.
create function scrubbed(doc jsonb, words text) returns jsonb language sql immutable parallel safe as
$$ select replace(replace(replace(doc::text,
     to_jsonb(words)::text || ',', '"[…]",'),
     to_jsonb(words)::text || '}', '"[…]"}'),
     to_jsonb(words)::text || ']', '"[…]"]')::jsonb $$;
