import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { DondocError, type Refusal, refuse } from '../domain/errors.js';
import { nfc } from '../domain/text.js';

/** Passwords of local accounts, by scrypt with the parameters that OWASP names: 128 MiB and about 0.3 s each. */
const COST = 2 ** 17;
const BLOCK = 8;
const LANES = 1;
const BYTES = 32;
const SALT_BYTES = 16;
/** Room for one derivation: 128 * N * r bytes, and a little beside. */
const MEMORY = 128 * COST * BLOCK + 1024 * 1024;

/** Derivations of one process at a time: each takes 128 MiB and a thread that files and name look-ups need too. */
const AT_ONCE = 2;
/** Who comes after so many that wait, some six seconds' work, is told to come again. */
const MOST_WAITING = 40;
const COME_AGAIN_S = 10;

const tooMany = (): Refusal =>
  refuse(
    'quota_exceeded',
    {
      vi: `Đang có quá nhiều người đăng nhập; hãy thử lại sau ${COME_AGAIN_S} giây.`,
      en: `Too many people are signing in; try again in ${COME_AGAIN_S} seconds.`,
    },
    { extra: { retryAfter: COME_AGAIN_S } },
  );

/**
 * `scrypt$N$r$p$salt$key`: parameters travel with the key, so that they can grow.
 * @throws DondocError `quota_exceeded` where too many wait already, as does {@link verifyPassword}
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, { N: COST, r: BLOCK, p: LANES });
  return ['scrypt', COST, BLOCK, LANES, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long for an account that does not exist, so that nobody learns which do. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, n, r, p, salt = '', key = ''] = (stored ?? NOBODYS).split('$');
  if (kind !== 'scrypt') return false;
  const options = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(key, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), options);
  return timingSafeEqual(found, expected) && stored !== null;
}

const NOBODYS = [
  'scrypt',
  COST,
  BLOCK,
  LANES,
  Buffer.alloc(SALT_BYTES).toString('base64url'),
  Buffer.alloc(BYTES).toString('base64url'),
].join('$');

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new DondocError(tooMany());
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await new Promise((resolve, reject) => {
      scrypt(nfc(password), salt, BYTES, { ...options, maxmem: MEMORY }, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
