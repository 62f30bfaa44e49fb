import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { openPromise } from 'yauzl';
import { type Refusal, refuse } from '../domain/errors.js';

/** What evidence may be. A type is known by the file's bytes; its name only has to agree. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/zip': ['zip'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/tiff': ['tif', 'tiff'],
  'image/webp': ['webp'],
  'image/heic': ['heic', 'heif'],
  'video/mp4': ['mp4', 'm4v', 'mov'],
  'audio/mpeg': ['mp3'],
  'text/plain': ['txt'],
  'text/csv': ['csv'],
};

const HEAD_BYTES = 4096;
/** A package of more parts is no document that anybody wrote. */
const MOST_PARTS = 20_000;

/** What the file is, by its bytes; refused where it is nothing we take, or not what its name says. */
export async function judge(
  file: { readonly path: string; readonly size: number },
  name: string,
): Promise<{ readonly mediaType: string } | Refusal> {
  if (file.size === 0) return refusal('empty', 'tệp rỗng', 'an empty file');
  const extension = /\.([^.]+)$/.exec(name.trim())?.[1]?.toLowerCase() ?? '';
  const head = await headOf(file.path);
  const found = startsWith(head, 'PK\x03\x04') ? await packageType(file.path) : typeOf(head, extension);
  if (found === null) return refusal('unknown', 'không rõ loại', 'of no known type');
  if (found === 'macros') return refusal('macros', 'có macro', 'a document with macros');
  if (EXTENSIONS[found]?.includes(extension) === true) return { mediaType: found };
  return refusal(found, `${found}, không phải «.${extension}»`, `${found}, not ".${extension}"`);
}

function refusal(found: string, vi: string, en: string): Refusal {
  const taken = [...new Set(Object.values(EXTENSIONS).flat())].join(', ');
  return refuse(
    'file_type_refused',
    {
      vi: `Không nhận tệp này: ${vi}. Nhận: ${taken}; đuôi tệp phải đúng với nội dung.`,
      en: `This file is not taken: it is ${en}. Taken are ${taken}; the name must agree with the content.`,
    },
    { extra: { found } },
  );
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const startsWith = (head: Buffer, magic: string, at = 0): boolean =>
  head.subarray(at, at + magic.length).equals(Buffer.from(magic, 'latin1'));

const MAGIC: readonly { readonly magic: string; readonly at?: number; readonly type: string }[] = [
  { magic: '%PDF-', type: 'application/pdf' },
  { magic: '\x89PNG\r\n\x1a\n', type: 'image/png' },
  { magic: '\xff\xd8\xff', type: 'image/jpeg' },
  { magic: 'II*\0', type: 'image/tiff' },
  { magic: 'MM\0*', type: 'image/tiff' },
  { magic: 'WEBP', at: 8, type: 'image/webp' },
  { magic: 'ID3', type: 'audio/mpeg' },
  { magic: 'ftyphei', at: 4, type: 'image/heic' },
  { magic: 'ftypmif', at: 4, type: 'image/heic' },
  { magic: 'ftyp', at: 4, type: 'video/mp4' },
];

/** The old Office formats share one container, so the name chooses among them. */
const OLD_OFFICE: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
};

function typeOf(head: Buffer, extension: string): string | null {
  const known = MAGIC.find(({ magic, at }) => startsWith(head, magic, at));
  if (known !== undefined) return known.type;
  if (startsWith(head, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return OLD_OFFICE[extension] ?? null;
  if (!isText(head)) return null;
  return extension === 'csv' ? 'text/csv' : 'text/plain';
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const CONTROL = /[\u0000-\u0008\u000e-\u001f]/;

/** Text without markup that a browser could take for a page. A character cut by the end of the head is no fault. */
function isText(head: Buffer): boolean {
  const whole = [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));
  if (!whole) return false;
  const text = head.toString('utf8');
  return !CONTROL.test(text) && !/^\s*\ufeff?\s*<(!doctype|html|svg|\?xml|script)/i.test(text);
}

/** What a zip package is, by the names in its central directory; nothing is unpacked. */
async function packageType(path: string): Promise<string | null> {
  const names = new Set<string>();
  try {
    const zip = await openPromise(path, { lazyEntries: true });
    try {
      if (zip.entryCount > MOST_PARTS) return null;
      for await (const entry of zip.eachEntry()) names.add(entry.fileName);
    } finally {
      zip.close();
    }
  } catch {
    return null;
  }
  const has = (prefix: string): boolean => [...names].some((name) => name.startsWith(prefix));
  if ([...names].some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) return 'macros';
  const office = 'application/vnd.openxmlformats-officedocument';
  if (names.has('[Content_Types].xml')) {
    if (has('word/')) return `${office}.wordprocessingml.document`;
    if (has('xl/')) return `${office}.spreadsheetml.sheet`;
    if (has('ppt/')) return `${office}.presentationml.presentation`;
    return null;
  }
  return names.has('mimetype') ? await openDocumentType(path) : 'application/zip';
}

/** OpenDocument says what it is in its first part, unpacked, right behind that part's name. */
async function openDocumentType(path: string): Promise<string | null> {
  const text = (await headOf(path)).toString('latin1');
  return (
    /application\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)(?!-)/.exec(text)?.[0] ?? null
  );
}
