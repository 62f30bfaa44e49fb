import { z } from 'zod';
import { localDay } from '../local-date.js';
import { type Queryable, timestamp, timestampOrNull } from '../pool.js';
import { many, maybeOne } from '../query.js';
import { unitJson, unitRef } from './rows.js';

const delivery = z.object({
  recipient: z.string(),
  unit: unitRef.nullable(),
  template: z.string(),
  channel: z.string().nullable(),
  state: z.enum(['waiting', 'superseded', 'undeliverable', 'ready', 'sent', 'dead']),
  openAt: z.string(),
  sentAt: z.string().nullable(),
  note: z.string().nullable(),
  inAppAt: z.string().nullable(),
});

const escalationRow = z.object({
  id: z.string(),
  subject_kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
  subject_id: z.string(),
  step: z.string(),
  cycle: z.number(),
  kind: z.string(),
  assignment_id: z.string().nullable(),
  task_code: z.string().nullable(),
  task_title: z.string().nullable(),
  directive_id: z.string().nullable(),
  directive_number: z.string().nullable(),
  directive_title: z.string().nullable(),
  unit: unitRef.nullable(),
  planned_at: z.number(),
  taken_at: z.number(),
  recipients: z.array(z.string()),
  policy_text: z.string(),
  calendar: z.string(),
  message: z.string(),
  acknowledged_at: z.number().nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledgements: z.array(z.object({ at: z.string(), by: z.string().nullable() })),
  voided_at: z.number().nullable(),
  void_reason: z.string().nullable(),
  deliveries: z.array(delivery),
});
export type EscalationRow = z.infer<typeof escalationRow>;

export interface EscalationFilter {
  readonly id: string | null;
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
  /** The step's name in the policy, or its kind. */
  readonly step: string | null;
  readonly from: number | null;
  readonly to: number | null;
}

export interface EscalationKey {
  readonly id: string;
  readonly takenAt: number;
}

/** What became of each message of a step: of the item until it is in an envelope, then of the envelope. */
const DELIVERIES = `coalesce((
    select jsonb_agg(jsonb_build_object(
             'recipient', i.recipient_kind,
             'unit', case when ru.id is not null then ${unitJson('ru')} end,
             'template', i.template, 'channel', v.channel,
             'state', case when i.state = 'enveloped' then coalesce(v.state, 'ready') else i.state end,
             'openAt', to_char(i.open_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'sentAt', to_char(v.sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'inAppAt', to_char(i.in_app_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'note', coalesce(i.note, v.last_error)) order by i.recipient_kind, i.id)
      from item i left join envelope v on v.id = i.envelope_id left join unit ru on ru.id = i.recipient_unit_id
     where (i.directive_id = s.directive_id or i.obligation_id = s.subject_id) and i.step_id = s.id), '[]'::jsonb)`;

/** Each person who has said that it reached them, in order. */
const ACKNOWLEDGEMENTS = `coalesce((
    select jsonb_agg(jsonb_build_object('at', to_char(k.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', kp.name)
             order by k.at, k.person_id)
      from step_acknowledgement k left join person kp on kp.id = k.person_id where k.step_id = s.id), '[]'::jsonb)`;

