import { acknowledgeStep, stepForUnit } from '../db/escalation-store.js';
import { notFound } from '../domain/assignment/access.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import type { CommandRequest, Outcome } from './request.js';

/**
 * A unit says that a message has reached it, which stops its repeats to that person. Said once, it stays as
 * it was first said; a second time changes nothing. It judges nothing and moves no deadline.
 */
export async function acknowledgeEscalation(
  engine: Engine,
  request: CommandRequest,
  id: string,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person' || actor.role !== 'unit' || actor.unitId === null) throw refused(notFound());
    const known = await stepForUnit(tx.client, id, actor.workingGroupId, actor.unitId);
    if (!known) throw refused(notFound());
    await acknowledgeStep(tx.client, id, actor.personId, tx.receivedAt);
    return { status: 200, subjectId: id, version: null };
  });
}
