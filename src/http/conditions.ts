import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { RouteContract } from '../contracts/route.js';
import { canonical } from '../domain/canonical.js';
import { type Refusal, refuse } from '../domain/errors.js';
import type { Caller } from '../engine/authenticate.js';
import type { IdempotencyRequest } from '../engine/request.js';
import { invalid } from './validation.js';

const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** What a request says beside its input about when it may take effect. */
export interface Conditions {
  readonly idempotencyKey: string | null;
  readonly ifMatch: number | null;
}

/** 1 to 255 printable characters: what the header may hold. */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

export function conditionsOf(route: RouteContract, req: Request): Conditions | Refusal {
  const idempotencyKey = route.idempotency === 'none' ? null : (req.get(IDEMPOTENCY_HEADER) ?? null);
  if (idempotencyKey === null && route.idempotency === 'required') {
    return refuse('idempotency_key_missing', {
      vi: 'Việc này cần tiêu đề Idempotency-Key: một khóa ngẫu nhiên mới cho mỗi lệnh, giữ nguyên khi gửi lại.',
      en: 'This act needs the header Idempotency-Key: a fresh random key for each command, the same for its repeats.',
    });
  }
  if (idempotencyKey !== null && !KEY.test(idempotencyKey)) {
    return invalid([
      {
        pointer: `/header/${IDEMPOTENCY_HEADER}`,
        code: 'wrong_format',
        detail: {
          vi: 'Phải có 1 đến 255 ký tự ASCII in được.',
          en: 'Must be 1 to 255 printable ASCII characters.',
        },
      },
    ]);
  }
  const named = req.get('if-match');
  if (route.ifMatch === 'none' || (route.ifMatch === 'optional' && named === undefined))
    return { idempotencyKey, ifMatch: null };
  const ifMatch = versionNamedBy(named);
  if (typeof ifMatch !== 'number') return ifMatch;
  return { idempotencyKey, ifMatch };
}

/**
 * `If-Match: "7"` and the whole ETag that came with the resource both name version 7; so does a weak one, which is what
 * a proxy that compresses makes of it on the way.
 */
function versionNamedBy(header: string | undefined): number | Refusal {
  if (header === undefined) {
    return refuse('precondition_missing', {
      vi: 'Cần tiêu đề If-Match với ETag của bản bạn đã đọc.',
      en: 'The header If-Match is needed, with the ETag of what you have read.',
    });
  }
  const version = /^(?:W\/)?"(\d{1,9})(?:-[0-9a-f]+)?"$/.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  return invalid([
    {
      pointer: '/header/If-Match',
      code: 'wrong_format',
      detail: {
        vi: 'Phải là một ETag đã nhận, trong dấu ngoặc kép.',
        en: 'Must be one ETag as it was given, in quotes.',
      },
    },
  ]);
}

/**
 * The key with the digest of what is asked: the same key for another request, or under another grant, is
 * refused. The body is digested as parsed from JSON, so spaces and the order of fields do not matter.
 */
export function idempotencyOf(
  route: RouteContract,
  req: Request,
  caller: Caller,
  conditions: Conditions,
  body: unknown,
): IdempotencyRequest | undefined {
  if (conditions.idempotencyKey === null) return undefined;
  const asked = [
    req.method,
    req.path,
    canonical(body ?? {}),
    conditions.ifMatch ?? '',
    caller.acting?.id ?? '',
  ];
  return {
    caller: caller.identity.person.id,
    route: `${req.method} ${route.path}`,
    key: conditions.idempotencyKey,
    fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest(),
  };
}

/**
 * The ETag of a representation: its version, which If-Match is compared with, and a digest of the text. Both
 * are needed, since what a resource says also follows time (lateness, allowed actions) while its version stands.
 */
export function entityTag(text: string, version: number | null): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return version === null ? `"${digest}"` : `"${version}-${digest}"`;
}

/** Sets the ETag, and says whether the caller has this representation already. */
export function isFresh(req: Request, res: Response, tag: string): boolean {
  res.set('ETag', tag);
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  const known = req.get('if-none-match');
  if (known === undefined) return false;
  return known
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((text) => text === tag || text === '*');
}
