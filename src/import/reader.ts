import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { ImportPreview } from '../domain/import.js';
import { startsWith } from './decode.js';
import { type KeptPlan, type PlanContext, previewPlan } from './plan.js';
import { applyPreview, type ImportContext } from './preview.js';
import { ReadingThreads, type ThreadOptions } from './threads.js';
import { unreadable } from './workbook/refusals.js';

type Limits = ImportContext['limits'];

const ZIP = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
/** A plan of this size is read sooner than a thread for it has started. */
const AT_ONCE_BYTES = 32 * 1024;
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
/** The stream in which Office keeps a workbook that a password protects. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Reads plans from CSV, JSON and workbooks; what a file is, its bytes say and not its name. */
export function planReader(limits: Limits, options: ThreadOptions = {}) {
  const threads = new ReadingThreads(options);
  return {
    limits,
    apply: applyPreview,
    /** What is to be kept of a file that came in; reading a workbook takes a thread and a moment. */
    async take(file: { readonly fileName: string; readonly bytes: Uint8Array }): Promise<KeptPlan | Refusal> {
      const { fileName, bytes } = file;
      if (bytes.length > limits.maxBytes) return tooLarge(bytes.length, limits.maxBytes);
      if (startsWith(bytes, OLE)) {
        return unreadable(Buffer.from(bytes).includes(ENCRYPTED) ? 'encrypted' : 'old_format');
      }
      if (!ZIP.some((magic) => startsWith(bytes, magic))) return { fileName, form: 'text', bytes };
      const book = await threads.unpack(bytes);
      return isRefusal(book) ? book : { fileName, form: 'workbook', bytes: book };
    },
    /** Where a plan is large it is read in a thread of its own, so that nobody waits for it. */
    async preview(plan: KeptPlan, context: PlanContext): Promise<ImportPreview | Refusal> {
      return plan.bytes.length > AT_ONCE_BYTES
        ? await threads.preview(plan, context)
        : previewPlan(plan, context);
    },
  };
}

function tooLarge(length: number, most: number): Refusal {
  return refuse('payload_too_large', {
    vi: `Tệp có ${length} byte, tối đa là ${most}. Hãy chia tệp.`,
    en: `The file has ${length} bytes, the limit is ${most}. Split it.`,
  });
}
