import { z } from 'zod';
import { ROLES } from '../domain/actor.js';

/** Shapes that many requests and resources share. Instants go out as ISO 8601 in UTC, dates as local dates. */

/** In lower case, as the record has it: one unit is one unit, however it is written. */
export const Id = z.uuid().toLowerCase().meta({ description: 'UUID' });
export const IdParams = z.strictObject({ id: Id });
export const NoQuery = z.strictObject({});

/** An instant of a resource, from milliseconds: `2026-01-31T17:00:00.000Z`. */
export const InstantText = z.iso.datetime().meta({ description: 'Instant in UTC' });
export const LocalDate = z.iso.date().meta({ description: 'Local date, YYYY-MM-DD' });
export const RoleName = z.enum(ROLES);

/** Text that a person typed: not empty, not endless. */
export const Text = z.string().trim().min(1).max(20_000);
export const ShortText = z.string().trim().min(1).max(1_000);

/**
 * A field that may be left out, and is there where it is written. As `schema.exactOptional()`, which the generator of
 * the OpenAPI document takes for a field that must be there.
 */
export function leftOut<S extends z.ZodType>(schema: S): z.ZodExactOptional<S>;
export function leftOut(schema: z.ZodType): z.ZodType {
  return schema.optional();
}

export const UnitRef = z
  .strictObject({ id: Id, code: z.string(), name: z.string(), nameEn: z.string().nullable() })
  .meta({ id: 'UnitRef' });

/** ISO 8601 text of an instant. */
export const instantText = (at: number): string => new Date(at).toISOString();
export const instantTextOrNull = (at: number | null): string | null =>
  at === null || !Number.isFinite(at) ? null : instantText(at);
