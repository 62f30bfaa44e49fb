import { z } from 'zod';
import { completePolicy, type StoredPolicy } from '../../domain/policy.js';

/**
 * JSON documents that only this program writes; their shapes are checked where they are made. The cast to
 * the domain's type happens here, at the edge where rows come in.
 */
export const document = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null);

/** A policy, or the one frozen into a directive, completed where it is older than some of its parts. */
export const policyDocument = document<StoredPolicy>().transform(completePolicy);

/** A unit as it is named inside other resources. */
export const unitRef = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  nameEn: z.string().nullable(),
});
export type UnitRefRow = z.infer<typeof unitRef>;

/** SQL for a unit as `unitRef`; `alias` names the joined row of `unit`. */
export const unitJson = (alias: string): string =>
  `jsonb_build_object('id', ${alias}.id, 'code', ${alias}.code, 'name', ${alias}.name, 'nameEn', ${alias}.name_en)`;

/** SQL for the units of an array of ids, in the array's order. */
export const unitsJson = (ids: string): string =>
  `coalesce((select jsonb_agg(${unitJson('cu')} order by x.place)
               from unnest(${ids}) with ordinality as x(id, place) join unit cu on cu.id = x.id), '[]'::jsonb)`;
