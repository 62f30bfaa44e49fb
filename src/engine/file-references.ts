import { type FileReference, lockOwnFiles } from '../db/file-store.js';
import type { Queryable } from '../db/pool.js';
import { type FieldError, refuse } from '../domain/errors.js';
import type { AssignmentChange, FileFact, ReferralChange } from './changes.js';
import { refused } from './command.js';
import type { CommandRequest } from './request.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The files that a command rests on: those its frame names, and the ids among its evidence. */
function namedFiles(request: CommandRequest, command: object): string[] {
  const input: unknown = Reflect.get(command, 'input');
  const evidence: unknown =
    typeof input === 'object' && input !== null ? Reflect.get(input, 'evidence') : null;
  const listed: readonly unknown[] = Array.isArray(evidence) ? evidence : [];
  const ids = listed.filter((each): each is string => typeof each === 'string' && UUID.test(each));
  return [...new Set([...(request.files ?? []), ...ids].map((id) => id.toLowerCase()))];
}

/**
 * The files with their hashes, locked against the sweep until the command ends.
 *
 * @throws the refusal where one is not there, or not the actor's own to show
 */
export async function filesForCommand(
  db: Queryable,
  request: CommandRequest,
  command: object,
): Promise<readonly FileFact[]> {
  const ids = namedFiles(request, command);
  if (ids.length === 0) return [];
  const { actor } = request;
  const found = actor.kind === 'person' ? await lockOwnFiles(db, ids, actor) : [];
  const known = new Set(found.map((file) => file.id));
  const errors = ids.flatMap((id, index): FieldError[] => {
    if (known.has(id)) return [];
    const detail = {
      vi: `Không có tệp ${id} do cơ quan của bạn tải lên, hoặc tệp không còn.`,
      en: `There is no file ${id} that your office has uploaded, or it is no longer there.`,
    };
    return [{ pointer: `/files/${index}`, code: 'unknown_file', detail }];
  });
  if (errors.length === 0) return found;
  throw refused(
    refuse(
      'reference_unknown',
      { vi: 'Tệp được nêu không tồn tại.', en: 'A file that is named does not exist.' },
      { errors },
    ),
  );
}

/** What the files of a change hang on: the matter that the act made or moved, else the assignment or case itself. */
export function referencesOf(
  assignments: readonly AssignmentChange[],
  referrals: readonly ReferralChange[],
): FileReference[] {
  const ofAssignments = assignments.flatMap(({ before, after, files }) => {
    if (files.length === 0) return [];
    const known = new Map(before?.matters.map((matter) => [matter.id, matter]));
    const moved = after.matters.find((matter) => known.get(matter.id) !== matter);
    const subject =
      moved === undefined
        ? { subjectKind: 'assignment' as const, subjectId: after.id }
        : { subjectKind: 'matter' as const, subjectId: moved.id };
    return files.map((file) => ({
      fileId: file.id,
      assignmentId: after.id,
      seq: after.seq,
      ...subject,
      ...scope(after),
    }));
  });
  const ofCases = referrals.flatMap(({ after, files }) =>
    files.map((file) => ({
      fileId: file.id,
      subjectKind: 'referral' as const,
      subjectId: after.id,
      assignmentId: after.assignmentId,
      seq: after.seq,
      ...scope(after),
    })),
  );
  return [...ofAssignments, ...ofCases];
}

const scope = (of: { readonly workingGroupId: string; readonly unitId: string }) => ({
  workingGroupId: of.workingGroupId,
  unitId: of.unitId,
});
