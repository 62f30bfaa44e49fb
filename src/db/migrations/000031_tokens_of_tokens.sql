-- A token that another one made may no more than that one, for no longer, and falls with it.
alter table api_token add column parent_id uuid references api_token;
create index api_token_parent on api_token (parent_id) where parent_id is not null;
