import { instants, plain, texts } from './array.js';
import type { Queryable } from './pool.js';
import { exec } from './query.js';

/** A message that an event asked for; the pump makes envelopes of items. */
export interface ItemRow {
  readonly id: string;
  readonly key: string;
  readonly workingGroupId: string;
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly obligationId: string | null;
  /** The case it speaks of. */
  readonly referralId: string | null;
  readonly unitId: string | null;
  readonly stepId: string | null;
  readonly recipientKind: string;
  readonly recipientUnitId: string | null;
  readonly template: string;
  readonly rank: number;
  readonly holds: 'always' | 'while_unanswered' | 'while_current';
  readonly cycle: number | null;
  readonly params: string;
  readonly createdAt: number;
  /** When the receiver's hours open. */
  readonly openAt: number;
}

/** Unique per cause, recipient and channel: the same event never asks twice. */
export async function insertItems(db: Queryable, items: readonly ItemRow[]): Promise<void> {
  if (items.length === 0) return;
  const column = <T>(pick: (item: ItemRow) => T): T[] => items.map(pick);
  await exec(
    db,
    {
      name: 'insert_items',
      text: `insert into item (id, key, working_group_id, directive_id, assignment_id, unit_id, step_id, recipient_kind,
                               recipient_unit_id, template, rank, holds, cycle, params, created_at, open_at, obligation_id, referral_id)
             select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[],
                                  $9::uuid[], $10::text[], $11::int[], $12::text[], $13::int[], $14::jsonb[], $15::timestamptz[],
                                  $16::timestamptz[], $17::uuid[], $18::uuid[])
             on conflict (key) do nothing`,
    },
    [
      plain(column((i) => i.id)),
      texts(column((i) => i.key)),
      plain(column((i) => i.workingGroupId)),
      plain(column((i) => i.directiveId)),
      plain(column((i) => i.assignmentId)),
      plain(column((i) => i.unitId)),
      plain(column((i) => i.stepId)),
      plain(column((i) => i.recipientKind)),
      plain(column((i) => i.recipientUnitId)),
      plain(column((i) => i.template)),
      plain(column((i) => i.rank)),
      plain(column((i) => i.holds)),
      plain(column((i) => i.cycle)),
      texts(column((i) => i.params)),
      instants(column((i) => i.createdAt)),
      instants(column((i) => i.openAt)),
      plain(column((i) => i.obligationId)),
      plain(column((i) => i.referralId)),
    ],
  );
}
