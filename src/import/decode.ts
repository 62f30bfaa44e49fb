import { type Bilingual, isRefusal, type Refusal, refuse } from '../domain/errors.js';
import { nfc } from '../domain/text.js';
import { fontEncodingOf, hasLostLetters, isDoubleEncoded, vietnamesePlausibility } from './vietnamese.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1258' | 'windows-1252';

export interface Decoded {
  /** NFC, without a byte-order mark, lines ended by `\n`. */
  readonly text: string;
  readonly encoding: Encoding;
}

const SAVE_AS: Bilingual = {
  vi: 'Trong Excel: Tệp → Lưu thành → “CSV UTF-8 (phân tách bằng dấu phẩy)”, rồi tải lên lại.',
  en: 'In Excel: File → Save as → “CSV UTF-8 (Comma delimited)”, then upload it again.',
};

function unreadable(vi: string, en: string, extra: Readonly<Record<string, unknown>> = {}): Refusal {
  return refuse('import_unreadable', { vi: `${vi} ${SAVE_AS.vi}`, en: `${en} ${SAVE_AS.en}` }, { extra });
}

/** First bytes of what people upload by mistake. */
const FOREIGN: readonly { readonly magic: readonly number[]; readonly name: Bilingual }[] = [
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    name: { vi: 'tệp Excel (.xlsx), Word hoặc tệp nén', en: 'an Excel (.xlsx), Word or zip file' },
  },
  { magic: [0x50, 0x4b, 0x05, 0x06], name: { vi: 'tệp nén rỗng', en: 'an empty zip file' } },
  {
    magic: [0xd0, 0xcf, 0x11, 0xe0],
    name: { vi: 'tệp Excel hoặc Word cũ (.xls, .doc)', en: 'an old Excel or Word file (.xls, .doc)' },
  },
  { magic: [0x25, 0x50, 0x44, 0x46], name: { vi: 'tệp PDF', en: 'a PDF file' } },
  { magic: [0x1f, 0x8b], name: { vi: 'tệp nén gzip', en: 'a gzip file' } },
  { magic: [0x89, 0x50, 0x4e, 0x47], name: { vi: 'tệp ảnh', en: 'a picture' } },
  { magic: [0xff, 0xd8, 0xff], name: { vi: 'tệp ảnh', en: 'a picture' } },
  { magic: [0x7b, 0x5c, 0x72, 0x74, 0x66], name: { vi: 'tệp RTF', en: 'an RTF file' } },
];

export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at += 1) if (bytes[at] === 0x0a) line += 1;
  return line;
}

/** UTF-16 without a byte-order mark shows by the zero halves of its ASCII characters. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const sample = bytes.subarray(0, 4096);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < sample.length; at += 1) {
    if (sample[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  if (odd > half * 0.25 && even < half * 0.01) return 'utf-16le';
  if (even > half * 0.25 && odd < half * 0.01) return 'utf-16be';
  return null;
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string | Refusal {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return unreadable('Tệp UTF-16 bị cắt cụt hoặc hỏng.', 'This UTF-16 file is cut short or damaged.');
  }
}

/** Length of the valid UTF-8 sequence of several bytes at `at`; 0: there is none. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  for (let next = 1; next < length; next += 1) {
    const byte = bytes[at + next] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}

/** How much of the file beyond ASCII is UTF-8, and where the first byte is that is not. */
function surveyUtf8(bytes: Uint8Array): { sequences: number; strays: number; firstStray: number } {
  let sequences = 0;
  let strays = 0;
  let firstStray = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    const length = sequenceAt(bytes, at);
    if (length > 0) {
      sequences += 1;
      at += length - 1;
    } else {
      strays += 1;
      if (firstStray < 0) firstStray = at;
    }
  }
  return { sequences, strays, firstStray };
}

/** Old one-byte encodings: which one is told by which of them gives Vietnamese. */
function decodeOneByte(bytes: Uint8Array): Decoded | Refusal {
  const western = new TextDecoder('windows-1252').decode(bytes);
  const vietnamese = nfc(new TextDecoder('windows-1258').decode(bytes));
  const plausible = vietnamesePlausibility(vietnamese);
  if (plausible.share >= 0.8) return { text: vietnamese, encoding: 'windows-1258' };
  const font = fontEncodingOf(western);
  if (font !== null) return fontRefused(font);
  // Western text with a few accents, dashes and quotes; more of it that is no Vietnamese is garbage.
  const letters = western.match(/\p{L}/gu)?.length ?? 0;
  const beyond = western.match(/[^\0-\x7f]/gu)?.length ?? 0;
  if (beyond * 10 <= letters && !/[\u0080-\u009f]/.test(western))
    return { text: western, encoding: 'windows-1252' };
  return unreadable(
    'Không nhận ra bảng mã của tệp (không phải UTF-8, UTF-16, windows-1258 hay windows-1252).',
    'The encoding of this file is none of UTF-8, UTF-16, windows-1258, windows-1252.',
  );
}

