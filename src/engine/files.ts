import { randomBytes } from 'node:crypto';
import {
  bringContent,
  type FileRow,
  filesOfAssignment,
  holdContent,
  insertFile,
  markDestroyed,
  pendingRemovals,
  readFile,
  releaseContents,
  removalDone,
  sweepFiles,
  wasDestroyed,
} from '../db/file-store.js';
import type { Queryable } from '../db/pool.js';
import { seesAssignment } from '../db/read/assignments.js';
import { notFound } from '../domain/assignment/access.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import { inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { filesOf, type ReceivedFile } from './file-ports.js';
import { newId } from './ids.js';
import { iso, look, type UnitRef, type Viewer } from './read/view.js';
import type { CommandRequest, Outcome } from './request.js';

export interface FileView {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: 'kept' | 'swept' | 'destroyed';
  readonly uploadedAt: string;
  readonly unit: UnitRef | null;
}

/**
 * Keeps a file that has come: judged by its bytes, looked over by the scanner where there is one, its content
 * stored, then its row written. Until something refers to it only its own office can read it. What was received
 * is discarded in any case.
 */
export async function keepFile(
  engine: Engine,
  request: CommandRequest,
  received: ReceivedFile & { readonly name: string },
): Promise<Outcome> {
  const files = filesOf(engine);
  try {
    const judged = await files.intake.judge(received, received.name);
    if (isRefusal(judged)) return judged;
    const found = await scanned(engine, received);
    if (found !== null) return found;
    for (let tries = 1; ; tries += 1) {
      try {
        return await stored(engine, request, received, judged.mediaType);
      } catch (error) {
        if (!(error instanceof ContentGone) || tries === MOST_TRIES) throw error;
      }
    }
  } finally {
    await files.intake.discard(received);
  }
}

/** The same content was let go while it came again: it is brought anew, under another key. */
class ContentGone extends Error {}
const MOST_TRIES = 3;

/** The content in its store, then the row. @throws ContentGone */
async function stored(
  engine: Engine,
  request: CommandRequest,
  received: ReceivedFile & { readonly name: string },
  mediaType: string,
): Promise<Outcome> {
  const { sha256, size } = received;
  const fresh = `${sha256}-${randomBytes(8).toString('hex')}`;
  const key = await bringContent(engine.writer, { sha256, size, key: fresh });
  await filesOf(engine).store.put(key, received);
  return await inCommand(engine, request, async (tx) => {
    const { actor } = request;
    if (actor.kind !== 'person') throw refused(notFound());
    const id = newId();
    const { workingGroupId, unitId, role, personId } = actor;
    if (await wasDestroyed(tx.client, workingGroupId, sha256)) throw refused(destroyedBefore(sha256));
    if (!(await holdContent(tx.client, sha256, key))) throw new ContentGone('let go');
    await insertFile(tx.client, {
      ...{ id, workingGroupId, unitId, role, personId, mediaType, size, sha256 },
      name: received.name.slice(0, 255),
      at: tx.receivedAt,
    });
    return { status: 201, subjectId: id, version: null };
  });
}

/** What was decided stays decided: it does not come back by being sent again. */
const destroyedBefore = (sha256: string): Refusal =>
  refuse(
    'file_destroyed',
    {
      vi: 'Nội dung này đã bị hủy theo quyết định trong Tổ công tác và không được tải lên lại.',
      en: 'This content was destroyed by a decision in the Working Group and is not taken again.',
    },
    { extra: { sha256 } },
  );

