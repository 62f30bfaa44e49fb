import { plain } from './array.js';
import type { Queryable } from './pool.js';
import { exec } from './query.js';

/** An assignment goes on with the life of another. */
export interface SuccessionRow {
  readonly predecessorId: string;
  readonly successorId: string;
  readonly workingGroupId: string;
  /** The unit that leads the successor. */
  readonly unitId: string;
}

/**
 * Links successors to all whose life they go on with, also through several moves, and hangs the evidence of those
 * lives on them: who judges a result that went along reads what came with it.
 */
export async function insertSuccessions(db: Queryable, rows: readonly SuccessionRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = (pick: (row: SuccessionRow) => string): unknown => plain(rows.map(pick));
  await exec(
    db,
    {
      name: 'insert_successions',
      text: `with near as (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) as n(predecessor, successor, wg, unit))
             insert into succession (predecessor_id, successor_id, working_group_id, unit_id)
             select predecessor, successor, wg, unit from near
             union
             select s.predecessor_id, near.successor, near.wg, near.unit
               from near join succession s on s.successor_id = near.predecessor`,
    },
    [
      column((row) => row.predecessorId),
      column((row) => row.successorId),
      column((row) => row.workingGroupId),
      column((row) => row.unitId),
    ],
  );
  await exec(
    db,
    {
      name: 'inherit_file_references',
      text: `insert into file_reference (file_id, subject_kind, subject_id, assignment_id, seq, working_group_id, unit_id)
             select distinct f.file_id, 'assignment', n.successor, n.successor, 1, n.wg, n.unit
               from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) as n(predecessor, successor, wg, unit)
               join file_reference f on f.assignment_id = n.predecessor and f.subject_kind in ('assignment', 'matter')`,
    },
    [
      column((row) => row.predecessorId),
      column((row) => row.successorId),
      column((row) => row.workingGroupId),
      column((row) => row.unitId),
    ],
  );
}
