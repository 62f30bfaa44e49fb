-- A document without a text in fields that people write in: a word that is also a state, an id or the title of another
-- task stays where it is that.
create function scrubbed_in(doc jsonb, words text, fields text[]) returns jsonb language plpgsql immutable parallel safe as
$$ declare
  written text := doc::text;
  field text;
begin
  foreach field in array fields loop
    written := replace(written, to_jsonb(field)::text || ': ' || to_jsonb(words)::text, to_jsonb(field)::text || ': "[…]"');
  end loop;
  return written::jsonb;
end $$;