function fontRefused(font: string): Refusal {
  return unreadable(
    `Tệp dùng phông chữ mã cũ ${font}: hãy chuyển sang Unicode (ví dụ bằng Unikey, Ctrl+Shift+F6) trước khi lưu.`,
    `The text is in the old font encoding ${font}: convert it to Unicode (for example with Unikey) before saving.`,
    { fontEncoding: font },
  );
}

function decodeAny(bytes: Uint8Array): Decoded | Refusal {
  const wide = utf16Of(bytes);
  if (wide !== null) {
    const text = decodeUtf16(bytes, wide);
    return isRefusal(text) ? text : { text, encoding: wide };
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    return unreadable(
      `Tệp nhị phân, không phải văn bản (byte 0 ở dòng ${lineAt(bytes, zero)}).`,
      `This is a binary file, not text (a zero byte on line ${lineAt(bytes, zero)}).`,
      { line: lineAt(bytes, zero) },
    );
  }
  const survey = surveyUtf8(bytes);
  if (survey.strays > 0 && survey.sequences > survey.strays) {
    const line = lineAt(bytes, survey.firstStray);
    return unreadable(
      `Tệp lẫn nhiều bảng mã: phần lớn là UTF-8, nhưng dòng ${line} thì không.`,
      `The file mixes encodings: most of it is UTF-8, but line ${line} is not.`,
      { line },
    );
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return decodeOneByte(bytes);
  }
}

/** Text that decodes and is spoilt all the same: by a font, by a wrong step before, or because it is not text. */
export function spoilt(text: string): Refusal | null {
  const font = fontEncodingOf(text);
  if (font !== null) return fontRefused(font);
  const lost = text.indexOf('\ufffd');
  if (lost >= 0 || hasLostLetters(text)) {
    const line = lost < 0 ? null : text.slice(0, lost).split('\n').length;
    const vi = line === null ? '' : ` (dòng ${line})`;
    const en = line === null ? '' : ` (line ${line})`;
    return unreadable(
      `Chữ tiếng Việt đã mất khi lưu tệp (thành “?” hoặc “\ufffd”)${vi}: hãy lưu lại từ bản gốc.`,
      `Vietnamese letters were lost when the file was saved (they are “?” or “\ufffd” now)${en}: save it again from the original.`,
    );
  }
  if (isDoubleEncoded(text)) {
    return unreadable(
      'Tệp UTF-8 đã bị mở bằng bảng mã khác rồi lưu lại (kiểu “Bá»™”): hãy lưu lại từ bản gốc.',
      'This UTF-8 file was opened in another encoding and saved again (as in “Bá»™”): save it again from the original.',
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const controls = text.match(/[\u0000-\u0008\u000e-\u001f\u007f]/g)?.length ?? 0;
  if (controls * 200 > text.length)
    return unreadable('Tệp nhị phân, không phải văn bản.', 'This is a binary file, not text.');
  if (/^\s*<(!doctype|html|table|\?xml|\?mso)/i.test(text)) {
    return unreadable('Đây là trang HTML hoặc XML, không phải CSV.', 'This is an HTML or XML page, not CSV.');
  }
  return null;
}

/** Bytes to text, or what to do about a file that is none. */
export function decodeBytes(bytes: Uint8Array, limits: { readonly maxBytes: number }): Decoded | Refusal {
  if (bytes.length > limits.maxBytes) {
    return refuse('payload_too_large', {
      vi: `Tệp có ${bytes.length} byte, tối đa là ${limits.maxBytes}. Hãy chia tệp.`,
      en: `The file has ${bytes.length} bytes, the limit is ${limits.maxBytes}. Split it.`,
    });
  }
  const foreign = FOREIGN.find((kind) => startsWith(bytes, kind.magic));
  if (foreign !== undefined) {
    return unreadable(
      `Đây là ${foreign.name.vi}, không phải CSV hay Excel (.xlsx).`,
      `This is ${foreign.name.en}, neither CSV nor Excel (.xlsx).`,
    );
  }
  const decoded = decodeAny(bytes);
  if (isRefusal(decoded)) return decoded;
  const refusal = spoilt(decoded.text);
  if (refusal !== null) return refusal;
  const text = nfc(decoded.text.replace(/^\ufeff/, ''))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: stray controls would hide in names
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f]/g, '')
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n');
  if (text.trim() === '') {
    return unreadable('Tệp rỗng.', 'The file is empty.');
  }
  return { text, encoding: decoded.encoding };
}
