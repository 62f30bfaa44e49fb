import { z } from 'zod';
import type { Actor, DocumentReference } from '../../domain/actor.js';
import type { AssignmentEvent } from '../../domain/assignment/events.js';
import type { Queryable } from '../pool.js';
import { many } from '../query.js';
import { document } from './rows.js';

const eventRow = z.object({
  number: z.number(),
  subject_kind: z.enum(['directive', 'assignment', 'referral', 'obligation', 'regime']),
  subject_id: z.string(),
  seq: z.number(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  text: z.record(z.string(), z.string()).nullable(),
  actor: document<Actor>(),
  document: document<DocumentReference>().nullable(),
  received_at: z.number(),
  happened_at: z.number(),
  recorded_at: z.number(),
  actor_unit: z.string().nullable(),
  former_unit: z.string().nullable().optional(),
});
export type TimelineRow = z.infer<typeof eventRow>;

const COLUMNS = `e.number, e.subject_kind, e.subject_id, e.seq, e.type, e.data, e.text, e.actor, e.document, e.received_at, e.happened_at,
  e.recorded_at, (select u.name from unit u where u.id = (e.actor ->> 'unitId')::uuid) as actor_unit`;

/** One subject's events in the order of its chain, from after `afterSeq`. */
export async function subjectEvents(
  db: Queryable,
  kind: 'directive' | 'assignment' | 'referral' | 'obligation',
  id: string,
  afterSeq: number,
  limit: number,
): Promise<TimelineRow[]> {
  return many(
    db,
    eventRow,
    {
      name: 'subject_events',
      text: `select ${COLUMNS} from event e where e.subject_kind = $1 and e.subject_id = $2 and e.seq > $3 order by e.seq limit $4`,
    },
    [kind, id, afterSeq, limit],
  );
}

/** An assignment's events after those of every life that it goes on with, in the order in which they were recorded. */
export async function assignmentLife(
  db: Queryable,
  id: string,
  afterNumber: number,
  limit: number,
): Promise<TimelineRow[]> {
  return many(
    db,
    eventRow,
    {
      name: 'assignment_life',
      text: `select ${COLUMNS},
                    case when e.subject_id <> $1 then (select u.name from unit u where u.id = e.unit_id) end as former_unit
               from event e
              where e.subject_kind = 'assignment' and e.number > $2
                and (e.subject_id = $1 or e.subject_id in (select predecessor_id from succession where successor_id = $1))
              order by e.number limit $3`,
    },
    [id, afterNumber, limit],
  );
}

/** Events of a directive and of everything under it, in the order in which they were recorded. */
export async function directiveEvents(
  db: Queryable,
  directiveId: string,
  afterNumber: number,
  limit: number,
): Promise<TimelineRow[]> {
  return many(
    db,
    eventRow,
    `select ${COLUMNS} from event e
      where e.number > $2 and (
        (e.subject_kind = 'directive' and e.subject_id = $1)
        or (e.subject_kind = 'assignment' and e.subject_id in (select id from assignment where directive_id = $1))
        or (e.subject_kind = 'referral' and e.subject_id in (select id from referral where directive_id = $1)))
      order by e.number limit $3`,
    [directiveId, afterNumber, limit],
  );
}

/** The events of an assignment that changed a deadline or say why it moved; in order. */
export async function deadlineEvents(db: Queryable, assignmentId: string): Promise<TimelineRow[]> {
  return many(
    db,
    eventRow,
    `select ${COLUMNS} from event e
      where e.subject_kind = 'assignment' and e.subject_id = $1 and e.type = any ($2::text[]) order by e.seq`,
    [assignmentId, DEADLINE_EVENTS],
  );
}

const DEADLINE_EVENTS = [
  'assigned',
  'contested',
  'contest_answered',
  'part_accepted',
  'returned',
  'suspended',
  'resumed',
  'reopened',
  'deadline_adjusted',
  'document_confirmed',
  'extension_requested',
  'extension_withdrawn',
  'extension_decided',
  'obstacle_raised',
  'obstacle_answered',
  'submitted',
  'recalled',
  'revised',
  'calendar_changed',
  'outage_excused',
] as const;

/** Everything that was said about the matters of some assignments, with its texts. */
export async function matterEvents(db: Queryable, assignmentIds: readonly string[]): Promise<TimelineRow[]> {
  return many(
    db,
    eventRow,
    `select ${COLUMNS} from event e
      where e.subject_kind = 'assignment' and e.subject_id = any ($1::uuid[]) and e.data ? 'matterId' order by e.subject_id, e.seq`,
    [assignmentIds],
  );
}

const lifeRow = z.object({
  seq: z.number(),
  event: document<AssignmentEvent>(),
  recorded_at: z.number(),
  document: document<DocumentReference>().nullable(),
});
export type LifeRow = z.infer<typeof lifeRow>;

/** An assignment's own life, as it is folded; free text plays no part. Empty where the caller may not read it whole. */
export async function assignmentFacts(db: Queryable, id: string): Promise<LifeRow[]> {
  return many(
    db,
    lifeRow,
    `select seq, jsonb_build_object('type', type, 'data', data) as event, recorded_at, document from event
      where subject_kind = 'assignment' and subject_id = $1 order by seq`,
    [id],
  );
}
