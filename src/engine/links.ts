import type { StoredDirective, WorkingGroupRow } from '../db/directive-store.js';
import { loadParent, loadPreviousTasks, targetOfCarryOver } from '../db/link-store.js';
import type { Queryable } from '../db/pool.js';
import type { Actor } from '../domain/actor.js';
import { canonical } from '../domain/canonical.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import type { FrozenDirective } from '../domain/directive/freeze.js';
import { type LinkContext, mayCarryOn } from '../domain/directive/links.js';
import { refuse } from '../domain/errors.js';
import { refused } from './command.js';

/** What a content links to; of an amendment only links that differ from the version in force are judged. */
export async function linksOf(
  db: Queryable,
  { state, content }: StoredDirective,
  group: WorkingGroupRow,
  before: FrozenDirective | null,
): Promise<LinkContext> {
  const parentId = content.parentAssignmentId ?? null;
  const named = [...new Set(content.tasks.flatMap(({ previousTaskId }) => previousTaskId ?? []))];
  const known = new Map(before?.tasks.map(({ task }) => [task.id, canonical(task)]));
  return {
    directiveId: state.id,
    workingGroupId: group.id,
    standingAgencyId: group.standingAgencyId,
    parent: parentId === null ? undefined : await loadParent(db, parentId, state.id),
    previous: await loadPreviousTasks(db, group.id, named),
    judges: (what) =>
      what === 'parent'
        ? before === null || (before.content.parentAssignmentId ?? null) !== parentId
        : known.get(what.id) !== canonical(what),
  };
}

/** A draft may name only what its standing agency may carry on: of the rest it does not even learn that it is there. */
export async function refuseForeignParent(
  db: Queryable,
  group: WorkingGroupRow,
  directiveId: string,
  { parentAssignmentId }: DirectiveContent,
): Promise<void> {
  if (parentAssignmentId === undefined || parentAssignmentId === null) return;
  const parent = await loadParent(db, parentAssignmentId, directiveId);
  if (mayCarryOn(parent, { workingGroupId: group.id, standingAgencyId: group.standingAgencyId })) return;
  const detail = {
    vi: 'Không có nhiệm vụ cấp trên này trong phạm vi của bạn.',
    en: 'There is no such superior assignment within your scope.',
  };
  throw refused(
    refuse('reference_unknown', detail, {
      errors: [{ pointer: '/parentAssignmentId', code: 'reference', detail }],
    }),
  );
}

/** Where work is carried over into: another directive of the Working Group that is still to come or runs. */
export async function refuseUnfitTarget(
  db: Queryable,
  actor: Actor,
  into: string | null | undefined,
  from: { readonly directiveId: string } | { readonly assignmentId: string | null },
): Promise<void> {
  if (into === null || into === undefined) return;
  const target =
    actor.kind === 'person'
      ? await targetOfCarryOver(db, into, {
          workingGroupId: actor.workingGroupId,
          assignmentId: 'assignmentId' in from ? from.assignmentId : null,
        })
      : null;
  const own = target?.own === true || ('directiveId' in from && from.directiveId === into);
  if (target !== null && !own && OPEN_TO_CARRY.includes(target.state)) return;
  const detail = {
    vi: 'Chỉ chuyển sang một văn bản khác của Tổ công tác, đang soạn hoặc đang thực hiện.',
    en: 'Work is carried over into another directive of the Working Group that is drafted or running.',
  };
  throw refused(
    refuse('reference_unknown', detail, {
      errors: [{ pointer: '/intoDirectiveId', code: 'reference', detail }],
    }),
  );
}

const OPEN_TO_CARRY: readonly string[] = ['draft', 'awaiting_approval', 'issued'];