/** Where a scanner is configured nothing is kept that it has not seen. */
async function scanned(engine: Engine, received: ReceivedFile): Promise<Refusal | null> {
  const { scanner } = filesOf(engine);
  if (scanner === null) return null;
  try {
    const found = await scanner.scan(received);
    if (found === null) return null;
    engine.log.warn({ sha256: received.sha256, found }, 'an uploaded file was refused by the virus scanner');
    return refuse(
      'file_infected',
      {
        vi: 'Phần mềm diệt vi-rút phát hiện mã độc trong tệp. Hãy kiểm tra máy đã tạo tệp này.',
        en: 'The virus scanner found something harmful in the file. Check the machine it comes from.',
      },
      { extra: { found } },
    );
  } catch (error) {
    engine.log.error({ err: error }, 'the virus scanner does not answer');
    return refuse('scanner_unavailable', {
      vi: 'Chưa kiểm tra được vi-rút nên tệp chưa được nhận; hãy gửi lại sau.',
      en: 'The file could not be checked for viruses and was not kept; try again later.',
    });
  }
}

function viewOf(row: FileRow): FileView {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    sha256: row.sha256,
    state: row.state,
    uploadedAt: iso(row.uploaded_at),
    unit: row.unit,
  };
}

/** A file and a way to its content; unknown where the viewer may not read what it hangs on. */
export async function openFile(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<{ readonly file: FileView; readonly content: AsyncIterable<Uint8Array> } | Refusal> {
  const row = await look(engine, viewer, async (client) => readFile(client, id));
  if (row === null) return notFound();
  if (row.state !== 'kept' || row.key === null) {
    const words = {
      vi: row.state === 'destroyed' ? 'đã bị hủy theo quyết định' : 'đã bị dọn vì không văn bản nào dùng đến',
      en:
        row.state === 'destroyed'
          ? 'was destroyed by decision'
          : 'was removed because nothing referred to it',
    };
    return refuse(
      'not_found',
      {
        vi: `Nội dung tệp ${words.vi}; mã băm còn lại.`,
        en: `The file's content ${words.en}; its hash stays.`,
      },
      { extra: { state: row.state, sha256: row.sha256 } },
    );
  }
  const content = await filesOf(engine).store.get(row.key);
  if (content === null) throw new Error(`The content of file ${id} is not in the store`);
  return { file: viewOf(row), content };
}

export async function getFile(engine: Engine, viewer: Viewer, id: string): Promise<FileView | Refusal> {
  const row = await look(engine, viewer, async (client) => readFile(client, id));
  return row === null ? notFound() : viewOf(row);
}

/** The files that hang on an assignment, its matters and its case, as far as the viewer may read those. */
export async function listAssignmentFiles(
  engine: Engine,
  viewer: Viewer,
  assignmentId: string,
): Promise<readonly FileView[] | Refusal> {
  return look(engine, viewer, async (client) => {
    if (!(await seesAssignment(client, assignmentId))) return notFound();
    return (await filesOfAssignment(client, assignmentId)).map(viewOf);
  });
}

/**
 * Within a transaction of the caller's: marks a file's content as destroyed, in every file in which its office has
 * brought the same. Hashes stay, so the chain still verifies; the content itself goes with the next
 * `removeContents`, which the caller may run right after the commit.
 */
export async function destroyFileContent(db: Queryable, fileId: string): Promise<boolean> {
  return (await markDestroyed(db, fileId)) > 0;
}

export interface SweepOptions {
  /** A file that nothing refers to is kept so long. */
  readonly unreferencedMs: number;
  /** A content without files is kept so long after it was last brought: longer than any upload takes. */
  readonly graceMs: number;
  readonly batch: number;
}

/** One round of letting go. True where there may be more. */
export async function sweep(engine: Engine, options: SweepOptions): Promise<boolean> {
  const swept = await sweepFiles(engine.writer, options.unreferencedMs, options.batch);
  const removed = await removeContents(engine, options);
  return swept === options.batch || removed === options.batch;
}

/** Takes out of the store what no file has any more. Done twice it is no harm. */
export async function removeContents(
  engine: Engine,
  { graceMs, batch }: Pick<SweepOptions, 'graceMs' | 'batch'>,
): Promise<number> {
  await releaseContents(engine.writer, graceMs, batch);
  const keys = await pendingRemovals(engine.writer, batch);
  for (const key of keys) {
    await filesOf(engine).store.remove(key);
    await removalDone(engine.writer, key);
  }
  return keys.length;
}
