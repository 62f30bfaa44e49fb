import { deadEnvelopesOf, reviveEnvelopesOf } from '../db/envelope-store.js';
import { notFound } from '../domain/assignment/access.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { iso, look, type Viewer } from './read/view.js';
import type { CommandRequest, Outcome } from './request.js';

export interface DeadLetterView {
  readonly id: string;
  readonly address: string;
  readonly subject: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly at: string;
}

const MOST = 200;

/** Letters of the caller's Working Group that were refused too often, the youngest first. */
export async function deadLetters(engine: Engine, viewer: Viewer): Promise<DeadLetterView[]> {
  const { workingGroupId } = viewer.actor;
  const rows = await look(
    engine,
    viewer,
    async (client) => await deadEnvelopesOf(client, workingGroupId, MOST),
  );
  return rows.map(({ id, address, subject, attempts, lastError, createdAt }) => ({
    ...{ id, address, subject, attempts, lastError },
    at: iso(createdAt),
  }));
}

/** Sends a dead letter again, under the same Message-ID, after its address or its server was mended. */
export async function sendAgain(engine: Engine, request: CommandRequest, id: string): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person' || actor.role !== 'administrator') throw refused(notFound());
    if ((await reviveEnvelopesOf(tx.client, actor.workingGroupId, id)) === 0) throw refused(notFound());
    return { status: 200, subjectId: id, version: null };
  });
}
