import { createHash } from 'node:crypto';
import type { Refusal } from '../domain/errors.js';
import type { ImportPreview } from '../domain/import.js';
import { type ImportContext, previewImport } from './preview.js';
import { previewBook } from './workbook/preview.js';

/** What is kept of a plan: text as it came, of a workbook its cells. */
export interface KeptPlan {
  readonly fileName: string;
  readonly form: 'text' | 'workbook';
  readonly bytes: Uint8Array;
}

/** What a preview depends on beside the plan, as data that can go to a thread. */
export interface PlanContext extends Omit<ImportContext, 'newId'> {
  readonly importId: string;
}

/** Pure: the same plan with more answers gives the same preview, further on. */
export function previewPlan(plan: KeptPlan, { importId, ...rest }: PlanContext): ImportPreview | Refusal {
  const context: ImportContext = { ...rest, newId: (line) => lineId(importId, line) };
  return plan.form === 'workbook'
    ? previewBook(plan.bytes, context)
    : previewImport(plan.bytes, plan.fileName, context);
}

/**
 * The id of the task in a line: made from the import's id, so that it is the same each time the file is read
 * and nothing needs to be kept. A UUIDv7 with the import's own time.
 */
function lineId(importId: string, line: number): string {
  const bytes = createHash('sha256').update(`${importId} ${line}`).digest().subarray(0, 16);
  Buffer.from(importId.replaceAll('-', ''), 'hex').copy(bytes, 0, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
