import { databaseError } from '../db/errors.js';
import { assignmentOfMatter } from '../db/matter-store.js';
import { notFound } from '../domain/assignment/access.js';
import type { AssignmentCommand } from '../domain/assignment/commands.js';
import type { Matter } from '../domain/assignment/state.js';
import type { Refusal } from '../domain/errors.js';
import type { Engine } from './engine.js';
import { executeAssignments } from './execute.js';
import type { CommandRequest, Outcome } from './request.js';

/**
 * A command on what an assignment carries, found by its own id. The lookup is by the Working Group only: a unit
 * that holds an obstacle may answer it though it reads nothing else of the assignment, and the decider refuses
 * whoever has no relation to it with the same words as an id that does not exist.
 */
export async function executeMatter(
  engine: Engine,
  request: CommandRequest,
  matter: { readonly kind: Matter['kind']; readonly id: string },
  command: AssignmentCommand,
): Promise<{ readonly assignmentId: string; readonly outcome: Outcome } | Refusal> {
  const { actor } = request;
  if (actor.kind !== 'person') return notFound();
  const assignmentId = await assignmentOfMatter(
    engine.writer,
    actor.workingGroupId,
    matter.kind,
    matter.id,
  ).catch((error: unknown) => {
    throw databaseError(error);
  });
  if (assignmentId === null) return notFound();
  return { assignmentId, outcome: await executeAssignments(engine, request, [assignmentId], command) };
}
