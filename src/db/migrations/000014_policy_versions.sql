-- Who made a version of a policy, and why. Versions are only added.
alter table policy add column reason text;
alter table policy add column recorded_by uuid references person;
revoke update, delete, truncate on policy from dondoc_writer;
