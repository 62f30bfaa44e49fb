import { v7 as uuidv7 } from 'uuid';
import { Pump, type PumpOptions, type PumpPorts, pumpOptions } from '../../src/engine/pump.js';
import { createLetterWriter } from '../../src/mail/render.js';
import type { World } from './world.js';

/** An item as a command would write it, with what a test is about set. */
export interface ItemSeed {
  readonly directiveId: string;
  readonly assignmentId?: string | null;
  readonly to?: string;
  readonly unit?: keyof World['units'] | null;
  readonly template?: string;
  readonly rank?: number;
  readonly holds?: 'always' | 'while_unanswered' | 'while_current';
  readonly cycle?: number;
  readonly params?: object;
  /** Relative to now; negative lies in the past. */
  readonly opensInMs?: number;
}

export async function addItem(world: World, seed: ItemSeed): Promise<string> {
  const id = uuidv7();
  await world.sql(
    `insert into item (id, key, working_group_id, directive_id, assignment_id, recipient_kind, recipient_unit_id, template, rank,
                       holds, cycle, params, created_at, open_at)
     values ($1::uuid, $1::uuid::text, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, app_now(), app_now() + $12 * interval '1 millisecond')`,
    [
      id,
      world.groupId,
      seed.directiveId,
      seed.assignmentId ?? null,
      seed.to ?? 'unit',
      seed.unit === null ? null : world.units[seed.unit ?? 'health'],
      seed.template ?? 'reminder',
      seed.rank ?? 5,
      seed.holds ?? 'always',
      seed.cycle ?? 1,
      JSON.stringify(seed.params ?? {}),
      seed.opensInMs ?? -1,
    ],
  );
  return id;
}

export interface ItemState {
  readonly id: string;
  readonly state: string;
  readonly note: string | null;
  readonly envelope_id: string | null;
}

export async function itemsOf(world: World, ids: readonly string[]): Promise<ItemState[]> {
  const rows = await world.sql<ItemState & Record<string, unknown>>(
    'select id, state, note, envelope_id from item where id = any($1::uuid[])',
    [ids],
  );
  return ids.map(
    (id) => rows.find((row) => row.id === id) ?? { id, state: 'none', note: null, envelope_id: null },
  );
}

/** Millisecond durations for what takes minutes in the product. */
export function quickOptions(over: Partial<PumpOptions> = {}): PumpOptions {
  const options = pumpOptions({ pollMs: 50, batch: 50, messageDomain: 'dondoc.example' });
  return {
    ...options,
    sealing: { ...options.sealing, settleMs: 0 },
    sending: { ...options.sending, leaseMs: 2_000, retryFirstMs: 20, retryMostMs: 50, attempts: 3 },
    waking: { ...options.waking, leaseMs: 300, everyMs: 300 },
    mailRestFirstMs: 50,
    mailRestMostMs: 100,
    ...over,
  };
}

export const letters = createLetterWriter({ publicUrl: 'http://dondoc.example' });

/** A pump that runs until it is stopped; what is not given sends nothing. */
export function startPump(world: World, ports: Partial<PumpPorts>, over: Partial<PumpOptions> = {}): Pump {
  const pump = new Pump(
    world.engine,
    {
      mail: { send: async () => ({ outcome: 'unreachable', reason: 'no mail in this test' }) },
      letters,
      waker: {
        wake: async () => {
          throw new Error('no Temporal in this test');
        },
      },
      ...ports,
    },
    quickOptions(over),
  );
  pump.start();
  return pump;
}
