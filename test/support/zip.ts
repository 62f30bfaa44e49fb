import { crc32, deflateRawSync } from 'node:zlib';

/** A file inside an archive, and what the archive is to say of it where that is not the truth. */
export interface ZipPart {
  readonly name: string;
  readonly data: string | Buffer;
  /** The unpacked size that the directory claims. */
  readonly claimed?: number;
  readonly encrypted?: boolean;
}

const header = (signature: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(signature, 0);
  return bytes;
};

/** A zip archive, made by hand: so that a test can have it lie, which no library lets it. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data);
    const packed = deflateRawSync(data, { level: 1 });
    const name = Buffer.from(part.name);
    const local = header(0x04034b50, 30);
    const entry = header(0x02014b50, 46);
    for (const [bytes, at] of [
      [local, 4],
      [entry, 6],
    ] as const) {
      bytes.writeUInt16LE(20, at);
      bytes.writeUInt16LE((part.encrypted === true ? 1 : 0) | 0x0800, at + 2);
      bytes.writeUInt16LE(8, at + 4);
      bytes.writeUInt32LE(crc32(data), at + 10);
      bytes.writeUInt32LE(packed.length, at + 14);
      bytes.writeUInt32LE(part.claimed ?? data.length, at + 18);
      bytes.writeUInt16LE(name.length, at + 22);
    }
    entry.writeUInt32LE(offset, 42);
    bodies.push(local, name, packed);
    directory.push(entry, name);
    offset += local.length + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = header(0x06054b50, 22);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listed, end]);
}
