import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { ImportPreview } from '../domain/import.js';
import { startsWith } from './decode.js';
import { applyPreview, type ImportContext, previewImport } from './preview.js';
import { type IntakeOptions, WorkbookIntake } from './workbook/intake.js';
import { previewBook } from './workbook/preview.js';
import { unreadable } from './workbook/refusals.js';

/** What is kept of a plan: text as it came, of a workbook its cells. */
export interface KeptPlan {
  readonly fileName: string;
  readonly form: 'text' | 'workbook';
  readonly bytes: Uint8Array;
}

type Limits = ImportContext['limits'];

const ZIP = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
const OLE = [0xd0, 0xcf, 0x11, 0xe0];
/** The stream in which Office keeps a workbook that a password protects. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

/** Reads plans from CSV, JSON and workbooks; what a file is, its bytes say and not its name. */
export function planReader(limits: Limits, options: IntakeOptions = {}) {
  const intake = new WorkbookIntake(options);
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
      const book = await intake.read(bytes);
      return isRefusal(book) ? book : { fileName, form: 'workbook', bytes: book };
    },
    /** Pure: the same plan with more answers gives the same preview, further on. */
    preview(plan: KeptPlan, context: ImportContext): ImportPreview | Refusal {
      return plan.form === 'workbook'
        ? previewBook(plan.bytes, context)
        : previewImport(plan.bytes, plan.fileName, context);
    },
  };
}

function tooLarge(length: number, most: number): Refusal {
  return refuse('payload_too_large', {
    vi: `Tệp có ${length} byte, tối đa là ${most}. Hãy chia tệp.`,
    en: `The file has ${length} bytes, the limit is ${most}. Split it.`,
  });
}
