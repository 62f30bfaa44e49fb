import type { World } from './world.js';

/** A subject that no decider can read, with a step that is due now. */
export interface Poison {
  readonly isSetAside: () => Promise<boolean>;
  /** Puts back what was there, as somebody who looked into it would. */
  readonly mend: () => Promise<void>;
}

/** Spoils a subject that waits for a step, and wakes who is to take it. */
export async function poison(
  world: World,
  table: 'assignment' | 'referral' | 'report_obligation',
  id: string,
): Promise<Poison> {
  const [before] = await world.sql<{ body: string }>(
    `with sound as (select id, body from ${table} where id = $1 for update),
          due as (update planned_step set due_at = app_now() where subject_id in (select id from sound)
                  returning conductor_kind, conductor_id),
          told as (insert into wake (conductor_kind, conductor_id, reason) select *, 'earlier' from due),
          spoilt as (update ${table} set body = jsonb_set(body, '{taken}', 'null') where id in (select id from sound))
     select body::text as body from sound`,
    [id],
  );
  if (before === undefined) throw new Error(`There is no ${table} ${id}`);
  return {
    isSetAside: async () =>
      (await world.sql('select 1 from planned_step where subject_id = $1 and set_aside_at is not null', [id]))
        .length > 0,
    mend: async () => {
      await world.sql(`update ${table} set body = $2 where id = $1`, [id, before.body]);
    },
  };
}
