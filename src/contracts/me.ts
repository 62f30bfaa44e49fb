import { z } from 'zod';
import { Id, InstantText, RoleName, UnitRef } from './common.js';

export const WorkingGroupRef = z
  .strictObject({ id: Id, code: z.string(), name: z.string(), nameEn: z.string().nullable() })
  .meta({ id: 'WorkingGroupRef' });

export const Grant = z
  .strictObject({
    id: Id.meta({ description: 'What the header Dondoc-Grant names' }),
    role: RoleName,
    workingGroup: WorkingGroupRef,
    unit: UnitRef.nullable(),
    validFrom: InstantText.nullable(),
    validTo: InstantText.nullable(),
  })
  .meta({ id: 'Grant' });

export const Me = z
  .strictObject({
    person: z.strictObject({
      id: Id,
      name: z.string(),
      email: z.string().nullable(),
      locale: z.enum(['vi', 'en']),
    }),
    grants: z.array(Grant),
    /** The grant under which this request acts; null where several are held and none was named. */
    acting: Grant.nullable(),
  })
  .meta({ id: 'Me' });
