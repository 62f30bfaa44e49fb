-- An administrator names the Working Group and its offices; edits say which version they have read.
alter table working_group add column row_version integer not null default 1;
