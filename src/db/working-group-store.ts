import { z } from 'zod';
import type { Queryable } from './pool.js';
import { maybeOne, one } from './query.js';

const settingsRow = z.object({
  name: z.string(),
  nameEn: z.string().nullable(),
  standingAgencyId: z.string(),
  homeAffairsId: z.string(),
  supervisorUnitId: z.string().nullable(),
  calendarId: z.string(),
  policyId: z.string(),
  row_version: z.number(),
});

/** What an administrator says of a Working Group. */
export type WorkingGroupSettings = Omit<z.infer<typeof settingsRow>, 'row_version'>;

export async function lockWorkingGroup(
  db: Queryable,
  id: string,
): Promise<z.infer<typeof settingsRow> | null> {
  return maybeOne(
    db,
    settingsRow,
    `select name, name_en as "nameEn", standing_agency_id as "standingAgencyId", home_affairs_id as "homeAffairsId",
            supervisor_unit_id as "supervisorUnitId", calendar_id as "calendarId", policy_id as "policyId", row_version
       from working_group where id = $1 for update`,
    [id],
  );
}

/** @throws the foreign key's violation where a unit is not there; calendar and policy are asked for by the caller. */
export async function updateWorkingGroup(
  db: Queryable,
  id: string,
  settings: WorkingGroupSettings,
): Promise<number> {
  const row = await one(
    db,
    z.object({ row_version: z.number() }),
    `update working_group set name = $2, name_en = $3, standing_agency_id = $4, home_affairs_id = $5, supervisor_unit_id = $6,
            calendar_id = $7, policy_id = $8, row_version = row_version + 1
      where id = $1 returning row_version`,
    [
      id,
      settings.name,
      settings.nameEn,
      settings.standingAgencyId,
      settings.homeAffairsId,
      settings.supervisorUnitId,
      settings.calendarId,
      settings.policyId,
    ],
  );
  return row.row_version;
}

/** Whether anything has been issued or asked for under the Working Group. */
export async function hasBegun(db: Queryable, id: string): Promise<boolean> {
  const row = await one(
    db,
    z.object({ begun: z.boolean() }),
    `select exists (select from directive where working_group_id = $1 and state not in ('draft', 'awaiting_approval'))
         or exists (select from reporting_regime where working_group_id = $1) as begun`,
    [id],
  );
  return row.begun;
}

const foundRow = z.object({ calendar: z.boolean(), policy: z.boolean() });

/** Whether there are a calendar and a policy of these ids. */
export async function findCalendarAndPolicy(
  db: Queryable,
  calendarId: string,
  policyId: string,
): Promise<z.infer<typeof foundRow>> {
  return one(
    db,
    foundRow,
    `select exists (select from calendar where id = $1) as calendar, exists (select from policy where id = $2) as policy`,
    [calendarId, policyId],
  );
}
