import { acknowledgeStep, stepForUnit } from '../db/escalation-store.js';
import { notFound } from '../domain/assignment/access.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { noteOn } from './note.js';
import type { CommandRequest, Outcome } from './request.js';

/**
 * A person of the unit says that a message has reached them, which stops its repeats to them alone. Said once, it
 * stays as it was first said; a second time changes nothing. It judges nothing and moves no deadline.
 */
export async function acknowledgeEscalation(
  engine: Engine,
  request: CommandRequest,
  id: string,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person' || actor.role !== 'unit' || actor.unitId === null) throw refused(notFound());
    const found = await stepForUnit(tx.client, id, actor.workingGroupId, actor.unitId, actor.personId);
    if (found === null) throw refused(notFound());
    const { subject, step, cycle } = found;
    const at = tx.receivedAt;
    if (!found.acknowledged) {
      await noteOn(tx, subject, { type: 'step_acknowledged', data: { at, step, cycle } });
      await acknowledgeStep(tx.client, id, actor.personId, at);
    }
    return { status: 200, subjectId: id, version: null };
  });
}
