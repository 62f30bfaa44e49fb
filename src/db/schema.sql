-- Written from the migrations by `npm run db:dump`, compared by a test on each supported PostgreSQL. Do not edit.

-- types
count_class as enum ('done_on_time', 'done_late', 'open_in_time', 'open_overdue', 'awaiting_in_time', 'awaiting_overdue', 'regular', 'suspended', 'stopped', 'carried_over', 'superseded', 'unclear')

-- columns
acceptance.single boolean not null default true
acceptance.last_at timestamp with time zone not null
acceptance.margin interval not null
acceptance.process text not null
access_log.number bigint not null generated always as identity
access_log.person_id uuid not null
access_log.day date not null
access_log.seq integer not null
access_log.at timestamp with time zone not null
access_log.working_group_id uuid
access_log.unit_id uuid
access_log.role text
access_log.action text not null
access_log.subject_kind text
access_log.subject_id uuid
access_log.detail jsonb not null default '{}'::jsonb
access_log.address text
access_log.agent text
access_log.hash bytea not null
anchor.number integer not null
anchor.at timestamp with time zone not null
anchor.up_to bigint not null
anchor.access_up_to bigint not null
anchor.chains integer not null
anchor.leaves text not null
anchor.root bytea not null
anchor.previous bytea
anchor.statement text not null
anchor.key_id text
anchor.signature bytea
api_token.id uuid not null
api_token.person_id uuid not null
api_token.hash bytea not null
api_token.label text not null
api_token.created_at timestamp with time zone not null default clock_timestamp()
api_token.expires_at timestamp with time zone not null
api_token.revoked_at timestamp with time zone
api_token.last_used_at timestamp with time zone
api_token.kind text not null default 'personal'::text
api_token.scopes text[] not null default '{read,write,admin}'::text[]
api_token.grant_id uuid
api_token.made_by uuid
api_token.parent_id uuid
assignment.id uuid not null
assignment.working_group_id uuid not null
assignment.directive_id uuid not null
assignment.task_id uuid not null
assignment.unit_id uuid not null
assignment.coordinating_unit_ids uuid[] not null default '{}'::uuid[]
assignment.monitor_unit_id uuid not null
assignment.state text not null
assignment.cycle integer not null
assignment.first_deadline_at timestamp with time zone
assignment.due_at timestamp with time zone
assignment.submitted_at timestamp with time zone
assignment.ended_at timestamp with time zone
assignment.span_since timestamp with time zone not null
assignment.referral_id uuid
assignment.seq integer not null
assignment.head_hash bytea not null
assignment.body jsonb not null
calendar.id text not null
calendar.version integer not null
calendar.body jsonb not null
calendar.recorded_at timestamp with time zone not null default clock_timestamp()
calendar_edit.id uuid not null
calendar_edit.calendar_id text not null
calendar_edit.version integer
calendar_edit.kind text not null
calendar_edit.reason text not null
calendar_edit.source text not null
calendar_edit.actor jsonb not null
calendar_edit.recorded_at timestamp with time zone not null
calendar_edit.cursor_id uuid
calendar_edit.cursor_assignment_id uuid
calendar_edit.looked integer not null default 0
calendar_edit.moved integer not null default 0
calendar_edit.rejudged integer not null default 0
calendar_edit.set_aside integer not null default 0
calendar_edit.done_at timestamp with time zone
calendar_edit.stage text not null default 'directives'::text
calendar_use.id uuid not null default gen_random_uuid()
calendar_use.working_group_id uuid not null
calendar_use.unit_id uuid
calendar_use.group_code text
calendar_use.calendar_id text not null
clock_offset.single boolean not null default true
clock_offset.shift interval not null
count_fold.single boolean not null default true
count_fold.watermark xid8 not null
count_fold.cluster bigint not null
count_fold.folded_at timestamp with time zone not null default clock_timestamp()
count_move.xid xid8 not null default pg_current_xact_id()
count_move.number bigint not null generated always as identity
count_move.at timestamp with time zone not null
count_move.recorded_at timestamp with time zone not null
count_move.working_group_id uuid not null
count_move.unit_id uuid
count_move.directive_id uuid not null
count_move.task_id uuid not null
count_move.assignment_id uuid
count_move.kind text not null
count_move.origin_year smallint not null
count_move.from_class count_class
count_move.to_class count_class
directive.id uuid not null
directive.working_group_id uuid not null
directive.unit_id uuid not null
directive.state text not null
directive.number text
directive.title text not null
directive.document_date date
directive.row_version integer not null default 1
directive.content jsonb not null
directive.frozen_version integer not null default 0
directive.planned integer not null default 0
directive.assigned integer not null default 0
directive.issued_at timestamp with time zone
directive.ended_at timestamp with time zone
directive.armed_at timestamp with time zone not null default '-infinity'::timestamp with time zone
directive.calendar_id text not null
directive.calendar_version integer not null
directive.seq integer not null default 0
directive.head_hash bytea
directive.body jsonb not null
directive.parent_assignment_id uuid
directive_count.working_group_id uuid not null
directive_count.unit_id uuid
directive_count.directive_id uuid not null
directive_count.kind text not null
directive_count.origin_year smallint not null
directive_count.level text not null
directive_count.starts_on date not null
directive_count.done_on_time integer not null
directive_count.done_late integer not null
directive_count.open_in_time integer not null
directive_count.open_overdue integer not null
directive_count.awaiting_in_time integer not null
directive_count.awaiting_overdue integer not null
directive_count.regular integer not null
directive_count.suspended integer not null
directive_count.stopped integer not null
directive_count.carried_over integer not null
directive_count.superseded integer not null
directive_count.unclear integer not null
directive_version.directive_id uuid not null
directive_version.version integer not null
directive_version.working_group_id uuid not null
directive_version.unit_id uuid not null
directive_version.content jsonb not null
directive_version.policy jsonb not null
directive_version.calendar_id text not null
directive_version.calendar_version integer not null
directive_version.recorded_at timestamp with time zone not null default clock_timestamp()
envelope.id uuid not null
envelope.working_group_id uuid not null
envelope.channel text not null
envelope.recipient_kind text not null
envelope.unit_id uuid
envelope.person_id uuid
envelope.address text not null
envelope.locale text not null
envelope.message_id text not null
envelope.subject text not null
envelope.body_text text not null
envelope.body_html text not null
envelope.state text not null default 'ready'::text
envelope.attempts integer not null default 0
envelope.next_at timestamp with time zone not null
envelope.leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone
envelope.last_error text
envelope.created_at timestamp with time zone not null
envelope.sent_at timestamp with time zone
event.number bigint not null generated always as identity
event.xid xid8 not null default pg_current_xact_id()
event.subject_kind text not null
event.subject_id uuid not null
event.seq integer not null
event.working_group_id uuid not null
event.directive_id uuid
event.unit_id uuid
event.type text not null
event.data jsonb not null
event.text jsonb
event.salt bytea
event.text_hash bytea
event.actor jsonb not null
event.document jsonb
event.received_at timestamp with time zone not null
event.happened_at timestamp with time zone not null
event.recorded_at timestamp with time zone not null
event.hash bytea not null
file.id uuid not null
file.working_group_id uuid not null
file.unit_id uuid
file.role text not null
file.person_id uuid not null
file.name text not null
file.media_type text not null
file.size bigint not null
file.sha256 bytea not null
file.state text not null default 'kept'::text
file.state_at timestamp with time zone not null
file.uploaded_at timestamp with time zone not null
file_content.sha256 bytea not null
file_content.key text not null
file_content.size bigint not null
file_content.brought_at timestamp with time zone not null default clock_timestamp()
file_reference.file_id uuid not null
file_reference.subject_kind text not null
file_reference.subject_id uuid not null
file_reference.assignment_id uuid
file_reference.seq integer not null
file_reference.working_group_id uuid not null
file_reference.unit_id uuid
file_removal.key text not null
file_removal.since timestamp with time zone not null default clock_timestamp()
heartbeat.process text not null
heartbeat.kind text not null
heartbeat.at timestamp with time zone not null
heartbeat.detail jsonb not null
idempotency_key.caller uuid not null
idempotency_key.route text not null
idempotency_key.key text not null
idempotency_key.fingerprint bytea not null
idempotency_key.status integer not null
idempotency_key.subject_id uuid
idempotency_key.version integer
idempotency_key.recorded_at timestamp with time zone not null default clock_timestamp()
import.id uuid not null
import.working_group_id uuid not null
import.unit_id uuid
import.person_id uuid not null
import.file_name text not null
import.state text not null
import.directive_id uuid
import.body jsonb not null
import.recorded_at timestamp with time zone not null default clock_timestamp()
installation.single boolean not null default true
installation.cursor_key bytea not null
installation.epoch integer not null default 1
item.id uuid not null
item.key text not null
item.working_group_id uuid not null
item.directive_id uuid
item.assignment_id uuid
item.unit_id uuid
item.step_id uuid
item.recipient_kind text not null
item.recipient_unit_id uuid
item.template text not null
item.rank integer not null
item.holds text not null
item.cycle integer
item.params jsonb not null
item.created_at timestamp with time zone not null
item.open_at timestamp with time zone not null
item.state text not null default 'waiting'::text
item.note text
item.envelope_id uuid
item.obligation_id uuid
item.referral_id uuid
item.in_app_at timestamp with time zone
local_account.person_id uuid not null
local_account.password text
local_account.changed_at timestamp with time zone
local_account.setup_hash bytea
local_account.setup_expires_at timestamp with time zone
matter.id uuid not null
matter.kind text not null
matter.assignment_id uuid not null
matter.directive_id uuid not null
matter.working_group_id uuid not null
matter.unit_id uuid not null
matter.state text not null
matter.opened_seq integer not null
matter.opened_at timestamp with time zone not null
matter.body jsonb not null
message.id uuid not null
message.item_id uuid not null
message.working_group_id uuid not null
message.role text not null
message.unit_id uuid
message.person_id uuid
message.deadline timestamp with time zone
message.opened_at timestamp with time zone not null
message_read.message_id uuid not null
message_read.person_id uuid not null
message_read.at timestamp with time zone not null
migration.number integer not null
migration.name text not null
migration.breaking boolean not null
migration.applied_at timestamp with time zone not null default clock_timestamp()
outage.id uuid not null
outage.from_at timestamp with time zone not null
outage.to_at timestamp with time zone not null
outage.noticed_by text not null
outage.recorded_at timestamp with time zone not null default clock_timestamp()
outage.cursor_id uuid
outage.moved integer not null default 0
outage.rejudged integer not null default 0
outage.set_aside integer not null default 0
outage.closed_at timestamp with time zone
outage.stage text not null default 'assignments'::text
person.id uuid not null
person.name text not null
person.email text
person.locale text not null default 'vi'::text
person.login text
person.disabled_at timestamp with time zone
person.row_version integer not null default 1
planned_step.subject_kind text not null
planned_step.subject_id uuid not null
planned_step.conductor_kind text not null
planned_step.conductor_id uuid not null
planned_step.working_group_id uuid not null
planned_step.unit_id uuid
planned_step.step text not null
planned_step.due_at timestamp with time zone not null
planned_step.set_aside_at timestamp with time zone
planned_step.error text
policy.id text not null
policy.version integer not null
policy.body jsonb not null
policy.recorded_at timestamp with time zone not null default clock_timestamp()
policy.reason text
policy.recorded_by uuid
rate_limit.key character varying(255) not null
rate_limit.points integer not null default 0
rate_limit.expire bigint
referral.id uuid not null
referral.working_group_id uuid not null
referral.directive_id uuid
referral.assignment_id uuid
referral.unit_id uuid not null
referral.state text not null
referral.proposed_at timestamp with time zone not null
referral.referred_at timestamp with time zone
referral.ended_at timestamp with time zone
referral.armed_at timestamp with time zone not null default '-infinity'::timestamp with time zone
referral.seq integer not null
referral.head_hash bytea not null
referral.body jsonb not null
referral.regime_id uuid
referral.head_id uuid
reorganisation.id uuid not null
reorganisation.kind text not null
reorganisation.effective_on date not null
reorganisation.document jsonb not null
reorganisation.reason text not null
reorganisation.from_unit_ids uuid[] not null
reorganisation.to_unit_ids uuid[] not null
reorganisation.caretaker_id uuid
reorganisation.new_name text
reorganisation.new_name_en text
reorganisation.state text not null default 'planned'::text
reorganisation.planned_by jsonb not null
reorganisation.planned_at timestamp with time zone not null
reorganisation.done_at timestamp with time zone
reorganisation.moved integer not null default 0
reorganisation.armed_at timestamp with time zone not null
reorganisation.row_version integer not null default 1
reorganisation_allotment.reorganisation_id uuid not null
reorganisation_allotment.assignment_id uuid not null
reorganisation_allotment.working_group_id uuid not null
reorganisation_allotment.unit_id uuid not null
reorganisation_stuck.reorganisation_id uuid not null
reorganisation_stuck.assignment_id uuid not null
reorganisation_stuck.working_group_id uuid not null
reorganisation_stuck.code text not null
reorganisation_stuck.detail jsonb not null
reorganisation_stuck.at timestamp with time zone not null
report_obligation.id uuid not null
report_obligation.working_group_id uuid not null
report_obligation.regime_id uuid not null
report_obligation.unit_id uuid not null
report_obligation.level integer not null
report_obligation.period text not null
report_obligation.opens_on date not null
report_obligation.closes_on date not null
report_obligation.due_at timestamp with time zone not null
report_obligation.received_at timestamp with time zone
report_obligation.late boolean
report_obligation.excuse_asked boolean not null
report_obligation.settled boolean not null
report_obligation.states text[] not null
report_obligation.states_from timestamp with time zone[] not null
report_obligation.seq integer not null
report_obligation.head_hash bytea not null
report_obligation.body jsonb not null
reporting_regime.id uuid not null
reporting_regime.working_group_id uuid not null
reporting_regime.unit_id uuid not null
reporting_regime.kind text not null
reporting_regime.state text not null
reporting_regime.name text not null
reporting_regime.name_en text
reporting_regime.version integer not null
reporting_regime.armed_at timestamp with time zone not null default '-infinity'::timestamp with time zone
reporting_regime.ended_at timestamp with time zone
reporting_regime.seq integer not null
reporting_regime.head_hash bytea not null
reporting_regime.body jsonb not null
reporting_regime.directive_ids uuid[] not null default '{}'::uuid[]
reporting_regime.named_directive_ids uuid[] not null default '{}'::uuid[]
role_grant.id uuid not null
role_grant.person_id uuid not null
role_grant.working_group_id uuid not null
role_grant.role text not null
role_grant.unit_id uuid
role_grant.valid_from timestamp with time zone not null default '-infinity'::timestamp with time zone
role_grant.valid_to timestamp with time zone not null default 'infinity'::timestamp with time zone
role_grant.deputy_of uuid
role_grant.office boolean not null default false
role_grant.row_version integer not null default 1
session.id uuid not null
session.hash bytea not null
session.person_id uuid not null
session.method text not null
session.started_at timestamp with time zone not null
session.seen_at timestamp with time zone not null
session.idle interval not null
session.ends_at timestamp with time zone not null
session.ended_at timestamp with time zone
session.address text
session.agent text
sign_in_flow.hash bytea not null
sign_in_flow.state text not null
sign_in_flow.nonce text not null
sign_in_flow.verifier text not null
sign_in_flow.return_to text not null
sign_in_flow.expires_at timestamp with time zone not null
span.assignment_id uuid not null
span.starts_at timestamp with time zone not null
span.ends_at timestamp with time zone
span.working_group_id uuid not null
span.directive_id uuid not null
span.task_id uuid not null
span.unit_id uuid not null
span.class text not null
span.due_at timestamp with time zone
span.late boolean
step_acknowledgement.step_id uuid not null
step_acknowledgement.person_id uuid not null
step_acknowledgement.working_group_id uuid not null
step_acknowledgement.at timestamp with time zone not null
step_taken.id uuid not null
step_taken.subject_kind text not null
step_taken.subject_id uuid not null
step_taken.step text not null
step_taken.cycle integer not null
step_taken.kind text not null
step_taken.working_group_id uuid not null
step_taken.directive_id uuid
step_taken.assignment_id uuid
step_taken.unit_id uuid
step_taken.planned_at timestamp with time zone not null
step_taken.taken_at timestamp with time zone not null
step_taken.recipients jsonb not null
step_taken.policy_text text not null
step_taken.calendar text not null
step_taken.message text not null
step_taken.acknowledged_at timestamp with time zone
step_taken.acknowledged_by uuid
step_taken.voided_at timestamp with time zone
step_taken.void_reason text
succession.predecessor_id uuid not null
succession.successor_id uuid not null
succession.working_group_id uuid not null
succession.unit_id uuid not null
task.id uuid not null
task.directive_id uuid not null
task.working_group_id uuid not null
task.unit_id uuid
task.ordinal integer not null
task.code text
task.title text not null
task.nature text not null
task.recurrence text not null
task.kind text not null
task.unclear text[] not null default '{}'::text[]
task.deadline_phrase text
task.deadline_at timestamp with time zone
task.body jsonb not null
unit.id uuid not null
unit.code text not null
unit.name text not null
unit.name_en text
unit.aliases text[] not null default '{}'::text[]
unit.group_code text not null
unit.parent_id uuid
unit.email text
unit.valid_from date not null default '1900-01-01'::date
unit.valid_to date
unit.row_version integer not null default 1
unit_count.working_group_id uuid not null
unit_count.unit_id uuid not null
unit_count.level text not null
unit_count.starts_on date not null
unit_count.done_on_time integer not null
unit_count.done_late integer not null
unit_count.open_in_time integer not null
unit_count.open_overdue integer not null
unit_count.awaiting_in_time integer not null
unit_count.awaiting_overdue integer not null
unit_count.regular integer not null
unit_count.suspended integer not null
unit_count.stopped integer not null
unit_count.carried_over integer not null
unit_count.superseded integer not null
unit_count.unclear integer not null
unit_head.id uuid not null
unit_head.unit_id uuid not null
unit_head.person_id uuid not null
unit_head.valid_from date not null
unit_head.valid_to date
wake.id bigint not null generated always as identity
wake.conductor_kind text not null
wake.conductor_id uuid not null
wake.reason text not null
wake.leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone
wake.created_at timestamp with time zone not null default clock_timestamp()
webhook.id uuid not null
webhook.working_group_id uuid not null
webhook.unit_id uuid
webhook.role text not null
webhook.person_id uuid not null
webhook.label text not null
webhook.url text not null
webhook.types text[] not null default '{}'::text[]
webhook.state text not null default 'active'::text
webhook.reason text
webhook.secret text not null
webhook.old_secret text
webhook.old_secret_until timestamp with time zone
webhook.epoch integer not null
webhook.cursor_xid xid8 not null
webhook.cursor_number bigint not null
webhook.row_version integer not null default 1
webhook.created_at timestamp with time zone not null
webhook_delivery.id uuid not null
webhook_delivery.webhook_id uuid not null
webhook_delivery.working_group_id uuid not null
webhook_delivery.unit_id uuid
webhook_delivery.event_number bigint not null
webhook_delivery.event_type text not null
webhook_delivery.body text not null
webhook_delivery.state text not null default 'waiting'::text
webhook_delivery.attempts integer not null default 0
webhook_delivery.next_at timestamp with time zone not null default clock_timestamp()
webhook_delivery.leased_until timestamp with time zone not null default '-infinity'::timestamp with time zone
webhook_delivery.last_status integer
webhook_delivery.last_error text
webhook_delivery.created_at timestamp with time zone not null default clock_timestamp()
webhook_delivery.delivered_at timestamp with time zone
working_group.id uuid not null
working_group.code text not null
working_group.name text not null
working_group.name_en text
working_group.standing_agency_id uuid not null
working_group.home_affairs_id uuid not null
working_group.supervisor_unit_id uuid
working_group.calendar_id text not null
working_group.policy_id text not null
working_group.row_version integer not null default 1

