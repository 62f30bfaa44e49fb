-- What the watchdog counts each minute: the few rows that went wrong among the many that did not.
create index planned_step_aside on planned_step (set_aside_at) where set_aside_at is not null;
create index envelope_dead on envelope (created_at) where state = 'dead';
create index item_undeliverable on item (created_at) where state = 'undeliverable';
