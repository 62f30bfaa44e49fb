-- A step stands at most once per subject and cycle. A voided one did not stand: when its instant moves to a
-- later one (a returned result), the step is owed again and is another row.
alter table step_taken drop constraint step_taken_subject_kind_subject_id_step_cycle_key;
create unique index step_taken_once on step_taken (subject_kind, subject_id, step, cycle) where voided_at is null;
