import { z } from 'zod';
import type { Queryable } from './pool.js';
import { exec, many } from './query.js';

/** Seed of the advisory lock under which items become envelopes: one at a time, so that one receiver gets one letter. */
const SEALING_LOCK = 4_710_603;

/** Takes the right to seal for this transaction; false where another worker has it. */
export async function trySealing(db: Queryable): Promise<boolean> {
  const rows = await many(db, z.object({ locked: z.boolean() }), {
    name: 'try_sealing',
    text: `select pg_try_advisory_xact_lock(${SEALING_LOCK}) as locked`,
  });
  return rows[0]?.locked ?? false;
}

const params = z.record(z.string(), z.union([z.string(), z.number(), z.null()]).catch(null));

const dueItemRow = z
  .object({
    id: z.string(),
    working_group_id: z.string(),
    directive_id: z.string().nullable(),
    assignment_id: z.string().nullable(),
    obligation_id: z.string().nullable(),
    reported: z.boolean(),
    recipient_kind: z.string(),
    recipient_unit_id: z.string().nullable(),
    template: z.string(),
    rank: z.number(),
    holds: z.string(),
    cycle: z.number().nullable(),
    params,
    state: z.string().nullable(),
    state_cycle: z.number().nullable(),
    paused: z.boolean(),
    officer_id: z.string().nullable(),
    lead_unit_id: z.string().nullable(),
    due_at: z.number().nullable(),
    turn: z.number().nullable(),
    matter_state: z.string().nullable(),
    acknowledged_by: z.array(z.string()),
    voided: z.boolean(),
    code: z.string().nullable(),
    title: z.string().nullable(),
    directive_number: z.string().nullable(),
    directive_title: z.string().nullable(),
    referral_id: z.string().nullable(),
    head_id: z.string().nullable(),
    answering: z.array(z.string()),
    directive_state: z.string().nullable(),
    directive_provisional: z.boolean().nullable(),
    unit_name: z.string().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    workingGroupId: row.working_group_id,
    directiveId: row.directive_id,
    assignmentId: row.assignment_id,
    obligationId: row.obligation_id,
    /** The report that the message asks for has come, or is not owed any more. */
    reported: row.reported,
    recipientKind: row.recipient_kind,
    recipientUnitId: row.recipient_unit_id,
    template: row.template,
    rank: row.rank,
    holds: row.holds,
    cycle: row.cycle,
    params: row.params,
    assignment:
      row.state === null
        ? null
        : {
            state: row.state,
            cycle: row.state_cycle,
            paused: row.paused,
            officerId: row.officer_id,
            dueAt: row.due_at,
            turn: row.turn,
          },
    /** Who has acknowledged a message of this kind about the assignment in this cycle: it is not repeated to them. */
    acknowledgedBy: row.acknowledged_by,
    /** The step that it tells of was marked void since: it never was right. */
    voided: row.voided,
    /** Of the matter that the message asks about. */
    matterState: row.matter_state,
    leadUnitId: row.lead_unit_id,
    code: row.code,
    title: row.title,
    directiveNumber: row.directive_number,
    directiveTitle: row.directive_title,
    /** Who has the right of reply in the case that it speaks of, and who answers for a unit that is no more. */
    case: row.referral_id === null ? null : { headId: row.head_id, answering: row.answering },
    directive:
      row.directive_state === null
        ? null
        : { state: row.directive_state, provisional: row.directive_provisional === true },
    unitName: row.unit_name,
  }));

/** A message whose receiver's hours are open, with the state of what it is about. */
export type DueItem = z.output<typeof dueItemRow>;

/**
 * Claims for this transaction all that is due to the receivers of the `receivers` longest waiting items, at
 * most `most`. A receiver is looked at `settleMs` after their first item, so that what one act or one batch
 * wrote goes in one letter.
 */