-- storage and row security
acceptance
access_log row security
anchor
api_token row security
assignment row security with (fillfactor=80)
calendar
calendar_edit row security
calendar_use row security
clock_offset
count_fold
count_move row security
directive row security
directive_count row security
directive_version row security
envelope row security
event row security
file row security
file_content
file_reference row security
file_removal
heartbeat
idempotency_key
import row security
installation
item row security
local_account
matter row security
message row security
message_read row security
migration
outage
person row security
planned_step row security with (fillfactor=80)
policy
rate_limit
referral row security
reorganisation row security
reorganisation_allotment row security
reorganisation_stuck row security
report_obligation row security with (fillfactor=85)
reporting_regime row security
role_grant row security
session row security
sign_in_flow
span row security
step_acknowledgement row security
step_taken row security
succession row security
task row security
unit
unit_count row security
unit_head
wake
webhook row security
webhook_delivery row security
working_group

-- views
dead_letter with (security_barrier=true):  SELECT id, working_group_id, address, subject, attempts, last_error, created_at FROM envelope WHERE ((state = 'dead'::text) AND (working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_role() AS app_role) = 'administrator'::text));

-- constraints
acceptance acceptance_pkey PRIMARY KEY (single)
acceptance acceptance_single_check CHECK (single)
access_log access_log_pkey PRIMARY KEY (person_id, day, seq)
anchor anchor_pkey PRIMARY KEY (number)
api_token api_token_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES role_grant(id)
api_token api_token_hash_key UNIQUE (hash)
api_token api_token_kind_check CHECK ((kind = ANY (ARRAY['personal'::text, 'demo'::text])))
api_token api_token_made_by_fkey FOREIGN KEY (made_by) REFERENCES person(id)
api_token api_token_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES api_token(id)
api_token api_token_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
api_token api_token_pkey PRIMARY KEY (id)
api_token api_token_scopes_check CHECK (((scopes <@ ARRAY['read'::text, 'write'::text, 'admin'::text]) AND (cardinality(scopes) > 0)))
assignment assignment_directive_id_fkey FOREIGN KEY (directive_id) REFERENCES directive(id)
assignment assignment_pkey PRIMARY KEY (id)
calendar calendar_pkey PRIMARY KEY (id, version)
calendar_edit calendar_edit_kind_check CHECK ((kind = ANY (ARRAY['created'::text, 'days'::text, 'week'::text, 'used'::text])))
calendar_edit calendar_edit_pkey PRIMARY KEY (id)
calendar_edit calendar_edit_stage_check CHECK ((stage = ANY (ARRAY['directives'::text, 'regimes'::text, 'levels'::text, 'cases'::text])))
calendar_use calendar_use_check CHECK (((unit_id IS NULL) <> (group_code IS NULL)))
calendar_use calendar_use_pkey PRIMARY KEY (id)
calendar_use calendar_use_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
calendar_use calendar_use_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
calendar_use calendar_use_working_group_id_unit_id_group_code_key UNIQUE NULLS NOT DISTINCT (working_group_id, unit_id, group_code)
clock_offset clock_offset_pkey PRIMARY KEY (single)
clock_offset clock_offset_single_check CHECK (single)
count_fold count_fold_pkey PRIMARY KEY (single)
count_fold count_fold_single_check CHECK (single)
count_move count_move_check CHECK ((from_class IS DISTINCT FROM to_class))
count_move count_move_pkey PRIMARY KEY (xid, number)
directive directive_parent_assignment_id_fkey FOREIGN KEY (parent_assignment_id) REFERENCES assignment(id) DEFERRABLE
directive directive_pkey PRIMARY KEY (id)
directive directive_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'awaiting_approval'::text, 'issued'::text, 'closed'::text, 'withdrawn'::text])))
directive directive_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
directive directive_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
directive_count directive_count_level_check CHECK ((level = ANY (ARRAY['year'::text, 'month'::text, 'day'::text])))
directive_count directive_count_pkey PRIMARY KEY (directive_id, level, starts_on, kind, origin_year)
directive_version directive_version_directive_id_fkey FOREIGN KEY (directive_id) REFERENCES directive(id)
directive_version directive_version_pkey PRIMARY KEY (directive_id, version)
envelope envelope_message_id_key UNIQUE (message_id)
envelope envelope_pkey PRIMARY KEY (id)
envelope envelope_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'sent'::text, 'dead'::text])))
event event_pkey PRIMARY KEY (subject_kind, subject_id, seq)
file file_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
file file_pkey PRIMARY KEY (id)
file file_state_check CHECK ((state = ANY (ARRAY['kept'::text, 'swept'::text, 'destroyed'::text])))
file file_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
file_content file_content_key_key UNIQUE (key)
file_content file_content_pkey PRIMARY KEY (sha256)
file_reference file_reference_file_id_fkey FOREIGN KEY (file_id) REFERENCES file(id)
file_reference file_reference_pkey PRIMARY KEY (file_id, subject_kind, subject_id, seq)
file_reference file_reference_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['assignment'::text, 'matter'::text, 'referral'::text])))
file_removal file_removal_pkey PRIMARY KEY (key)
heartbeat heartbeat_pkey PRIMARY KEY (process)
idempotency_key idempotency_key_pkey PRIMARY KEY (caller, route, key)
import import_pkey PRIMARY KEY (id)
import import_state_check CHECK ((state = ANY (ARRAY['previewed'::text, 'applied'::text])))
installation installation_pkey PRIMARY KEY (single)
installation installation_single_check CHECK (single)
item item_key_key UNIQUE (key)
item item_pkey PRIMARY KEY (id)
item item_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'enveloped'::text, 'superseded'::text, 'undeliverable'::text])))
local_account local_account_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
local_account local_account_pkey PRIMARY KEY (person_id)
matter matter_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id)
matter matter_kind_check CHECK ((kind = ANY (ARRAY['extension'::text, 'obstacle'::text, 'cause'::text, 'contribution'::text, 'explanation'::text, 'contest'::text])))
matter matter_pkey PRIMARY KEY (id)
message message_check CHECK (((role = 'unit'::text) = (unit_id IS NOT NULL)))
message message_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
message message_pkey PRIMARY KEY (id)
message message_role_check CHECK ((role = ANY (ARRAY['standing_agency'::text, 'unit'::text, 'supervisor'::text, 'home_affairs'::text])))
message message_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
message message_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
message_read message_read_message_id_fkey FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE
message_read message_read_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
message_read message_read_pkey PRIMARY KEY (message_id, person_id)
migration migration_pkey PRIMARY KEY (number)
outage outage_check CHECK ((to_at > from_at))
outage outage_pkey PRIMARY KEY (id)
outage outage_stage_check CHECK ((stage = ANY (ARRAY['assignments'::text, 'reports'::text, 'levels'::text, 'cases'::text])))
person person_locale_check CHECK ((locale = ANY (ARRAY['vi'::text, 'en'::text])))
person person_login_key UNIQUE (login)
person person_pkey PRIMARY KEY (id)
planned_step planned_step_pkey PRIMARY KEY (subject_kind, subject_id)
policy policy_pkey PRIMARY KEY (id, version)
policy policy_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES person(id)
rate_limit rate_limit_pkey PRIMARY KEY (key)
referral referral_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id)
referral referral_directive_id_fkey FOREIGN KEY (directive_id) REFERENCES directive(id)
referral referral_head_id_fkey FOREIGN KEY (head_id) REFERENCES person(id)
referral referral_of_one_kind CHECK ((((assignment_id IS NOT NULL) AND (directive_id IS NOT NULL) AND (regime_id IS NULL)) OR ((assignment_id IS NULL) AND (directive_id IS NULL) AND (regime_id IS NOT NULL))))
referral referral_pkey PRIMARY KEY (id)
referral referral_regime_id_fkey FOREIGN KEY (regime_id) REFERENCES reporting_regime(id)
reorganisation reorganisation_caretaker_id_fkey FOREIGN KEY (caretaker_id) REFERENCES unit(id)
reorganisation reorganisation_from_unit_ids_check CHECK ((cardinality(from_unit_ids) > 0))
reorganisation reorganisation_kind_check CHECK ((kind = ANY (ARRAY['merge'::text, 'split'::text, 'rename'::text, 'abolish'::text])))
reorganisation reorganisation_pkey PRIMARY KEY (id)
reorganisation reorganisation_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'running'::text, 'done'::text, 'cancelled'::text])))
reorganisation_allotment reorganisation_allotment_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id)
reorganisation_allotment reorganisation_allotment_pkey PRIMARY KEY (reorganisation_id, assignment_id)
reorganisation_allotment reorganisation_allotment_reorganisation_id_fkey FOREIGN KEY (reorganisation_id) REFERENCES reorganisation(id)
reorganisation_allotment reorganisation_allotment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
reorganisation_allotment reorganisation_allotment_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
reorganisation_stuck reorganisation_stuck_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id)
reorganisation_stuck reorganisation_stuck_pkey PRIMARY KEY (reorganisation_id, assignment_id)
reorganisation_stuck reorganisation_stuck_reorganisation_id_fkey FOREIGN KEY (reorganisation_id) REFERENCES reorganisation(id)
reorganisation_stuck reorganisation_stuck_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
report_obligation report_obligation_pkey PRIMARY KEY (id)
report_obligation report_obligation_regime_id_fkey FOREIGN KEY (regime_id) REFERENCES reporting_regime(id)
report_obligation report_obligation_regime_id_unit_id_period_key UNIQUE (regime_id, unit_id, period)
reporting_regime reporting_regime_kind_check CHECK ((kind = ANY (ARRAY['periodic'::text, 'ad_hoc'::text])))
reporting_regime reporting_regime_pkey PRIMARY KEY (id)
reporting_regime reporting_regime_state_check CHECK ((state = ANY (ARRAY['active'::text, 'ended'::text])))
reporting_regime reporting_regime_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
reporting_regime reporting_regime_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
role_grant role_grant_check CHECK (((role <> 'unit'::text) OR (unit_id IS NOT NULL)))
role_grant role_grant_check1 CHECK ((valid_to >= valid_from))
role_grant role_grant_check2 CHECK (((NOT office) OR (role = 'unit'::text)))
role_grant role_grant_check3 CHECK (((deputy_of IS NULL) OR (valid_to < 'infinity'::timestamp with time zone)))
role_grant role_grant_deputy_of_fkey FOREIGN KEY (deputy_of) REFERENCES person(id)
role_grant role_grant_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
role_grant role_grant_pkey PRIMARY KEY (id)
role_grant role_grant_role_check CHECK ((role = ANY (ARRAY['standing_agency'::text, 'unit'::text, 'supervisor'::text, 'home_affairs'::text, 'administrator'::text])))
role_grant role_grant_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
role_grant role_grant_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
session session_hash_key UNIQUE (hash)
session session_method_check CHECK ((method = ANY (ARRAY['provider'::text, 'local'::text, 'demo'::text])))
session session_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
session session_pkey PRIMARY KEY (id)
sign_in_flow sign_in_flow_pkey PRIMARY KEY (hash)
span span_pkey PRIMARY KEY (assignment_id, starts_at)
step_acknowledgement step_acknowledgement_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
step_acknowledgement step_acknowledgement_pkey PRIMARY KEY (step_id, person_id)
step_acknowledgement step_acknowledgement_step_id_fkey FOREIGN KEY (step_id) REFERENCES step_taken(id) ON DELETE CASCADE
step_taken step_taken_pkey PRIMARY KEY (id)
succession succession_pkey PRIMARY KEY (successor_id, predecessor_id)
succession succession_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES assignment(id)
succession succession_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES assignment(id)
succession succession_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
task task_directive_id_fkey FOREIGN KEY (directive_id) REFERENCES directive(id)
task task_pkey PRIMARY KEY (id)
unit unit_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from)))
unit unit_code_key UNIQUE (code)
unit unit_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES unit(id)
unit unit_pkey PRIMARY KEY (id)
unit_count unit_count_level_check CHECK ((level = ANY (ARRAY['year'::text, 'month'::text, 'day'::text])))
unit_count unit_count_pkey PRIMARY KEY (working_group_id, level, starts_on, unit_id)
unit_head unit_head_check CHECK (((valid_to IS NULL) OR (valid_to > valid_from)))
unit_head unit_head_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
unit_head unit_head_pkey PRIMARY KEY (id)
unit_head unit_head_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
wake wake_pkey PRIMARY KEY (id)
webhook webhook_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
webhook webhook_pkey PRIMARY KEY (id)
webhook webhook_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text, 'removed'::text])))
webhook webhook_working_group_id_fkey FOREIGN KEY (working_group_id) REFERENCES working_group(id)
webhook_delivery webhook_delivery_pkey PRIMARY KEY (id)
webhook_delivery webhook_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'dead'::text])))
webhook_delivery webhook_delivery_webhook_id_event_number_key UNIQUE (webhook_id, event_number)
webhook_delivery webhook_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook(id)
working_group working_group_code_key UNIQUE (code)
working_group working_group_home_affairs_id_fkey FOREIGN KEY (home_affairs_id) REFERENCES unit(id)
working_group working_group_pkey PRIMARY KEY (id)
working_group working_group_standing_agency_id_fkey FOREIGN KEY (standing_agency_id) REFERENCES unit(id)
working_group working_group_supervisor_unit_id_fkey FOREIGN KEY (supervisor_unit_id) REFERENCES unit(id)

