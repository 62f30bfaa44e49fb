import type pg from 'pg';
import { databaseError } from '../db/errors.js';
import { standingNow } from '../db/identity-store.js';
import { databaseNow, keepAnswer, keptAnswer, tryIdempotencyLock } from '../db/lock-store.js';
import { withOpenedTransaction } from '../db/transaction.js';
import type { DocumentReference } from '../domain/actor.js';
import {
  type Bilingual,
  DondocError,
  isDondocError,
  type Refusal,
  refuse,
  versionChanged,
} from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import type { Circumstances } from './changes.js';
import type { Engine } from './engine.js';
import type { Answer, CommandRequest, IdempotencyRequest, Outcome } from './request.js';

/** One command's transaction and its instants. */
export interface CommandTx {
  readonly client: pg.PoolClient;
  readonly request: CommandRequest;
  readonly receivedAt: Instant;
  /** The database's clock as of now: what was read first, moved on by this process's monotonic clock. */
  now(): Instant;
}

/**
 * The frame of every command: one transaction, its idempotency key first, then the work, then the kept
 * answer. A refusal rolls everything back, so it writes nothing and is judged anew when it comes again.
 */
export async function inCommand(
  engine: Engine,
  request: CommandRequest,
  work: (tx: CommandTx) => Promise<Omit<Answer, 'repeated'>>,
): Promise<Outcome> {
  try {
    const opening = (client: pg.PoolClient): Promise<CommandTx> => begin(client, request);
    const answer = await withOpenedTransaction(engine.writer, opening, async (client, tx) => {
      const kept = await repeatOf(client, request.idempotency);
      if (kept !== null) return kept;
      const done = await work(tx);
      if (request.idempotency !== undefined) {
        await keepAnswer(client, {
          ...request.idempotency,
          status: done.status,
          subjectId: done.subjectId,
          version: done.version,
        });
      }
      return { ...done, repeated: false };
    });
    if (!answer.repeated) engine.notify();
    return answer;
  } catch (error) {
    const known = databaseError(error);
    if (isDondocError(known) && known.code !== 'database_unavailable') return known.refusal;
    throw known;
  }
}

/** Asks the database's clock before any lock; the time since arrival is subtracted, so waiting harms nobody. */
async function begin(client: pg.PoolClient, request: CommandRequest): Promise<CommandTx> {
  const asked = performance.now();
  const databaseTime = await stillStanding(client, request);
  return {
    client,
    request,
    receivedAt: Math.floor(databaseTime - Math.max(0, asked - request.arrived)),
    now: () => Math.floor(databaseTime + (performance.now() - asked)),
  };
}

/** A role that was taken away, or a token revoked, while the request was on its way counts at once. */
async function stillStanding(client: pg.PoolClient, { standing }: CommandRequest): Promise<Instant> {
  if (standing === undefined) return await databaseNow(client);
  const { now, granted, signed_in } = await standingNow(client, standing);
  if (!signed_in) {
    throw refused(
      refuse('unauthenticated', {
        vi: 'Phiên hoặc token vừa kết thúc; hãy đăng nhập lại.',
        en: 'The session or token has just ended; sign in again.',
      }),
    );
  }
  if (!granted) {
    throw refused(
      refuse('forbidden', {
        vi: 'Vai trò bạn đang dùng vừa hết hiệu lực.',
        en: 'The grant under which you act has just ended.',
      }),
    );
  }
  return now;
}

async function repeatOf(client: pg.PoolClient, key: IdempotencyRequest | undefined): Promise<Answer | null> {
  if (key === undefined) return null;
  if (!(await tryIdempotencyLock(client, key.caller, key.route, key.key))) {
    throw refused(
      refuse('idempotency_in_flight', {
        vi: 'Yêu cầu trước với cùng Idempotency-Key đang được xử lý; hãy thử lại sau.',
        en: 'The first request with this Idempotency-Key is still in flight; try again shortly.',
      }),
    );
  }
  const kept = await keptAnswer(client, key.caller, key.route, key.key);
  if (kept === null) return null;
  if (!kept.fingerprint.equals(key.fingerprint)) {
    throw refused(
      refuse('idempotency_key_reused', {
        vi: 'Idempotency-Key này đã dùng cho một yêu cầu khác; hãy tạo khóa mới.',
        en: 'This Idempotency-Key was used for a different request; make a new key.',
      }),
    );
  }
  return { status: kept.status, subjectId: kept.subject_id, version: kept.version, repeated: true };
}

/** A refusal that must roll the transaction back travels as an error and comes out as a result again. */
export function refused(refusal: Refusal): DondocError {
  return new DondocError(refusal);
}

/** Where the request names the version that was read, its subject must still have it. */
export function refuseStale({ ifMatch }: CommandRequest, noun: Bilingual, version: number): void {
  if (ifMatch !== undefined && ifMatch !== version) throw refused(versionChanged(noun, version));
}

/** The instants and the document of a person's command on one subject. */
export function circumstances(tx: CommandTx, lastRecordedAt: Instant): Circumstances {
  const { actor, document } = tx.request;
  const records =
    actor.kind === 'person' && actor.role === 'standing_agency' && document?.arrivedAt !== undefined;
  return {
    actor,
    document: document === undefined ? null : reference(document),
    receivedAt: tx.receivedAt,
    // Only what the standing agency records from a numbered document happened earlier; nobody back-dates themselves.
    happenedAt: records ? document.arrivedAt : tx.receivedAt,
    recordedAt: Math.max(tx.now(), lastRecordedAt),
  };
}

function reference(document: DocumentReference): DocumentReference {
  return document.signer === undefined
    ? { number: document.number, date: document.date }
    : { number: document.number, date: document.date, signer: document.signer };
}
