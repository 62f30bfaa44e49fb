import { loadDirective, saveDirectiveState } from '../db/directive-store.js';
import { lockDirective } from '../db/lock-store.js';
import { obligationParents } from '../db/report-store.js';
import type { SubjectKind } from '../db/step-store.js';
import { notFound } from '../domain/assignment/access.js';
import { isRefusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import type { SubjectNote } from '../domain/note.js';
import type { Circumstances } from './changes.js';
import { type CommandTx, circumstances, refused } from './command.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { headOf } from './directive-frame.js';
import { runAssignments, type SubjectResult } from './execute.js';
import { runReferral } from './execute-referral.js';
import { runReports } from './reports.js';
import { settingsOf } from './settings.js';

/** Appends a note to a subject within a command that has begun; answers with the subject's version. */
export async function noteOn(
  tx: CommandTx,
  subject: { readonly kind: SubjectKind; readonly id: string },
  note: SubjectNote,
): Promise<number> {
  const at = (last: Instant): Circumstances => circumstances(tx, last);
  const command = { action: 'note' as const, note };
  switch (subject.kind) {
    case 'assignment':
      return versionOf((await runAssignments(tx.client, [subject.id], command, at)).get(subject.id));
    case 'referral':
      return versionOf(await runReferral(tx.client, subject.id, command, at));
    case 'obligation': {
      const [parents] = await obligationParents(tx.client, [subject.id]);
      if (parents === undefined) throw refused(notFound());
      return versionOf(
        (await runReports(tx.client, parents.regimeId, [subject.id], command, at)).get(subject.id),
      );
    }
    case 'regime':
      // A regime takes no steps that anybody is told of.
      throw refused(notFound());
    case 'directive':
      return noteOnDirective(tx, subject.id, note, at);
  }
}

function versionOf(result: SubjectResult | null | undefined): number {
  if (result === null || result === undefined) throw refused(notFound());
  if ('thrown' in result) throw result.thrown;
  if (isRefusal(result)) throw refused(result);
  return result.version;
}

async function noteOnDirective(
  tx: CommandTx,
  id: string,
  note: SubjectNote,
  at: (last: Instant) => Circumstances,
): Promise<number> {
  await lockDirective(tx.client, id, 'exclusive');
  const stored = await loadDirective(tx.client, id);
  if (stored === null) throw refused(notFound());
  const frozen = stored.state.frozenVersion > 0;
  const settings = frozen ? await settingsOf(tx.client, headOf(stored)) : null;
  const change = changeDirective(
    stored,
    [note],
    at(stored.state.lastRecordedAt),
    stored.standingAgencyId,
    settings,
  );
  await flushDirective(tx.client, change, settings);
  await saveDirectiveState(tx.client, change.state, change.headHash);
  return change.state.seq;
}