-- indexes
CREATE INDEX access_log_group ON public.access_log USING btree (working_group_id, number)
CREATE INDEX access_log_subject ON public.access_log USING btree (subject_kind, subject_id)
CREATE INDEX api_token_parent ON public.api_token USING btree (parent_id) WHERE (parent_id IS NOT NULL)
CREATE INDEX api_token_person ON public.api_token USING btree (person_id)
CREATE INDEX assignment_carried_from ON public.assignment USING btree (((body ->> 'carriedFrom'::text))) WHERE (body ? 'carriedFrom'::text)
CREATE INDEX assignment_directive ON public.assignment USING btree (directive_id, id)
CREATE INDEX assignment_late ON public.assignment USING btree (directive_id, id) WHERE ((state = 'confirmed'::text) AND ((body #>> '{submission,late}'::text[]) = 'true'::text))
CREATE INDEX assignment_open ON public.assignment USING btree (directive_id) WHERE (ended_at IS NULL)
CREATE INDEX assignment_task ON public.assignment USING btree (task_id)
CREATE INDEX assignment_unit ON public.assignment USING btree (working_group_id, unit_id, id)
CREATE INDEX calendar_edit_calendar ON public.calendar_edit USING btree (calendar_id, recorded_at)
CREATE INDEX calendar_edit_open ON public.calendar_edit USING btree (recorded_at) WHERE (done_at IS NULL)
CREATE INDEX count_move_at ON public.count_move USING btree (working_group_id, at)
CREATE INDEX count_move_unclear ON public.count_move USING btree (directive_id) WHERE (assignment_id IS NULL)
CREATE INDEX directive_count_group ON public.directive_count USING btree (working_group_id, level, starts_on)
CREATE INDEX directive_group ON public.directive USING btree (working_group_id, id)
CREATE INDEX directive_parent ON public.directive USING btree (parent_assignment_id) WHERE (parent_assignment_id IS NOT NULL)
CREATE INDEX envelope_dead ON public.envelope USING btree (created_at) WHERE (state = 'dead'::text)
CREATE INDEX envelope_ready ON public.envelope USING btree (next_at) WHERE (state = 'ready'::text)
CREATE INDEX envelope_unit ON public.envelope USING btree (working_group_id, unit_id)
CREATE INDEX event_cursor ON public.event USING btree (working_group_id, xid, number)
CREATE INDEX file_kept ON public.file USING btree (uploaded_at) WHERE (state = 'kept'::text)
CREATE INDEX file_reference_assignment ON public.file_reference USING btree (assignment_id)
CREATE INDEX file_sha ON public.file USING btree (sha256)
CREATE INDEX idempotency_key_age ON public.idempotency_key USING btree (recorded_at)
CREATE INDEX item_assignment ON public.item USING btree (assignment_id) WHERE (state = 'waiting'::text)
CREATE INDEX item_envelope ON public.item USING btree (envelope_id)
CREATE INDEX item_obligation ON public.item USING btree (obligation_id) WHERE (obligation_id IS NOT NULL)
CREATE INDEX item_undeliverable ON public.item USING btree (created_at) WHERE (state = 'undeliverable'::text)
CREATE INDEX item_waiting ON public.item USING btree (open_at) WHERE (state = 'waiting'::text)
CREATE INDEX matter_assignment ON public.matter USING btree (assignment_id)
CREATE INDEX matter_group ON public.matter USING btree (working_group_id, kind, state)
CREATE INDEX matter_party ON public.matter USING btree (COALESCE((body ->> 'holderUnitId'::text), (body ->> 'askedUnitId'::text))) WHERE (kind = ANY (ARRAY['obstacle'::text, 'contribution'::text]))
CREATE INDEX matter_stated_cause ON public.matter USING btree (directive_id) WHERE ((kind = 'cause'::text) AND (state = 'stated'::text))
CREATE INDEX message_receiver ON public.message USING btree (working_group_id, role, unit_id, id DESC)
CREATE INDEX outage_open ON public.outage USING btree (from_at) WHERE (closed_at IS NULL)
CREATE INDEX planned_step_aside ON public.planned_step USING btree (set_aside_at) WHERE (set_aside_at IS NOT NULL)
CREATE INDEX planned_step_due ON public.planned_step USING btree (conductor_kind, conductor_id, due_at) WHERE (set_aside_at IS NULL)
CREATE INDEX planned_step_late ON public.planned_step USING btree (due_at) WHERE (set_aside_at IS NULL)
CREATE INDEX rate_limit_expire ON public.rate_limit USING btree (expire)
CREATE INDEX referral_group ON public.referral USING btree (working_group_id, id)
CREATE INDEX referral_head ON public.referral USING btree (head_id) WHERE (head_id IS NOT NULL)
CREATE INDEX referral_open ON public.referral USING btree (directive_id) WHERE (ended_at IS NULL)
CREATE INDEX referral_regime ON public.referral USING btree (regime_id, unit_id) WHERE (regime_id IS NOT NULL)
CREATE INDEX reorganisation_open ON public.reorganisation USING btree (armed_at) WHERE (state = ANY (ARRAY['planned'::text, 'running'::text]))
CREATE INDEX report_obligation_group ON public.report_obligation USING btree (working_group_id, id)
CREATE INDEX report_obligation_period ON public.report_obligation USING btree (regime_id, period, id)
CREATE INDEX report_obligation_unit ON public.report_obligation USING btree (working_group_id, unit_id, id)
CREATE INDEX reporting_regime_directives ON public.reporting_regime USING gin (directive_ids)
CREATE INDEX reporting_regime_group ON public.reporting_regime USING btree (working_group_id, id)
CREATE INDEX reporting_regime_named ON public.reporting_regime USING gin (named_directive_ids)
CREATE INDEX role_grant_person ON public.role_grant USING btree (person_id)
CREATE INDEX role_grant_unit ON public.role_grant USING btree (working_group_id, role, unit_id)
CREATE INDEX session_person ON public.session USING btree (person_id)
CREATE INDEX span_directive ON public.span USING btree (directive_id, starts_at)
CREATE INDEX span_group ON public.span USING btree (working_group_id, unit_id, starts_at)
CREATE INDEX step_taken_assignment ON public.step_taken USING btree (assignment_id)
CREATE INDEX step_taken_directive ON public.step_taken USING btree (directive_id)
CREATE INDEX step_taken_group ON public.step_taken USING btree (working_group_id, taken_at DESC, id)
CREATE INDEX succession_predecessor ON public.succession USING btree (predecessor_id)
CREATE INDEX succession_unit ON public.succession USING btree (unit_id)
CREATE INDEX task_directive ON public.task USING btree (directive_id, ordinal)
CREATE INDEX unit_head_person ON public.unit_head USING btree (person_id)
CREATE INDEX unit_head_unit ON public.unit_head USING btree (unit_id)
CREATE INDEX wake_conductor ON public.wake USING btree (conductor_kind, conductor_id)
CREATE INDEX webhook_active ON public.webhook USING btree (id) WHERE (state = 'active'::text)
CREATE INDEX webhook_delivery_waiting ON public.webhook_delivery USING btree (next_at) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX acceptance_pkey ON public.acceptance USING btree (single)
CREATE UNIQUE INDEX access_log_number ON public.access_log USING btree (number)
CREATE UNIQUE INDEX access_log_pkey ON public.access_log USING btree (person_id, day, seq)
CREATE UNIQUE INDEX anchor_pkey ON public.anchor USING btree (number)
CREATE UNIQUE INDEX api_token_hash_key ON public.api_token USING btree (hash)
CREATE UNIQUE INDEX api_token_pkey ON public.api_token USING btree (id)
CREATE UNIQUE INDEX assignment_pkey ON public.assignment USING btree (id)
CREATE UNIQUE INDEX calendar_edit_pkey ON public.calendar_edit USING btree (id)
CREATE UNIQUE INDEX calendar_pkey ON public.calendar USING btree (id, version)
CREATE UNIQUE INDEX calendar_use_pkey ON public.calendar_use USING btree (id)
CREATE UNIQUE INDEX calendar_use_working_group_id_unit_id_group_code_key ON public.calendar_use USING btree (working_group_id, unit_id, group_code) NULLS NOT DISTINCT
CREATE UNIQUE INDEX clock_offset_pkey ON public.clock_offset USING btree (single)
CREATE UNIQUE INDEX count_fold_pkey ON public.count_fold USING btree (single)
CREATE UNIQUE INDEX count_move_pkey ON public.count_move USING btree (xid, number)
CREATE UNIQUE INDEX directive_count_pkey ON public.directive_count USING btree (directive_id, level, starts_on, kind, origin_year)
CREATE UNIQUE INDEX directive_pkey ON public.directive USING btree (id)
CREATE UNIQUE INDEX directive_version_pkey ON public.directive_version USING btree (directive_id, version)
CREATE UNIQUE INDEX envelope_message_id_key ON public.envelope USING btree (message_id)
CREATE UNIQUE INDEX envelope_pkey ON public.envelope USING btree (id)
CREATE UNIQUE INDEX event_number ON public.event USING btree (number)
CREATE UNIQUE INDEX event_pkey ON public.event USING btree (subject_kind, subject_id, seq)
CREATE UNIQUE INDEX file_content_key_key ON public.file_content USING btree (key)
CREATE UNIQUE INDEX file_content_pkey ON public.file_content USING btree (sha256)
CREATE UNIQUE INDEX file_pkey ON public.file USING btree (id)
CREATE UNIQUE INDEX file_reference_pkey ON public.file_reference USING btree (file_id, subject_kind, subject_id, seq)
CREATE UNIQUE INDEX file_removal_pkey ON public.file_removal USING btree (key)
CREATE UNIQUE INDEX heartbeat_pkey ON public.heartbeat USING btree (process)
CREATE UNIQUE INDEX idempotency_key_pkey ON public.idempotency_key USING btree (caller, route, key)
CREATE UNIQUE INDEX import_pkey ON public.import USING btree (id)
CREATE UNIQUE INDEX installation_pkey ON public.installation USING btree (single)
CREATE UNIQUE INDEX item_key_key ON public.item USING btree (key)
CREATE UNIQUE INDEX item_pkey ON public.item USING btree (id)
CREATE UNIQUE INDEX local_account_pkey ON public.local_account USING btree (person_id)
CREATE UNIQUE INDEX matter_pkey ON public.matter USING btree (id)
CREATE UNIQUE INDEX message_once ON public.message USING btree (item_id, role, COALESCE(unit_id, item_id), COALESCE(person_id, item_id))
CREATE UNIQUE INDEX message_pkey ON public.message USING btree (id)
CREATE UNIQUE INDEX message_read_pkey ON public.message_read USING btree (message_id, person_id)
CREATE UNIQUE INDEX migration_pkey ON public.migration USING btree (number)
CREATE UNIQUE INDEX outage_pkey ON public.outage USING btree (id)
CREATE UNIQUE INDEX person_login_key ON public.person USING btree (login)
CREATE UNIQUE INDEX person_pkey ON public.person USING btree (id)
CREATE UNIQUE INDEX planned_step_pkey ON public.planned_step USING btree (subject_kind, subject_id)
CREATE UNIQUE INDEX policy_pkey ON public.policy USING btree (id, version)
CREATE UNIQUE INDEX rate_limit_pkey ON public.rate_limit USING btree (key)
CREATE UNIQUE INDEX referral_pkey ON public.referral USING btree (id)
CREATE UNIQUE INDEX referral_running ON public.referral USING btree (assignment_id) WHERE (ended_at IS NULL)
CREATE UNIQUE INDEX referral_running_regime ON public.referral USING btree (regime_id, unit_id) WHERE ((ended_at IS NULL) AND (regime_id IS NOT NULL))
CREATE UNIQUE INDEX reorganisation_allotment_pkey ON public.reorganisation_allotment USING btree (reorganisation_id, assignment_id)
CREATE UNIQUE INDEX reorganisation_pkey ON public.reorganisation USING btree (id)
CREATE UNIQUE INDEX reorganisation_stuck_pkey ON public.reorganisation_stuck USING btree (reorganisation_id, assignment_id)
CREATE UNIQUE INDEX report_obligation_pkey ON public.report_obligation USING btree (id)
CREATE UNIQUE INDEX report_obligation_regime_id_unit_id_period_key ON public.report_obligation USING btree (regime_id, unit_id, period)
CREATE UNIQUE INDEX reporting_regime_pkey ON public.reporting_regime USING btree (id)
CREATE UNIQUE INDEX role_grant_office ON public.role_grant USING btree (working_group_id, unit_id) WHERE (office AND (valid_to = 'infinity'::timestamp with time zone))
CREATE UNIQUE INDEX role_grant_pkey ON public.role_grant USING btree (id)
CREATE UNIQUE INDEX session_hash_key ON public.session USING btree (hash)
CREATE UNIQUE INDEX session_pkey ON public.session USING btree (id)
CREATE UNIQUE INDEX sign_in_flow_pkey ON public.sign_in_flow USING btree (hash)
CREATE UNIQUE INDEX span_pkey ON public.span USING btree (assignment_id, starts_at)
CREATE UNIQUE INDEX step_acknowledgement_pkey ON public.step_acknowledgement USING btree (step_id, person_id)
CREATE UNIQUE INDEX step_taken_once ON public.step_taken USING btree (subject_kind, subject_id, step, cycle) WHERE (voided_at IS NULL)
CREATE UNIQUE INDEX step_taken_pkey ON public.step_taken USING btree (id)
CREATE UNIQUE INDEX succession_pkey ON public.succession USING btree (successor_id, predecessor_id)
CREATE UNIQUE INDEX task_pkey ON public.task USING btree (id)
CREATE UNIQUE INDEX unit_code_key ON public.unit USING btree (code)
CREATE UNIQUE INDEX unit_count_pkey ON public.unit_count USING btree (working_group_id, level, starts_on, unit_id)
CREATE UNIQUE INDEX unit_head_pkey ON public.unit_head USING btree (id)
CREATE UNIQUE INDEX unit_pkey ON public.unit USING btree (id)
CREATE UNIQUE INDEX wake_pkey ON public.wake USING btree (id)
CREATE UNIQUE INDEX webhook_delivery_pkey ON public.webhook_delivery USING btree (id)
CREATE UNIQUE INDEX webhook_delivery_webhook_id_event_number_key ON public.webhook_delivery USING btree (webhook_id, event_number)
CREATE UNIQUE INDEX webhook_pkey ON public.webhook USING btree (id)
CREATE UNIQUE INDEX working_group_code_key ON public.working_group USING btree (code)
CREATE UNIQUE INDEX working_group_pkey ON public.working_group USING btree (id)

-- functions
CREATE OR REPLACE FUNCTION public.anchor_horizon()
 RETURNS TABLE(events bigint, accesses bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET lock_timeout TO '5s'
AS $function$
begin
  lock table event, access_log in share mode;
  return query select (select coalesce(max(e.number), 0) from event e), (select coalesce(max(l.number), 0) from access_log l);
end $function$
CREATE OR REPLACE FUNCTION public.answering_units(of_unit uuid, of_assignment uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$ select case when of_assignment is null or not unit_is_over(of_unit) then '{}'::uuid[] else array(
     select distinct s.unit_id from succession s join assignment a on a.id = s.successor_id
      where s.predecessor_id = of_assignment and a.state <> 'superseded' order by 1) end $function$
CREATE OR REPLACE FUNCTION public.app_administers(person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return app_role() = 'administrator' and (
    exists (select from role_grant g where g.person_id = person and g.working_group_id = app_working_group())
    or not exists (select from role_grant g where g.person_id = person and g.valid_to > app_now()));
end $function$
CREATE OR REPLACE FUNCTION public.app_answered_cases()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select array(
     select r.id from succession s join assignment a on a.id = s.successor_id and a.state <> 'superseded'
                                   join referral r on r.assignment_id = s.predecessor_id
      where s.unit_id = app_unit() and s.working_group_id = app_working_group() and app_role() = 'unit'
        and r.working_group_id = app_working_group() and unit_is_over(r.unit_id)) $function$
CREATE OR REPLACE FUNCTION public.app_cluster()
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select system_identifier from pg_control_system() $function$
CREATE OR REPLACE FUNCTION public.app_counted_unit()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ with recursive above as (
     select u.id, u.parent_id from unit u where u.id = nullif(current_setting('app.counted_unit', true), '')::uuid
     union
     select u.id, u.parent_id from unit u join above a on u.id = a.parent_id)
   select nullif(current_setting('app.counted_unit', true), '')::uuid
    where app_role() = 'unit' and exists (select from above where parent_id = app_unit()) $function$
CREATE OR REPLACE FUNCTION public.app_knows(person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  return exists (select from role_grant g where g.person_id = person and g.working_group_id = app_working_group())
    or exists (select from unit_head h where h.person_id = person);
end $function$
CREATE OR REPLACE FUNCTION public.app_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 PARALLEL SAFE
AS $function$ select clock_timestamp() + coalesce((select shift from clock_offset), interval '0') $function$
CREATE OR REPLACE FUNCTION public.app_party_assignments()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select array(
     select distinct assignment_id from matter
      where working_group_id = app_working_group() and app_role() = 'unit' and kind = 'contribution'
        and body ->> 'askedUnitId' = app_unit()::text) $function$
CREATE OR REPLACE FUNCTION public.app_party_matters()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select array(
     select id from matter
      where working_group_id = app_working_group() and app_role() = 'unit' and kind in ('obstacle', 'contribution')
        and coalesce(body ->> 'holderUnitId', body ->> 'askedUnitId') = app_unit()::text) $function$
CREATE OR REPLACE FUNCTION public.app_person()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.person', true), '')::uuid $function$
CREATE OR REPLACE FUNCTION public.app_reads_all()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select app_role() in ('standing_agency', 'supervisor') $function$
CREATE OR REPLACE FUNCTION public.app_role()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(current_setting('app.role', true), '') $function$
CREATE OR REPLACE FUNCTION public.app_sees_directive(directive_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare me constant uuid := app_unit();
begin
  return exists (
      select from assignment a where a.directive_id = $1
         and (a.unit_id = me or a.monitor_unit_id = me or a.coordinating_unit_ids @> array[me]))
    or exists (select from assignment a where a.id = any (app_party_assignments()) and a.directive_id = $1);
end $function$
CREATE OR REPLACE FUNCTION public.app_sees_task(task_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare me constant uuid := app_unit();
begin
  return exists (
      select from assignment a where a.task_id = $1
         and (a.unit_id = me or a.monitor_unit_id = me or a.coordinating_unit_ids @> array[me]))
    or exists (select from assignment a where a.id = any (app_party_assignments()) and a.task_id = $1);
end $function$
CREATE OR REPLACE FUNCTION public.app_unit()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.unit', true), '')::uuid $function$
CREATE OR REPLACE FUNCTION public.app_working_group()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.working_group', true), '')::uuid $function$
CREATE OR REPLACE FUNCTION public.calendar_of(working_group uuid, unit uuid)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(
     (select calendar_id from calendar_use where working_group_id = $1 and unit_id = $2),
     (select c.calendar_id from calendar_use c join unit u on u.group_code = c.group_code
       where c.working_group_id = $1 and u.id = $2),
     (select calendar_id from working_group where id = $1)) $function$
CREATE OR REPLACE FUNCTION public.carried_on(directives uuid[])
 RETURNS TABLE(directive_id uuid, assignment_id uuid, state text, until timestamp with time zone, task_code text, task_title text, directive_number text, directive_title text, unit_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select d.id, a.id, a.state, carried_until(a.id), t.code, t.title, p.number, p.title, a.unit_id
     from directive d join assignment a on a.id = d.parent_assignment_id
     join task t on t.id = a.task_id join directive p on p.id = a.directive_id
    where d.id = any (directives) and d.working_group_id = app_working_group() and app_reads_all()
      and (a.working_group_id = d.working_group_id or a.unit_id = d.unit_id) $function$
CREATE OR REPLACE FUNCTION public.carried_on_by(assignments uuid[], at timestamp with time zone)
 RETURNS TABLE(assignment_id uuid, directive_id uuid, number text, title text, state text, planned integer, class text, n bigint, reporting bigint, numerator double precision)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ with asked as (
     select a.id, a.body #>> '{result,name}' as indicator from assignment a
      where a.id = any (assignments) and a.working_group_id = app_working_group()
        and (app_reads_all() or (app_role() = 'unit' and app_unit() in (a.unit_id, a.monitor_unit_id)))),
   links as (
     select q.id as asked_id, q.indicator, d.id, d.number, d.title, d.state, d.planned, (d.body ->> 'unclear')::bigint as unclear
       from asked q join directive d on d.state in ('issued', 'closed')
        and (d.parent_assignment_id = q.id
             or d.parent_assignment_id in (select s.predecessor_id from succession s where s.successor_id = q.id)))
   select l.asked_id, l.id, l.number, l.title, l.state, l.planned, c.class, count(*), count(c.numerator), sum(c.numerator)
     from links l join lateral (
       select case s.class
                when 'done' then case when s.late then 'done_late' else 'done_on_time' end
                when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
                when 'open' then case when coalesce(s.late, s.due_at is not null and s.due_at < at) then 'open_overdue' else 'open_in_time' end
                else s.class end as class,
              case when s.class not in ('superseded', 'stopped') and a.body #>> '{result,name}' = l.indicator
                   then (a.body #>> '{figure,numerator}')::double precision end as numerator
         from span s join assignment a on a.id = s.assignment_id
        where s.directive_id = l.id and s.starts_at <= at and (s.ends_at is null or s.ends_at > at)) c on true
    group by 1, 2, 3, 4, 5, 6, 7
   union all
   select l.asked_id, l.id, l.number, l.title, l.state, l.planned, 'unclear', l.unclear, 0, null from links l where l.unclear > 0 $function$
CREATE OR REPLACE FUNCTION public.carried_until(parent uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$ select max(case when a.body ->> 'recurrence' = 'regular'
                   then least(to_timestamp((v.content ->> 'endsAt')::double precision / 1000),
                              ((a.body #>> '{deadline,rule,until}')::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh' - interval '1 second')
                   else greatest(a.due_at, to_timestamp((a.body ->> 'deadlineAt')::double precision / 1000)) end)
     from assignment a join directive d on d.id = a.directive_id
     join directive_version v on v.directive_id = d.id and v.version = d.frozen_version
    where (a.id = parent and a.state <> 'superseded')
       or (a.id in (select s.successor_id from succession s where s.predecessor_id = parent) and a.state <> 'superseded') $function$
CREATE OR REPLACE FUNCTION public.case_labels(cases uuid[])
 RETURNS TABLE(referral_id uuid, task_code text, task_title text, task_title_en text, task_kind text, task_nature text, task_ordinal integer, directive_number text, directive_title text, directive_date date, regime_name text, regime_name_en text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select r.id, t.code, t.title, t.body #>> '{task,titleEn}', t.kind, t.nature, t.ordinal, d.number, d.title, d.document_date,
          g.name, g.name_en
     from referral r
     left join assignment a on a.id = r.assignment_id
     left join task t on t.id = a.task_id
     left join directive d on d.id = r.directive_id
     left join reporting_regime g on g.id = r.regime_id
    where r.id = any (cases) and r.working_group_id = app_working_group()
      and (app_reads_all()
           or (app_role() = 'unit' and r.unit_id = app_unit())
           or r.head_id = app_person()
           or r.id = any (app_answered_cases())
           or (app_role() = 'home_affairs' and r.referred_at is not null)) $function$
CREATE OR REPLACE FUNCTION public.destroy_event_text(kind text, subject uuid, at_seq integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
CREATE OR REPLACE FUNCTION public.folded(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select translate(regexp_replace(normalize(lower(words), nfd), '[\u0300-\u036f]', '', 'g'), 'đ', 'd') $function$
CREATE OR REPLACE FUNCTION public.head_on(of_unit uuid, at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$ select h.person_id from unit_head h
    where h.unit_id = of_unit and h.valid_from <= (at at time zone 'Asia/Ho_Chi_Minh')::date
      and (h.valid_to is null or h.valid_to > (at at time zone 'Asia/Ho_Chi_Minh')::date)
    order by h.valid_from desc, h.id desc limit 1 $function$
CREATE OR REPLACE FUNCTION public.matter_labels(matters uuid[])
 RETURNS TABLE(matter_id uuid, task_code text, task_title text, directive_number text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select m.id, t.code, t.title, d.number
     from matter m
     join assignment a on a.id = m.assignment_id
     join task t on t.id = a.task_id
     join directive d on d.id = m.directive_id
    where m.id = any (matters) and m.working_group_id = app_working_group()
      and (app_reads_all()
           or (app_role() = 'unit' and (
             m.unit_id = app_unit() or a.monitor_unit_id = app_unit()
             or coalesce(m.body ->> 'holderUnitId', m.body ->> 'askedUnitId') = app_unit()::text))) $function$
CREATE OR REPLACE FUNCTION public.message_lines(messages uuid[])
 RETURNS TABLE(message_id uuid, template text, params jsonb, assignment_id uuid, directive_id uuid, report_id uuid, referral_id uuid, step_id uuid, code text, title text, directive_number text, directive_title text, unit_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select m.id, i.template, i.params, i.assignment_id, i.directive_id, i.obligation_id, i.referral_id, i.step_id, t.code, t.title,
          d.number, d.title, u.name
     from message m
     join item i on i.id = m.item_id
     left join assignment a on a.id = i.assignment_id
     left join task t on t.id = a.task_id
     left join directive d on d.id = i.directive_id
     left join unit u on u.id = coalesce(a.unit_id, i.unit_id)
    where m.id = any (messages) and m.working_group_id = app_working_group() and m.role = app_role()
      and (m.role <> 'unit' or m.unit_id = app_unit())
      and (m.person_id is null or m.person_id = app_person()) $function$
CREATE OR REPLACE FUNCTION public.record_access(person uuid, working_group uuid, unit uuid, acting_role text, what text, what_kind text, what_id uuid, more jsonb, address text, agent text, body text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  now constant timestamptz := date_trunc('milliseconds', app_now());
  today constant date := (now at time zone 'Asia/Ho_Chi_Minh')::date;
  last_seq integer;
  last_hash bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended(person::text || today::text, 3));
  select l.seq, l.hash into last_seq, last_hash from access_log l
   where l.person_id = person and l.day = today order by l.seq desc limit 1;
  insert into access_log (person_id, day, seq, at, working_group_id, unit_id, role, action, subject_kind, subject_id, detail,
                          address, agent, hash)
  values (person, today, coalesce(last_seq, 0) + 1, now, working_group, unit, acting_role, what, what_kind, what_id, more,
          address, agent,
          sha256(coalesce(last_hash, ''::bytea) || convert_to(
            concat_ws('|', today, coalesce(last_seq, 0) + 1, (extract(epoch from now) * 1000)::bigint, body), 'UTF8')));
end $function$
CREATE OR REPLACE FUNCTION public.scrubbed(doc jsonb, words text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select replace(replace(replace(doc::text,
     to_jsonb(words)::text || ',', '"[…]",'),
     to_jsonb(words)::text || '}', '"[…]"}'),
     to_jsonb(words)::text || ']', '"[…]"]')::jsonb $function$
CREATE OR REPLACE FUNCTION public.scrubbed_in(doc jsonb, words text, fields text[])
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$ declare
  written text := doc::text;
  field text;
begin
  foreach field in array fields loop
    written := replace(written, to_jsonb(field)::text || ': ' || to_jsonb(words)::text, to_jsonb(field)::text || ': "[…]"');
  end loop;
  return written::jsonb;
end $function$
CREATE OR REPLACE FUNCTION public.unit_is_over(of_unit uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$ select exists (select from unit u where u.id = of_unit and u.valid_to <= (app_now() at time zone 'Asia/Ho_Chi_Minh')::date) $function$

-- policies
access_log reader_scope SELECT to dondoc_reader using ((((( SELECT app_role() AS app_role) = 'supervisor'::text) OR ((( SELECT app_role() AS app_role) = 'administrator'::text) AND (action <> ALL (ARRAY['viewed'::text, 'listed'::text, 'exported'::text, 'uploaded'::text])))) AND ((working_group_id = ( SELECT app_working_group() AS app_working_group)) OR ((working_group_id IS NULL) AND (EXISTS ( SELECT FROM role_grant g WHERE ((g.person_id = access_log.person_id) AND (g.working_group_id = ( SELECT app_working_group() AS app_working_group)))))))))
access_log writer_all ALL to dondoc_writer using (true) with check (true)
api_token reader_scope SELECT to dondoc_reader using (((person_id = ( SELECT app_person() AS app_person)) OR ((( SELECT app_role() AS app_role) = 'administrator'::text) AND (EXISTS ( SELECT FROM role_grant g WHERE ((g.id = api_token.grant_id) AND (g.working_group_id = ( SELECT app_working_group() AS app_working_group))))))))
api_token writer_all ALL to dondoc_writer using (true) with check (true)
assignment reader_party SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_role() AS app_role) = 'unit'::text) AND (id = ANY (( SELECT app_party_assignments() AS app_party_assignments)::uuid[]))))
assignment reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR (monitor_unit_id = ( SELECT app_unit() AS app_unit)) OR (coordinating_unit_ids @> ARRAY[( SELECT app_unit() AS app_unit)]))))))
assignment writer_all ALL to dondoc_writer using (true) with check (true)
calendar_edit reader_scope SELECT to dondoc_reader using (((kind <> 'used'::text) OR (((actor ->> 'workingGroupId'::text))::uuid = ( SELECT app_working_group() AS app_working_group))))
calendar_edit writer_all ALL to dondoc_writer using (true) with check (true)
calendar_use reader_scope SELECT to dondoc_reader using ((working_group_id = ( SELECT app_working_group() AS app_working_group)))
calendar_use writer_all ALL to dondoc_writer using (true) with check (true)
count_move reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR (unit_id = ( SELECT app_counted_unit() AS app_counted_unit)))))))
count_move writer_all ALL to dondoc_writer using (true) with check (true)
directive reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (state <> ALL (ARRAY['draft'::text, 'awaiting_approval'::text])) AND app_sees_directive(id)))))
directive writer_all ALL to dondoc_writer using (true) with check (true)
directive_count reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND ( SELECT app_reads_all() AS app_reads_all)))
directive_count writer_all ALL to dondoc_writer using (true) with check (true)
directive_version reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND ( SELECT app_reads_all() AS app_reads_all)))
directive_version writer_all ALL to dondoc_writer using (true) with check (true)
envelope reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit))))))
envelope writer_all ALL to dondoc_writer using (true) with check (true)
event reader_answering SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (subject_kind = 'referral'::text) AND (subject_id = ANY (( SELECT app_answered_cases() AS app_answered_cases)::uuid[]))))
event reader_of_predecessors SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_role() AS app_role) = 'unit'::text) AND (subject_kind = 'assignment'::text) AND (EXISTS ( SELECT FROM succession s WHERE ((s.predecessor_id = event.subject_id) AND (s.unit_id = ( SELECT app_unit() AS app_unit)))))))
event reader_party SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_role() AS app_role) = 'unit'::text) AND (subject_kind = 'assignment'::text) AND (data ? 'matterId'::text) AND (((data ->> 'matterId'::text))::uuid = ANY (( SELECT app_party_matters() AS app_party_matters)::uuid[]))))
event reader_right_of_reply SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (subject_kind = 'referral'::text) AND (EXISTS ( SELECT FROM referral r WHERE ((r.id = event.subject_id) AND (r.head_id = ( SELECT app_person() AS app_person)))))))
event reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR ((subject_kind = 'assignment'::text) AND (EXISTS ( SELECT FROM assignment a WHERE ((a.id = event.subject_id) AND (a.monitor_unit_id = ( SELECT app_unit() AS app_unit)))))))) OR ((( SELECT app_role() AS app_role) = 'home_affairs'::text) AND (subject_kind = 'referral'::text) AND (EXISTS ( SELECT FROM referral r WHERE (r.id = event.subject_id)))))))
event writer_all ALL to dondoc_writer using (true) with check (true)
file reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (((role = ( SELECT app_role() AS app_role)) AND (NOT (unit_id IS DISTINCT FROM ( SELECT app_unit() AS app_unit)))) OR (EXISTS ( SELECT FROM file_reference r WHERE (r.file_id = file.id))))))
file writer_all ALL to dondoc_writer using (true) with check (true)
file_reference reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND CASE subject_kind WHEN 'assignment'::text THEN (EXISTS ( SELECT FROM assignment a WHERE (a.id = file_reference.subject_id))) WHEN 'matter'::text THEN (EXISTS ( SELECT FROM matter m WHERE (m.id = file_reference.subject_id))) ELSE (EXISTS ( SELECT FROM referral r WHERE (r.id = file_reference.subject_id))) END))
file_reference writer_all ALL to dondoc_writer using (true) with check (true)
import reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND ( SELECT app_reads_all() AS app_reads_all)))
import writer_all ALL to dondoc_writer using (true) with check (true)
item reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (recipient_unit_id = ( SELECT app_unit() AS app_unit))))))
item writer_all ALL to dondoc_writer using (true) with check (true)
matter reader_party SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_role() AS app_role) = 'unit'::text) AND (id = ANY (( SELECT app_party_matters() AS app_party_matters)::uuid[]))))
matter reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR ((body ->> 'askedUnitId'::text) = (( SELECT app_unit() AS app_unit))::text) OR (EXISTS ( SELECT FROM assignment a WHERE ((a.id = matter.assignment_id) AND (a.monitor_unit_id = ( SELECT app_unit() AS app_unit))))))))))
matter writer_all ALL to dondoc_writer using (true) with check (true)
message reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (role = ( SELECT app_role() AS app_role)) AND ((role <> 'unit'::text) OR (unit_id = ( SELECT app_unit() AS app_unit))) AND ((person_id IS NULL) OR (person_id = ( SELECT app_person() AS app_person)))))
message writer_all ALL to dondoc_writer using (true) with check (true)
message_read reader_scope SELECT to dondoc_reader using ((person_id = ( SELECT app_person() AS app_person)))
message_read writer_all ALL to dondoc_writer using (true) with check (true)
person reader_scope SELECT to dondoc_reader using (((id = ( SELECT app_person() AS app_person)) OR ((( SELECT app_working_group() AS app_working_group) IS NOT NULL) AND (app_knows(id) OR ((( SELECT app_role() AS app_role) = 'administrator'::text) AND app_administers(id))))))
person writer_all ALL to dondoc_writer using (true) with check (true)
planned_step reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit))))))
planned_step writer_all ALL to dondoc_writer using (true) with check (true)
referral reader_answering SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (id = ANY (( SELECT app_answered_cases() AS app_answered_cases)::uuid[]))))
referral reader_right_of_reply SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (head_id = ( SELECT app_person() AS app_person))))
referral reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit))) OR ((( SELECT app_role() AS app_role) = 'home_affairs'::text) AND (referred_at IS NOT NULL)))))
referral writer_all ALL to dondoc_writer using (true) with check (true)
reorganisation reader_scope SELECT to dondoc_reader using ((( SELECT app_working_group() AS app_working_group) IS NOT NULL))
reorganisation writer_all ALL to dondoc_writer using (true) with check (true)
reorganisation_allotment reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND ( SELECT app_reads_all() AS app_reads_all)))
reorganisation_allotment writer_all ALL to dondoc_writer using (true) with check (true)
reorganisation_stuck reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND ( SELECT app_reads_all() AS app_reads_all)))
reorganisation_stuck writer_all ALL to dondoc_writer using (true) with check (true)
report_obligation reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit))))))
report_obligation writer_all ALL to dondoc_writer using (true) with check (true)
reporting_regime reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (EXISTS ( SELECT FROM report_obligation o WHERE (o.regime_id = reporting_regime.id)))))))
reporting_regime writer_all ALL to dondoc_writer using (true) with check (true)
role_grant reader_scope SELECT to dondoc_reader using (((person_id = ( SELECT app_person() AS app_person)) OR ((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR (( SELECT app_role() AS app_role) = 'administrator'::text) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit)))))))
role_grant writer_all ALL to dondoc_writer using (true) with check (true)
session reader_scope SELECT to dondoc_reader using ((person_id = ( SELECT app_person() AS app_person)))
session writer_all ALL to dondoc_writer using (true) with check (true)
span reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR (unit_id = ( SELECT app_counted_unit() AS app_counted_unit)))))))
span writer_all ALL to dondoc_writer using (true) with check (true)
step_acknowledgement reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (EXISTS ( SELECT FROM step_taken s WHERE (s.id = step_acknowledgement.step_id)))))
step_acknowledgement writer_all ALL to dondoc_writer using (true) with check (true)
step_taken reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR (EXISTS ( SELECT FROM assignment a WHERE ((a.id = step_taken.assignment_id) AND (a.monitor_unit_id = ( SELECT app_unit() AS app_unit))))))) OR ((( SELECT app_role() AS app_role) = 'home_affairs'::text) AND (assignment_id IS NOT NULL) AND (EXISTS ( SELECT FROM referral r WHERE (r.assignment_id = step_taken.assignment_id)))))))
step_taken writer_all ALL to dondoc_writer using (true) with check (true)
succession reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND (unit_id = ( SELECT app_unit() AS app_unit))))))
succession writer_all ALL to dondoc_writer using (true) with check (true)
task reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND app_sees_task(id)))))
task writer_all ALL to dondoc_writer using (true) with check (true)
unit_count reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (( SELECT app_reads_all() AS app_reads_all) OR ((( SELECT app_role() AS app_role) = 'unit'::text) AND ((unit_id = ( SELECT app_unit() AS app_unit)) OR (unit_id = ( SELECT app_counted_unit() AS app_counted_unit)))))))
unit_count writer_all ALL to dondoc_writer using (true) with check (true)
webhook reader_scope SELECT to dondoc_reader using (((working_group_id = ( SELECT app_working_group() AS app_working_group)) AND (role = ( SELECT app_role() AS app_role)) AND (NOT (unit_id IS DISTINCT FROM ( SELECT app_unit() AS app_unit)))))
webhook writer_all ALL to dondoc_writer using (true) with check (true)
webhook_delivery reader_scope SELECT to dondoc_reader using ((EXISTS ( SELECT FROM webhook w WHERE (w.id = webhook_delivery.webhook_id))))
webhook_delivery writer_all ALL to dondoc_writer using (true) with check (true)

