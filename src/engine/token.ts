import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Makes it recognisable in a log or a leak, so that scanners can find it. */
const PREFIX = 'dondoc_';

/** A new bearer token: 256 bits of chance. Only its digest is stored. */
export function newToken(): string {
  return `${PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** A token that the holder of the secret can make again under the same name, for demo sign-ins. */
export function derivedToken(secret: Buffer, name: string): string {
  return `${PREFIX}${createHmac('sha256', secret).update(name).digest('base64url')}`;
}

/** What the record keeps of a token. No salt or stretching: the token itself has 256 bits of chance. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
