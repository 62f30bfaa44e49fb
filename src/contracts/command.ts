import { z } from 'zod';
import type { ObstacleCause } from '../domain/assignment/state.js';
import { Id, LocalDate, ShortText } from './common.js';

/** A deadline as a person types it; what is not understood is refused, never guessed. */
export const DeadlinePhrase = z.string().trim().min(1).max(500).meta({
  description: 'As typed: before 20/6, trong 5 ngày làm việc, in Q2/2026 …',
  example: 'trước 20/6/2026',
});

/** Evidence: ids of files, links, or a sentence that says where it lies. */
export const Evidence = z.array(ShortText).max(50);

const CAUSES = [
  'legal_basis',
  'funding',
  'technical',
  'coordination',
  'data',
  'personnel',
  'force_majeure',
  'other',
] as const satisfies readonly ObstacleCause[];
export const CauseName = z.enum(CAUSES);

/** An instant with its offset, as milliseconds. */
const InstantInput = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .meta({ description: 'ISO 8601 with its offset: 2026-01-31T17:00:00+07:00' });

/** The numbered document that an act rests on; with its arrival where it is recorded for a unit. */
export const Document = z
  .strictObject({
    number: ShortText.max(100),
    date: LocalDate,
    signer: ShortText.optional(),
    arrivedAt: InstantInput.optional(),
  })
  .meta({ id: 'Document' });

export type DocumentInput = z.output<typeof Document>;

/** Ids of uploaded files that an act brings with it. */
const FileIds = z.array(Id).max(50).meta({ description: 'Ids of files, as POST /v1/files gave them' });

/** The body of a command on a directive: its own fields, and the document it rests on. */
export const directiveBody = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject({ ...shape, document: Document.optional() });

/** The body of an act on an assignment, a matter or a case: it may bring files as well. */
export const commandBody = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject({ ...shape, document: Document.optional(), files: FileIds.optional() });