/** Steps taken that the caller may see, the latest first. */
export async function listEscalations(
  db: Queryable,
  filter: EscalationFilter,
  after: EscalationKey | null,
  limit: number,
): Promise<EscalationRow[]> {
  return many(
    db,
    escalationRow,
    `with page as materialized (
       select s.* from step_taken s
        where ($1::uuid is null or s.id = $1) and ($2::uuid is null or s.directive_id = $2)
          and ($3::uuid is null or s.assignment_id = $3) and ($4::uuid is null or s.unit_id = $4)
          and ($5::text is null or s.step = $5 or s.kind = $5 or s.step like $5 || ':%')
          and ($6::timestamptz is null or s.taken_at >= $6) and ($7::timestamptz is null or s.taken_at < $7)
          and ($8::uuid is null or (s.taken_at, s.id) < ($9::timestamptz, $8::uuid))
        order by s.taken_at desc, s.id desc limit $10)
     select s.id, s.subject_kind, s.subject_id, s.step, s.cycle, s.kind, s.assignment_id, t.code as task_code, t.title as task_title,
            s.directive_id, d.number as directive_number, d.title as directive_title,
            case when u.id is not null then ${unitJson('u')} end as unit, s.planned_at, s.taken_at, s.recipients, s.policy_text,
            s.calendar, s.message, s.acknowledged_at, p.name as acknowledged_by, ${ACKNOWLEDGEMENTS} as acknowledgements, s.voided_at, s.void_reason,
            ${DELIVERIES} as deliveries
       from page s left join unit u on u.id = s.unit_id left join directive d on d.id = s.directive_id
       left join assignment a on a.id = s.assignment_id left join task t on t.id = a.task_id
       left join person p on p.id = s.acknowledged_by
      order by s.taken_at desc, s.id desc`,
    [
      filter.id,
      filter.directiveId,
      filter.assignmentId,
      filter.unitId,
      filter.step,
      timestampOrNull(filter.from),
      timestampOrNull(filter.to),
      after?.id ?? null,
      after === null ? null : timestamp(after.takenAt),
      limit,
    ],
  );
}

const letterRow = z.object({
  group_name: z.string(),
  issuer: unitRef,
  unit: unitRef,
  head: z.string().nullable(),
  directive_number: z.string().nullable(),
  directive_title: z.string(),
  document_date: z.string().nullable(),
  task_code: z.string().nullable(),
  task_title: z.string(),
});
export type LetterRow = z.infer<typeof letterRow>;

/** Whose office it was on the local day of an instant, `$2`. */
const HEAD = `(select p.name from unit_head h join person p on p.id = h.person_id
              where h.unit_id = u.id and h.valid_from <= ${localDay('$2::timestamptz')}
                and (h.valid_to is null or h.valid_to > ${localDay('$2::timestamptz')})
              order by h.valid_from desc, h.id desc limit 1)`;

const reportLetterRow = letterRow
  .pick({ group_name: true, issuer: true, unit: true, head: true })
  .extend({ name: z.string(), kind: z.enum(['periodic', 'ad_hoc']) });

/** The same of a letter that urges a report. */
export async function reportLetterParties(
  db: Queryable,
  obligationId: string,
  draftedAt: number,
): Promise<z.infer<typeof reportLetterRow> | null> {
  return maybeOne(
    db,
    reportLetterRow,
    `select g.name as group_name, ${unitJson('i')} as issuer, ${unitJson('u')} as unit, ${HEAD} as head, r.name, r.kind
       from report_obligation o join reporting_regime r on r.id = o.regime_id
       join working_group g on g.id = o.working_group_id join unit i on i.id = g.standing_agency_id
       join unit u on u.id = o.unit_id
      where o.id = $1`,
    [obligationId, timestamp(draftedAt)],
  );
}

/** Who an urging letter is from, to and about; the head is the one in office on the day it was drafted. */
export async function letterParties(
  db: Queryable,
  assignmentId: string,
  draftedAt: number,
): Promise<LetterRow | null> {
  return maybeOne(
    db,
    letterRow,
    `select g.name as group_name, ${unitJson('i')} as issuer, ${unitJson('u')} as unit,
            ${HEAD} as head,
            d.number as directive_number, d.title as directive_title, d.document_date::text as document_date,
            t.code as task_code, t.title as task_title
       from assignment a join working_group g on g.id = a.working_group_id join unit i on i.id = g.standing_agency_id
       join unit u on u.id = a.unit_id join directive d on d.id = a.directive_id join task t on t.id = a.task_id
      where a.id = $1`,
    [assignmentId, timestamp(draftedAt)],
  );
}
