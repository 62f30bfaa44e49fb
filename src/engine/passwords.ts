import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { type FieldError, type Refusal, wrongField } from '../domain/errors.js';
import { nfc } from '../domain/text.js';

/** Passwords of local accounts, by scrypt with the parameters that OWASP names: 128 MiB and about 0.3 s each. */
const COST = 2 ** 17;
const BLOCK = 8;
const LANES = 1;
const BYTES = 32;
const SALT_BYTES = 16;
/** Room for one derivation: 128 * N * r bytes, and a little beside. */
const MEMORY = 128 * COST * BLOCK + 1024 * 1024;

export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;
/** Derivations of one process at a time: each takes 128 MiB and a thread that files and name look-ups need too. */
const AT_ONCE = 2;

/** `scrypt$N$r$p$salt$key`: parameters travel with the key, so that they can grow. */
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
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
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

/** Beginnings of what is tried first everywhere, without accents, digits or signs. */
const COMMON = [
  ...['password', 'passw', 'matkhau', 'admin', 'quantri', 'welcome', 'letmein', 'qwerty', 'asdfgh', 'zxcvbn'],
  ...[
    'iloveyou',
    'anhyeuem',
    'emyeuanh',
    'vietnam',
    'hanoi',
    'saigon',
    'dondoc',
    'congan',
    'abcdef',
    'abcabc',
  ],
];

/** What a new password must not be; null when it may be used. Length counts, kinds of characters do not. */
export function passwordRefusal(password: string, about: { login: string; name: string }): Refusal | null {
  const letters = plain(password);
  const own = [about.login, ...about.name.split(' ')].map(plain).filter((word) => word.length >= 4);
  // Longest first, so that a login is found whole before a common word within it is.
  const words = [...COMMON, ...own].sort((one, other) => other.length - one.length);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), letters);
  if ([...password].length < SHORTEST_PASSWORD) return wrong('too_short', TOO_SHORT);
  if ([...password].length > LONGEST_PASSWORD) return wrong('too_long', TOO_LONG);
  const distinct = new Set(password.toLowerCase()).size;
  const guessable = letters !== rest && rest.length < 4;
  if (distinct < 5 || guessable || isRun(password)) return wrong('too_common', TOO_COMMON);
  return null;
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll(/[^a-z]/g, '');

/** `123456789012`, `abcdefghijkl`: each sign the next of the one before, nearly everywhere. */
function isRun(password: string): boolean {
  const codes = [...password].map((sign) => sign.codePointAt(0) ?? 0);
  const steps = codes.slice(1).filter((code, index) => Math.abs(code - (codes[index] ?? 0)) === 1);
  return steps.length >= (codes.length - 1) * 0.8;
}

const TOO_SHORT = {
  vi: `Mật khẩu cần ít nhất ${SHORTEST_PASSWORD} ký tự; một câu ngắn dễ nhớ là tốt nhất.`,
  en: `A password needs at least ${SHORTEST_PASSWORD} characters; a short sentence is best.`,
};
const TOO_LONG = {
  vi: `Mật khẩu dài nhất ${LONGEST_PASSWORD} ký tự.`,
  en: `A password has at most ${LONGEST_PASSWORD} characters.`,
};
const TOO_COMMON = {
  vi: 'Mật khẩu này quá dễ đoán; hãy chọn cụm từ khác, không chứa tên của bạn.',
  en: 'This password is too easy to guess; choose other words, without your name.',
};

function wrong(code: string, detail: FieldError['detail']): Refusal {
  return wrongField('/password', code, detail);
}