-- rights of the two roles
acceptance dondoc_writer: insert, select, update
access_log dondoc_reader: select
access_log dondoc_writer: insert, select
anchor dondoc_writer: insert, select
api_token dondoc_writer: delete, insert, select, update
assignment dondoc_reader: select
assignment dondoc_writer: delete, insert, select, update
calendar dondoc_reader: select
calendar dondoc_writer: insert, select
calendar_edit dondoc_reader: select
calendar_edit dondoc_writer: insert, select, update
calendar_use dondoc_reader: select
calendar_use dondoc_writer: delete, insert, select, update
clock_offset dondoc_reader: select
clock_offset dondoc_writer: select
count_fold dondoc_reader: select
count_fold dondoc_writer: select, update
count_move dondoc_reader: select
count_move dondoc_writer: delete, insert, select
dead_letter dondoc_reader: select
directive dondoc_reader: select
directive dondoc_writer: delete, insert, select, update
directive_count dondoc_reader: select
directive_count dondoc_writer: delete, insert, select, update
directive_version dondoc_reader: select
directive_version dondoc_writer: delete, insert, select, update
envelope dondoc_writer: delete, insert, select, update
event dondoc_reader: select
event dondoc_writer: insert, select
file dondoc_reader: select
file dondoc_writer: insert, select, update
file_content dondoc_reader: select
file_content dondoc_writer: delete, insert, select, update
file_reference dondoc_reader: select
file_reference dondoc_writer: insert, select
file_removal dondoc_writer: delete, insert, select, update
heartbeat dondoc_reader: select
heartbeat dondoc_writer: delete, insert, select, update
idempotency_key dondoc_writer: delete, insert, select, update
import dondoc_reader: select
import dondoc_writer: delete, insert, select, update
installation dondoc_reader: select
installation dondoc_writer: select
item dondoc_reader: select
item dondoc_writer: delete, insert, select, update
local_account dondoc_writer: delete, insert, select, update
matter dondoc_reader: select
matter dondoc_writer: delete, insert, select, update
message dondoc_reader: select
message dondoc_writer: delete, insert, select, update
message_read dondoc_reader: select
message_read dondoc_writer: delete, insert, select, update
migration dondoc_reader: select
migration dondoc_writer: delete, insert, select, update
outage dondoc_reader: select
outage dondoc_writer: insert, select, update
person dondoc_reader: select
person dondoc_writer: delete, insert, select, update
planned_step dondoc_reader: select
planned_step dondoc_writer: delete, insert, select, update
policy dondoc_reader: select
policy dondoc_writer: insert, select
rate_limit dondoc_writer: delete, insert, select, update
referral dondoc_reader: select
referral dondoc_writer: delete, insert, select, update
reorganisation dondoc_reader: select
reorganisation dondoc_writer: insert, select, update
reorganisation_allotment dondoc_reader: select
reorganisation_allotment dondoc_writer: delete, insert, select, update
reorganisation_stuck dondoc_reader: select
reorganisation_stuck dondoc_writer: delete, insert, select, update
report_obligation dondoc_reader: select
report_obligation dondoc_writer: insert, select, update
reporting_regime dondoc_reader: select
reporting_regime dondoc_writer: insert, select, update
role_grant dondoc_reader: select
role_grant dondoc_writer: delete, insert, select, update
session dondoc_writer: delete, insert, select, update
sign_in_flow dondoc_writer: delete, insert, select, update
span dondoc_reader: select
span dondoc_writer: delete, insert, select, update
step_acknowledgement dondoc_reader: select
step_acknowledgement dondoc_writer: delete, insert, select, update
step_taken dondoc_reader: select
step_taken dondoc_writer: delete, insert, select, update
succession dondoc_reader: select
succession dondoc_writer: insert, select
task dondoc_reader: select
task dondoc_writer: delete, insert, select, update
unit dondoc_reader: select
unit dondoc_writer: delete, insert, select, update
unit_count dondoc_reader: select
unit_count dondoc_writer: delete, insert, select, update
unit_head dondoc_reader: select
unit_head dondoc_writer: delete, insert, select, update
wake dondoc_writer: delete, insert, select, update
webhook dondoc_writer: insert, select, update
webhook_delivery dondoc_reader: select
webhook_delivery dondoc_writer: delete, insert, select, update
working_group dondoc_reader: select
working_group dondoc_writer: delete, insert, select, update

-- rights to single columns
anchor dondoc_reader: select access_up_to, at, chains, key_id, number, previous, root, signature, statement, up_to
api_token dondoc_reader: select created_at, expires_at, grant_id, id, kind, label, last_used_at, made_by, person_id, revoked_at, scopes
envelope dondoc_reader: select channel, id, last_error, sent_at, state, unit_id, working_group_id
session dondoc_reader: select address, agent, ended_at, ends_at, id, idle, method, person_id, seen_at, started_at
webhook dondoc_reader: select created_at, id, label, old_secret_until, person_id, reason, role, row_version, state, types, unit_id, url, working_group_id
