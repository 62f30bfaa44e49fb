-- Roots over the heads of all chains that grew since the last one, each over the one before. What an anchor has
-- covered cannot be cut off any more without being noticed; sent outside, not even by who owns this database.
create table anchor (
  number integer primary key,
  at timestamptz not null,
  up_to bigint not null,                           -- the last event it covers, by number
  access_up_to bigint not null,                    -- the last line of the access log
  chains integer not null,
  leaves text not null,                            -- kind|id|seq|hash, a line each: to say where, not only that
  root bytea not null,
  previous bytea,                                  -- digest of the statement before
  statement text not null,                         -- what is signed, canonical
  key_id text,
  signature bytea                                  -- Ed25519; null: no key was given
);
grant select, insert on anchor to dondoc_writer;
grant select (number, at, up_to, access_up_to, chains, root, previous, statement, key_id, signature) on anchor to dondoc_reader;

-- Up to where everything is committed: waits for what is being written, and lets nothing begin meanwhile. Runs as the
-- owner, because the lock asks for more than the writer may do.
create function anchor_horizon() returns table (events bigint, accesses bigint)
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '5s' as
$$
begin
  lock table event, access_log in share mode;
  return query select (select coalesce(max(e.number), 0) from event e), (select coalesce(max(l.number), 0) from access_log l);
end $$;
revoke execute on function anchor_horizon() from public;
grant execute on function anchor_horizon() to dondoc_writer;
