import { lockAssignments } from '../db/assignment-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { notFound } from '../domain/assignment/access.js';
import type { AssignmentInputs } from '../domain/assignment/commands.js';
import type { Assignment } from '../domain/assignment/state.js';
import { isRefusal } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import type { CircumstancesFor } from './changes.js';
import { circumstances, inCommand, refused, refuseStale } from './command.js';
import type { Engine } from './engine.js';
import { ASSIGNMENT, refuseUnknownUnits, runAssignments, type SubjectResult } from './execute.js';
import { filesForCommand } from './file-references.js';
import { newId } from './ids.js';
import type { CommandRequest, Outcome } from './request.js';

export type MoveRequest = Omit<AssignmentInputs['move'], 'together'>;

/** Several of one task become one with each successor; the caller holds their locks and those of their directives. */
export async function moveTogether(
  db: Queryable,
  sources: readonly Assignment[],
  { action, input }: { readonly action: 'move' | 'reorganise'; readonly input: MoveRequest },
  at: CircumstancesFor,
): Promise<Map<string, SubjectResult>> {
  const together = { sources, successorIds: input.to.map(() => newId()) };
  const ids = sources.map(({ id }) => id);
  return runAssignments(db, ids, { action, input: { ...input, together } }, at);
}

/** Moves one assignment, or several that become one, to their successors: all in one transaction or nothing. */
export async function executeMove(
  engine: Engine,
  request: CommandRequest,
  ids: readonly string[],
  input: MoveRequest,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    await lockDirectivesOf(tx.client, ids, 'shared');
    const locked = await lockAssignments(tx.client, ids);
    const sources = ids.flatMap((id) => locked.find(({ state }) => state.id === id)?.state ?? []);
    const [first] = sources;
    if (first === undefined || sources.length < ids.length) throw refused(notFound());
    const command = { action: 'move' as const, input };
    const files = await filesForCommand(tx.client, request, command);
    const at = (last: Instant) => ({ ...circumstances(tx, last), files });
    const results = await moveTogether(tx.client, sources, command, at);
    let version: number | null = null;
    for (const id of ids) {
      const result = results.get(id);
      if (result === undefined) throw refused(notFound());
      if ('thrown' in result) throw result.thrown;
      if (isRefusal(result)) throw refused(result);
      if (id === first.id) version = result.version;
    }
    refuseStale(request, ASSIGNMENT, first.seq);
    // After who may: what is named tells nothing of an assignment that the caller does not see.
    await refuseUnknownUnits(
      tx.client,
      input.to.map(({ unitId }) => unitId),
    );
    return { status: 200, subjectId: first.id, version };
  });
}
