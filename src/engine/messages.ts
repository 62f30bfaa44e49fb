import { isAddressed, markRead } from '../db/message-store.js';
import { notFound } from '../domain/assignment/access.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import type { CommandRequest, Outcome } from './request.js';

/**
 * A person has read a message. It says nothing about the work: it acknowledges nothing, judges nothing and stops no
 * repeats, so it is no event. Colleagues of the same office read for themselves.
 */
export async function readMessage(engine: Engine, request: CommandRequest, id: string): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person' || actor.role === 'administrator') throw refused(notFound());
    const { role, unitId, personId, workingGroupId } = actor;
    const mine = await isAddressed(tx.client, id, workingGroupId, { role, unitId, personId });
    if (!mine) throw refused(notFound());
    await markRead(tx.client, id, personId, tx.receivedAt);
    return { status: 200, subjectId: id, version: null };
  });
}
