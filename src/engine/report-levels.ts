import type { Queryable } from '../db/pool.js';
import { dueBelow } from '../db/report-level-store.js';
import type { MovedBelow } from '../domain/report/moves.js';
import type { CircumstancesFor } from './changes.js';
import type { SubjectResult } from './execute.js';
import type { ReportChange } from './report-changes.js';
import { runEachReport } from './reports.js';

/** Who sums up on one level of a regime follows those below, which an edit or an outage has moved. */
export async function runFollowers(
  db: Queryable,
  regimeId: string,
  ids: readonly string[],
  by: MovedBelow['by'],
  at: CircumstancesFor,
  changed: (change: ReportChange) => void,
): Promise<Map<string, SubjectResult>> {
  const below = await dueBelow(db, ids);
  return runEachReport(
    db,
    regimeId,
    ids,
    at,
    ({ id, calendar }) => {
      const last = below.get(id) ?? Number.NEGATIVE_INFINITY;
      return Promise.resolve({ command: { action: 'follow_below', input: { last, by } }, calendar });
    },
    changed,
  );
}

/** Adds up what an edit or an outage did to each report. */
export const countIn =
  (counts: { moved: number; rejudged: number }) =>
  ({ moved }: ReportChange): void => {
    if (moved.due) counts.moved += 1;
    if (moved.rejudged) counts.rejudged += 1;
  };
