import { type Refusal, refuse } from '../domain/errors.js';

export interface Decoded {
  /** NFC, without a byte-order mark. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1258' | 'windows-1252';
}

/** Bytes to text, or what to do about a file that is none. */
export function decodeBytes(_bytes: Uint8Array, _limits: { maxBytes: number }): Decoded | Refusal {
  return refuse('import_unreadable', { vi: 'Chưa viết', en: 'Not yet written' });
}
