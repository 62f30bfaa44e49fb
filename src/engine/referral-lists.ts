import { lockAssignments } from '../db/assignment-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import { lockReferrals, referralParents } from '../db/referral-store.js';
import { lockRegime, lockRequests } from '../db/regime-store.js';
import { lockPeriods } from '../db/report-store.js';
import { notFound } from '../domain/assignment/access.js';
import { isRefusal } from '../domain/errors.js';
import { type CommandTx, circumstances, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { runReferral } from './execute-referral.js';
import type { CommandRequest, Outcome } from './request.js';

/** Releases several cases of one closing date with one signed letter; the first refusal rolls all back. */
export async function releaseReferrals(
  engine: Engine,
  request: CommandRequest,
  ids: readonly string[],
  input: { readonly closingOn: string; readonly note?: string | undefined },
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const sorted = [...new Set(ids)].sort();
    await lockAll(tx, sorted);
    for (const id of sorted) {
      const result = await runReferral(tx.client, id, { action: 'release', input }, (last) =>
        circumstances(tx, last),
      );
      if (result === null) throw refused(notFound());
      if ('thrown' in result) throw result.thrown;
      if (isRefusal(result)) {
        throw refused({ ...result, extra: { ...result.extra, referralId: id } });
      }
    }
    return { status: 200, subjectId: sorted[0] ?? null, version: null };
  });
}

/** What all of them rest on in the one order of locks, before the first of them is judged. */
async function lockAll({ client }: CommandTx, ids: readonly string[]): Promise<void> {
  const assignments: string[] = [];
  const reporting: { regimeId: string; unitId: string }[] = [];
  for (const id of ids) {
    const parents = await referralParents(client, id);
    if (parents?.assignmentId != null) assignments.push(parents.assignmentId);
    if (parents?.regimeId != null) reporting.push({ regimeId: parents.regimeId, unitId: parents.unitId });
  }
  await lockDirectivesOf(client, assignments, 'shared');
  for (const regimeId of [...new Set(reporting.map((one) => one.regimeId))].sort())
    await lockRegime(client, regimeId, 'shared');
  await lockRequests(
    client,
    reporting.map(({ regimeId }) => regimeId),
  );
  await lockAssignments(client, assignments);
  await lockPeriods(client, reporting);
  await lockReferrals(client, ids);
}