export async function claimDueItems(
  db: Queryable,
  { receivers, most, settleMs }: { receivers: number; most: number; settleMs: number },
): Promise<DueItem[]> {
  return await many(
    db,
    dueItemRow,
    {
      name: 'claim_due_items',
      text: `with receiver as materialized (
               select distinct working_group_id, recipient_unit_id from (
                 select working_group_id, recipient_unit_id from item
                  where state = 'waiting' and greatest(open_at, created_at) <= app_now() - $3 * interval '1 millisecond'
                  order by open_at limit $1) longest)
             select i.id, i.working_group_id, i.directive_id, i.assignment_id, i.obligation_id, i.recipient_kind, i.recipient_unit_id,
                    (o.received_at is not null or coalesce(o.settled, false)) as reported,
                    i.template, i.rank, i.holds, i.cycle, i.params,
                    a.state, a.cycle as state_cycle, coalesce(a.body -> 'pauses' @> '[{"to": null}]', false) as paused,
                    a.body ->> 'officerId' as officer_id, a.unit_id as lead_unit_id, a.due_at, (a.body ->> 'turn')::int as turn, m.state as matter_state,
                    array(select distinct k.person_id from step_taken own join step_taken s on s.assignment_id = own.assignment_id
                             and s.kind = own.kind and s.cycle = own.cycle and s.voided_at is null
                             join step_acknowledgement k on k.step_id = s.id
                           where own.id = i.step_id and own.kind in ('reminder', 'urge')) as acknowledged_by,
                    exists (select from step_taken own where own.id = i.step_id and own.voided_at is not null) as voided,
                    t.code, t.title, d.number as directive_number, d.title as directive_title,
                    d.state as directive_state, (d.content ->> 'provisional')::boolean as directive_provisional, u.name as unit_name,
                    i.referral_id, r.head_id, case when r.id is null then '{}'::uuid[] else answering_units(r.unit_id, r.assignment_id) end as answering
               from item i
               left join assignment a on a.id = i.assignment_id
               left join matter m on m.id = (i.params ->> 'matterId')::uuid
               left join report_obligation o on o.id = i.obligation_id
               left join referral r on r.id = i.referral_id
               left join task t on t.id = a.task_id
               left join directive d on d.id = i.directive_id
               left join unit u on u.id = coalesce(a.unit_id, i.unit_id)
              where i.state = 'waiting' and i.open_at <= app_now()
                and exists (select from receiver r where r.working_group_id = i.working_group_id
                             and r.recipient_unit_id is not distinct from i.recipient_unit_id)
              order by i.recipient_unit_id, i.open_at, i.id limit $2
                for update of i skip locked`,
    },
    [receivers, most, settleMs],
  );
}

export interface NewEnvelope {
  readonly id: string;
  readonly workingGroupId: string;
  readonly recipientKind: string;
  readonly unitId: string | null;
  readonly personId: string | null;
  readonly address: string;
  readonly locale: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export async function insertEnvelopes(db: Queryable, envelopes: readonly NewEnvelope[]): Promise<void> {
  if (envelopes.length === 0) return;
  const column = <T>(pick: (envelope: NewEnvelope) => T): T[] => envelopes.map(pick);
  await exec(
    db,
    {
      name: 'insert_envelopes',
      text: `insert into envelope (id, working_group_id, channel, recipient_kind, unit_id, person_id, address, locale, message_id,
                                   subject, body_text, body_html, next_at, created_at)
             select n.id, n.wg, 'email', n.kind, n.unit, n.person, n.address, n.locale, n.message_id,
                    n.subject, n.text, n.html, clock_timestamp(), app_now()
               from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                           $9::text[], $10::text[], $11::text[])
                    as n(id, wg, kind, unit, person, address, locale, message_id, subject, text, html)`,
    },
    [
      column((e) => e.id),
      column((e) => e.workingGroupId),
      column((e) => e.recipientKind),
      column((e) => e.unitId),
      column((e) => e.personId),
      column((e) => e.address),
      column((e) => e.locale),
      column((e) => e.messageId),
      column((e) => e.subject),
      column((e) => e.text),
      column((e) => e.html),
    ],
  );
}

/** What became of an item: its state, and why or in which envelope. */
export interface SealedItem {
  readonly id: string;
  readonly state: 'enveloped' | 'superseded' | 'undeliverable';
  readonly note: string | null;
  readonly envelopeId: string | null;
}

export async function markItems(db: Queryable, items: readonly SealedItem[]): Promise<void> {
  if (items.length === 0) return;
  const column = <T>(pick: (item: SealedItem) => T): T[] => items.map(pick);
  await exec(
    db,
    {
      name: 'mark_items',
      text: `update item i set state = n.state, note = n.note, envelope_id = n.envelope
               from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) as n(id, state, note, envelope)
              where i.id = n.id`,
    },
    [column((i) => i.id), column((i) => i.state), column((i) => i.note), column((i) => i.envelopeId)],
  );
}

/** An office of several people: each further one gets an item of their own, so that every delivery is a row. */
export interface ItemCopy {
  readonly id: string;
  readonly of: string;
  /** Tells the copies of one item apart, within its unique key. */
  readonly receiver: string;
  readonly envelopeId: string;
}

export async function copyItems(db: Queryable, copies: readonly ItemCopy[]): Promise<void> {
  if (copies.length === 0) return;
  await exec(
    db,
    `insert into item (id, key, working_group_id, directive_id, assignment_id, unit_id, step_id, recipient_kind, recipient_unit_id,
                       template, rank, holds, cycle, params, created_at, open_at, obligation_id, referral_id, state, envelope_id)
     select n.id, i.key || ':' || n.receiver, i.working_group_id, i.directive_id, i.assignment_id, i.unit_id, i.step_id,
            i.recipient_kind, i.recipient_unit_id, i.template, i.rank, i.holds, i.cycle, i.params, i.created_at, i.open_at, i.obligation_id, i.referral_id,
            'enveloped', n.envelope
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) as n(id, of, receiver, envelope)
       join item i on i.id = n.of
     on conflict (key) do nothing`,
    [
      copies.map((c) => c.id),
      copies.map((c) => c.of),
      copies.map((c) => c.receiver),
      copies.map((c) => c.envelopeId),
    ],
  );
}
