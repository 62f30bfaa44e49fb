import {
  destroyEventText,
  destroyItemWords,
  destroyLetterWords,
  destroyPlannedWords,
  destroyProjectedWords,
  destroyVoidReason,
  type EventRef,
  textStands,
} from '../db/destruction-store.js';
import type { Queryable } from '../db/pool.js';
import { notFound } from '../domain/assignment/access.js';
import { isRefusal, refuse } from '../domain/errors.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { destroyFileContent, removeContents } from './files.js';
import { noteOn } from './note.js';
import type { CommandRequest, Outcome } from './request.js';

export interface Destruction {
  readonly event: EventRef;
  readonly reason: string;
  /** Also the contents of the files that the act brought; their hashes stay. */
  readonly files: boolean;
}

/**
 * Destroys what never should have been written: the text of one event, wherever it has got to. That there was a
 * text, and its salted hash, stays in the chain, which goes on verifying; who decided, when and why is a later
 * event of the same subject. Backups that were made before still have it: see docs/operations.md.
 */
export async function destroyText(
  engine: Engine,
  request: CommandRequest,
  { event, reason, files }: Destruction,
): Promise<Outcome> {
  const outcome = await inCommand(engine, request, async (tx) => {
    const { actor } = request;
    const stands = await textStands(tx.client, event);
    if (actor.kind !== 'person' || actor.role !== 'supervisor') throw refused(notFound());
    if (stands?.working_group_id !== actor.workingGroupId) throw refused(notFound());
    // The note locks the subject, so of two decisions about one text the second finds it gone.
    const data = { at: tx.receivedAt, seq: event.seq };
    const version = await noteOn(tx, event, { type: 'text_destroyed', data, text: { reason } });
    if ((await textStands(tx.client, event))?.there !== true) throw refused(nothingThere(stands.written));
    const words = await destroyEventText(tx.client, event);
    await destroyEverywhere(tx.client, event, words, stands.directive_id);
    if (files) for (const id of filesIn(words)) await destroyFileContent(tx.client, id);
    return { status: 201, subjectId: event.id, version };
  });
  if (files && !isRefusal(outcome)) await removeNow(engine);
  return outcome;
}

async function destroyEverywhere(
  db: Queryable,
  event: EventRef,
  { files: _, ...words }: Readonly<Record<string, string>>,
  directiveId: string | null,
): Promise<void> {
  await destroyItemWords(db, event);
  const envelopes = await destroyItemWords(db, event);
  for (const text of Object.values(words)) {
    const line = oneLine(text);
    await destroyLetterWords(db, envelopes, { text: line, html: escaped(line) });
    await destroyVoidReason(db, event.id, text);
    await destroyProjectedWords(db, event, text);
    if (directiveId !== null) await destroyPlannedWords(db, directiveId, text);
  }
}

/** As letters show what somebody wrote; a test compares it with what they show. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** The files that an act brought, as its first event lists them: an id and a hash a line. */
function filesIn({ files = '' }: Readonly<Record<string, string>>): string[] {
  return files.split('\n').flatMap((line) => /^([0-9a-f-]{36}) sha256:/.exec(line)?.[1] ?? []);
}

function nothingThere(written: boolean) {
  return refuse(
    'transition_not_allowed',
    written
      ? { vi: 'Nội dung này đã được hủy.', en: 'This text has been destroyed already.' }
      : { vi: 'Sự kiện này không có nội dung để hủy.', en: 'No text was written with this event.' },
  );
}

/** The sweep would do it too; what was decided is not to wait for it. */
async function removeNow(engine: Engine): Promise<void> {
  try {
    await removeContents(engine, { graceMs: 86_400_000, batch: 1_000 });
  } catch (error) {
    engine.log.error({ err: error }, 'contents of destroyed files are removed with the next sweep');
  }
}
