import { z } from 'zod';
import type { Referral } from '../../domain/referral/state.js';
import type { Queryable } from '../pool.js';
import { many } from '../query.js';
import { document, unitJson, unitRef, unitsJson } from './rows.js';

const referralRow = z.object({
  now: z.number(),
  body: document<Referral>(),
  unit: unitRef,
  task_code: z.string().nullable(),
  task_title: z.string().nullable(),
  task_title_en: z.string().nullable(),
  task_kind: z.enum(['task', 'model', 'goal']).nullable(),
  task_nature: z.enum(['specific', 'general']).nullable(),
  task_ordinal: z.number().nullable(),
  directive_number: z.string().nullable(),
  directive_title: z.string().nullable(),
  directive_date: z.string().nullable(),
  regime_name: z.string().nullable(),
  regime_name_en: z.string().nullable(),
  standing_agency_id: z.string(),
  home_affairs_id: z.string(),
  head_id: z.string().nullable(),
  answering: z.array(unitRef),
});
export type ReferralRow = z.infer<typeof referralRow>;

export interface ReferralFilter {
  readonly id: string | null;
  readonly directiveId: string | null;
  readonly assignmentId: string | null;
  readonly unitId: string | null;
  readonly states: readonly string[] | null;
}

/** Cases the caller may read, the newest first. */
export async function listReferrals(
  db: Queryable,
  filter: ReferralFilter,
  afterId: string | null,
  limit: number,
): Promise<ReferralRow[]> {
  return many(
    db,
    referralRow,
    `with page as materialized (
       select r.* from referral r
        where ($1::uuid is null or r.id = $1) and ($2::uuid is null or r.directive_id = $2)
          and ($3::uuid is null or r.assignment_id = $3) and ($4::uuid is null or r.unit_id = $4)
          and ($5::text[] is null or r.state = any ($5)) and ($6::uuid is null or r.id < $6)
        order by r.id desc limit $7)
     select app_now() as now, r.body, r.head_id, ${unitJson('u')} as unit,
            ${unitsJson('answering_units(r.unit_id, r.assignment_id)')} as answering, l.task_code, l.task_title, l.task_title_en, l.task_kind,
            l.task_nature, l.task_ordinal, l.directive_number, l.directive_title, l.directive_date, l.regime_name, l.regime_name_en,
            g.standing_agency_id, g.home_affairs_id
       from page r join unit u on u.id = r.unit_id join working_group g on g.id = r.working_group_id
       join case_labels(array(select id from page)) l on l.referral_id = r.id
      order by r.id desc`,
    [filter.id, filter.directiveId, filter.assignmentId, filter.unitId, filter.states, afterId, limit],
  );
}
