import { TextDecoder } from 'node:util';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { WorkbookLimits } from './limits.js';
import { tooLarge, Unfit, unreadable } from './refusals.js';

/** Takes a part as it is unpacked; `false` ends it there. */
export type Sink = (text: string) => boolean;

/**
 * The zip archive that a workbook is. Its directory is read first and refused by what it says; parts are unpacked
 * one by one, as a stream, and every byte is counted as it comes, whatever the directory said.
 */
export class Archive {
  private readonly zip: ZipFile;
  private readonly limits: WorkbookLimits;
  private readonly entries: ReadonlyMap<string, Entry>;
  private unpacked = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: WorkbookLimits) {
    this.zip = zip;
    this.entries = entries;
    this.limits = limits;
  }

  /** @throws {Unfit} where the directory is damaged, too long, says too much, or parts are encrypted */
  static async open(bytes: Uint8Array, limits: WorkbookLimits): Promise<Archive> {
    const entries = new Map<string, Entry>();
    try {
      const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (zip.entryCount > limits.parts) throw new Unfit(tooLarge('parts'));
      let declared = 0;
      for await (const entry of zip.eachEntry()) {
        if (entry.isEncrypted()) throw new Unfit(unreadable('encrypted'));
        declared += entry.uncompressedSize;
        const key = partKey(entry.fileName);
        // Two parts of one name are read differently by different programs: what was looked at is not what comes in.
        if (entries.has(key)) throw new Unfit(unreadable('damaged'));
        entries.set(key, entry);
      }
      if (declared > limits.declaredBytes) throw new Unfit(tooLarge('unpacked'));
      return new Archive(zip, entries, limits);
    } catch (error) {
      throw asUnfit(error);
    }
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(partKey(name));
  }

  /**
   * Before any of them is unpacked: the parts that are to be read, by what the directory says of them.
   *
   * @throws {Unfit} where together they say they are too long
   */
  refuseTooLong(names: readonly string[]): void {
    const { headBytes, partBytes, totalBytes } = this.limits;
    const declared = names.map((name) => this.entries.get(partKey(name))?.uncompressedSize ?? 0);
    const read = declared.map((size) => (size > partBytes ? headBytes : size));
    if (read.reduce((sum, size) => sum + size, 0) > totalBytes) throw new Unfit(tooLarge('unpacked'));
  }

  /**
   * @returns `false` where the part is longer than one may be: what came before has been taken
   * @throws {Unfit} where it is not there, damaged, or all parts together are too long
   */
  async read(name: string, sink: Sink): Promise<boolean> {
    const entry = this.entries.get(partKey(name));
    if (entry === undefined) throw new Unfit(unreadable('damaged'));
    const { headBytes, partBytes, totalBytes } = this.limits;
    const most = entry.uncompressedSize > partBytes ? headBytes : partBytes;
    let length = 0;
    let decoder: TextDecoder | null = null;
    try {
      const stream: AsyncIterable<Buffer> = await this.zip.openReadStreamPromise(entry);
      for await (const chunk of stream) {
        length += chunk.length;
        this.unpacked += chunk.length;
        if (this.unpacked > totalBytes) throw new Unfit(tooLarge('unpacked'));
        if (length > most) return false;
        decoder ??= decoderFor(chunk);
        if (!sink(decoder.decode(chunk, { stream: true }))) return true;
      }
      sink(decoder?.decode() ?? '');
      return true;
    } catch (error) {
      throw asUnfit(error);
    }
  }
}

/** Names of parts are compared without case, and without the slash that absolute ones begin with. */
export const partKey = (name: string): string => name.replace(/^\/+/, '').toLowerCase();

/** XML is UTF-8 or, with its mark, UTF-16; nothing else is written by spreadsheets. */
function decoderFor(first: Buffer): TextDecoder {
  const encoding =
    first[0] === 0xff && first[1] === 0xfe
      ? 'utf-16le'
      : first[0] === 0xfe && first[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

/** Whatever the unpacker or the parser says of a file is the file's fault. */
function asUnfit(error: unknown): Unfit {
  return error instanceof Unfit ? error : new Unfit(unreadable('damaged'));
}
