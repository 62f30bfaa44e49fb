import { lockAssignments } from '../db/assignment-store.js';
import { directiveHeads } from '../db/directive-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import {
  type LockedReferral,
  lockReferrals,
  type ReferralParents,
  referralParents,
} from '../db/referral-store.js';
import { notFound } from '../domain/assignment/access.js';
import { isRefusal, type Refusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { decideReferral, type ReferralCommand } from '../domain/referral/decide.js';
import {
  basisOf,
  type CaseBasis,
  type Circumstances,
  type CircumstancesFor,
  changeReferral,
  type ReferralChange,
} from './changes.js';
import { circumstances, inCommand, refused, refuseStale } from './command.js';
import type { Engine } from './engine.js';
import type { SubjectResult } from './execute.js';
import { filesForCommand } from './file-references.js';
import { flush } from './flush.js';
import { newId } from './ids.js';
import { lockReportingBasis } from './repetition.js';
import type { CommandRequest, Outcome } from './request.js';
import { type CaseSettings, settingsOf } from './settings.js';

/** What a case rests on, locked in the order of design §5: first its directive or regime, then what lies below. */
async function lockBasis(
  db: Queryable,
  parents: ReferralParents,
  id: string,
): Promise<{ basis: CaseBasis; settings: CaseSettings } | null> {
  const { assignmentId } = parents;
  if (assignmentId === null) return lockReportingBasis(db, parents, id);
  await lockDirectivesOf(db, [assignmentId], 'shared');
  const [head] = await directiveHeads(db, [assignmentId]);
  const [assignment] = await lockAssignments(db, [assignmentId]);
  if (head === undefined || assignment === undefined) return null;
  const settings = await settingsOf(db, head, assignment.state.calendar);
  return { basis: basisOf(assignment.state, settings), settings };
}

/** Locks what the case rests on, then the case, and judges the command on both. */
export async function runReferral(
  db: Queryable,
  id: string,
  command: ReferralCommand,
  at: CircumstancesFor,
): Promise<SubjectResult | null> {
  const parents = await referralParents(db, id);
  if (parents === null) return null;
  const rests = await lockBasis(db, parents, id);
  const [before] = await lockReferrals(db, [id]);
  if (rests === null || before === undefined) return null;
  const { basis, settings } = rests;
  const when = at(before.state.lastRecordedAt);
  const change = judgeReferral(before, basis, command, when, settings);
  if ('thrown' in change || isRefusal(change)) return change;
  await flush(db, { assignments: [], referrals: [change], armed: new Map() });
  return { version: change.after.seq, recorded: change.rows.events.length };
}

/** Only what is pure is caught: after an error of the database the transaction is over, and nobody may go on in it. */
function judgeReferral(
  before: LockedReferral,
  basis: CaseBasis,
  command: ReferralCommand,
  when: Circumstances,
  settings: CaseSettings,
): ReferralChange | Refusal | { readonly thrown: unknown } {
  try {
    const { headId, answering } = before;
    const ctx = { ...when, ...settings, headId, answering, newId };
    const decision = decideReferral(before.state, basis.ground, command, ctx);
    return isRefusal(decision) ? decision : changeReferral(before, decision.events, basis, when, settings);
  } catch (error) {
    return { thrown: error };
  }
}

/** A command on a case, in a transaction of its own. Refuses what is not there or may not be done. */
export async function executeReferral(
  engine: Engine,
  request: CommandRequest,
  id: string,
  command: ReferralCommand,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const files = await filesForCommand(tx.client, request, command);
    const at = (last: Instant): Circumstances => ({ ...circumstances(tx, last), files });
    const result = await runReferral(tx.client, id, command, at);
    if (result === null) throw refused(notFound());
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw refused(result);
    // What was written already goes with the transaction.
    refuseStale(request, { vi: 'Hồ sơ', en: 'case' }, result.version - result.recorded);
    return { status: 200, subjectId: id, version: result.version };
  });
}
