import { describe, expect, test } from '@jest/globals';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import { type Decoded, decodeBytes } from '../../../src/import/decode.js';
import { fixture } from './support.js';

const LIMITS = { maxBytes: 1_000_000 };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function decoded(bytes: Uint8Array): Decoded {
  const result = decodeBytes(bytes, LIMITS);
  if (isRefusal(result)) throw new Error(result.detail.en);
  return result;
}

function refusal(bytes: Uint8Array, limits = LIMITS): Refusal {
  const result = decodeBytes(bytes, limits);
  if (!isRefusal(result)) throw new Error(`read as ${result.encoding}`);
  return result;
}

function utf16(text: string, little: boolean): Uint8Array {
  return Uint8Array.from(
    Array.from(text, (char) => char.charCodeAt(0)).flatMap((code) =>
      little ? [code & 255, code >> 8] : [code >> 8, code & 255],
    ),
  );
}

const TEXT = 'STT;Nhiệm vụ;Chủ trì\n1;Rà soát thủ tục;Công an tỉnh\n';

describe('encodings that are read', () => {
  test('UTF-8 with and without a byte-order mark is the same text', () => {
    expect(decoded(utf8(TEXT))).toEqual({ text: TEXT, encoding: 'utf-8' });
    expect(decoded(utf8(`\ufeff${TEXT}`))).toEqual({ text: TEXT, encoding: 'utf-8' });
  });

  test('UTF-16 of either order is read with a byte-order mark and without', () => {
    for (const little of [true, false]) {
      const encoding = little ? 'utf-16le' : 'utf-16be';
      expect(decoded(utf16(`\ufeff${TEXT}`, little))).toEqual({ text: TEXT, encoding });
      expect(decoded(utf16(TEXT, little))).toEqual({ text: TEXT, encoding });
    }
  });

  test('windows-1258 writes tones as marks of their own and comes out composed', () => {
    const read = decoded(fixture('import/other-province-1258.csv'));
    expect(read.encoding).toBe('windows-1258');
    expect(read.text).toContain('Rà soát, công bố danh mục thủ tục hành chính');
    expect(read.text).toBe(read.text.normalize('NFC'));
  });

  test('a Western file with a few accents is windows-1252', () => {
    const bytes = Uint8Array.from(
      Array.from('Task;Lead unit;Note\n1;Minist\xe8re de la Justice;caf\xe9\n', (c) => c.charCodeAt(0)),
    );
    expect(decoded(bytes)).toMatchObject({ encoding: 'windows-1252' });
    expect(decoded(bytes).text).toContain('Ministère');
  });

  test('decomposed Vietnamese is composed', () => {
    expect(decoded(utf8(TEXT.normalize('NFD'))).text).toBe(TEXT);
  });

  test('lines end the same way whatever the file ends them with', () => {
    expect(decoded(utf8('a,b\r\nc,d\re,f\n')).text).toBe('a,b\nc,d\ne,f\n');
  });
});

describe('files that are not text to be read', () => {
  test.each([
    ['an Excel file', [0x50, 0x4b, 3, 4, 20, 0], 'Excel'],
    ['an old Excel file', [0xd0, 0xcf, 0x11, 0xe0, 0xa1], 'Excel'],
    ['a PDF', [...utf8('%PDF-1.7')], 'PDF'],
    [
      'zero bytes in text',
      [...utf8('a,b\nc'), 0, 0, 0, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76],
      'binary',
    ],
    ['a web page called .xls', [...utf8('<html><table><tr><td>a</td></tr></table>')], 'HTML'],
    ['nothing', [], 'empty'],
    ['only blanks', [...utf8(' \n\n ')], 'empty'],
    ['half a character of UTF-16', [0xff, 0xfe, 65, 0, 66], 'UTF-16'],
  ])('%s is refused with what to do', (_name, bytes, word) => {
    const { code, detail } = refusal(Uint8Array.from(bytes));
    expect(code).toBe('import_unreadable');
    expect(detail.en).toContain(word);
    expect(detail.en).toContain('CSV UTF-8');
    expect(detail.vi).toContain('CSV UTF-8');
  });

  test('font encodings are named, also when they were saved as UTF-8', () => {
    for (const name of ['tcvn3.csv', 'tcvn3-saved-as-utf8.csv']) {
      expect(refusal(fixture(`import/${name}`)).extra).toEqual({ fontEncoding: 'TCVN3 (ABC)' });
    }
    expect(refusal(fixture('import/vni.csv')).extra).toEqual({ fontEncoding: 'VNI' });
  });

  test('a file of two encodings is refused with the line that is different', () => {
    const good = 'Nhiệm vụ;Chủ trì\nRà soát thủ tục hành chính;Sở Tư pháp\n';
    const bytes = Uint8Array.from([...utf8(good), 0x43, 0xf4, 0x6e, 0x67, 0x0a]);
    expect(refusal(bytes)).toMatchObject({ code: 'import_unreadable', extra: { line: 3 } });
  });

  test('letters lost on saving are told from letters that were never there', () => {
    expect(
      refusal(utf8('Nhi?m v?;C?ng an t?nh\nR? so?t th? t?c;S? T? ph?p\nB?o c?o k?t qu?;S? N?i v?\n')).detail
        .en,
    ).toContain('lost');
    expect(refusal(utf8('Nhiệm vụ;Chủ trì\nRà so\ufffdt;Sở\n')).detail.en).toContain('line 2');
  });

  test('UTF-8 that was saved again as UTF-8 is recognised', () => {
    const twice = [...utf8('Bộ Công an; Nhiệm vụ; Chủ trì; Thời hạn; Sản phẩm')].map((byte) =>
      new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    );
    expect(refusal(utf8(twice.join(''))).detail.en).toContain('saved again');
  });

  test('random bytes are garbage, not Western text', () => {
    let seed = 7;
    const bytes = Uint8Array.from({ length: 2_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (seed >> 8) % 255 || 1;
    });
    expect(refusal(bytes).code).toBe('import_unreadable');
  });

  test('a file over the limit is refused before it is looked at', () => {
    expect(refusal(utf8('a'.repeat(20)), { maxBytes: 10 })).toMatchObject({ code: 'payload_too_large' });
  });
});
