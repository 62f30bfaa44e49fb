import type { Readable } from 'node:stream';
import type { Refusal } from '../domain/errors.js';
import type { Engine } from './engine.js';

/** A file as it came, on disk, before anybody has judged it. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Takes files from the wire to disk as they come, never whole into memory. */
export interface FileIntake {
  receive(stream: Readable): Promise<ReceivedFile>;
  /** Removes what was received; kept contents have been copied. */
  discard(file: ReceivedFile): Promise<void>;
  /** What the file is, by its bytes; refused where it is nothing we take, or not what its name says. */
  judge(file: ReceivedFile, name: string): Promise<{ readonly mediaType: string } | Refusal>;
}

/** Where contents lie, each under a key that is used once. */
export interface FileStore {
  put(key: string, file: ReceivedFile): Promise<void>;
  /** Null where there is none. */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>;
}

export interface VirusScanner {
  /** The name of what was found, or null. @throws where nobody can tell */
  scan(file: ReceivedFile): Promise<string | null>;
}

export interface Files {
  readonly intake: FileIntake;
  readonly store: FileStore;
  /** Null where none is configured. */
  readonly scanner: VirusScanner | null;
}

const FILES = Symbol('files');

/** The engine together with a place for files: processes wire it, the use cases of files ask for it. */
export function withFiles<E extends Engine>(engine: E, files: Files): E {
  return { ...engine, [FILES]: files };
}

/** @throws where the process was wired without a place for files */
export function filesOf(engine: Engine): Files {
  if (hasFiles(engine)) return engine[FILES];
  throw new Error('This process was wired without a place for files');
}

function hasFiles(engine: Engine): engine is Engine & { readonly [FILES]: Files } {
  return FILES in engine;
}
