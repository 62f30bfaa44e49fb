import { z } from 'zod';
import type { Calendar } from '../domain/calendar.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import type { FrozenDirective } from '../domain/directive/freeze.js';
import type { Directive } from '../domain/directive/state.js';
import { completePolicy, type DirectivePolicy } from '../domain/policy.js';
import { type Queryable, timestampOrNull } from './pool.js';
import { boundlessInstant, exec, many, maybeOne } from './query.js';
import { document, policyDocument } from './read/rows.js';

const directiveRow = z.object({
  body: document<Directive>(),
  content: document<DirectiveContent>(),
  head_hash: z.instanceof(Buffer).nullable(),
  row_version: z.number(),
  armed_at: boundlessInstant,
  unit_id: z.string(),
  calendar_id: z.string(),
  calendar_version: z.number(),
  carried_until: z.number().nullable(),
});

export interface StoredDirective {
  readonly state: Directive;
  readonly content: DirectiveContent;
  readonly headHash: Buffer | null;
  readonly rowVersion: number;
  readonly armedAt: number;
  readonly standingAgencyId: string;
  readonly calendarId: string;
  readonly calendarVersion: number;
  /** Until when the superior assignment that it carries on has to be done. */
  readonly carriedUntil: number | null;
}

/** Asked of no directive that carries nothing on. */
const CARRIED_UNTIL =
  'case when parent_assignment_id is not null then carried_until(parent_assignment_id) end as carried_until';
const SELECT_DIRECTIVE = `select body, content, head_hash, row_version, armed_at, unit_id, calendar_id, calendar_version, ${CARRIED_UNTIL}
  from directive`;

/** Reads a directive; whoever changes it holds its exclusive advisory lock. */
export async function loadDirective(db: Queryable, id: string): Promise<StoredDirective | null> {
  const row = await maybeOne(
    db,
    directiveRow,
    { name: 'load_directive', text: `${SELECT_DIRECTIVE} where id = $1` },
    [id],
  );
  if (row === null) return null;
  return {
    state: row.body,
    content: row.content,
    headHash: row.head_hash,
    rowVersion: row.row_version,
    armedAt: row.armed_at,
    standingAgencyId: row.unit_id,
    calendarId: row.calendar_id,
    calendarVersion: row.calendar_version,
    carriedUntil: row.carried_until,
  };
}

const factsRow = z.object({
  id: z.string(),
  working_group_id: z.string(),
  state: z.enum(['draft', 'awaiting_approval', 'issued', 'closed', 'withdrawn']),
  frozen_version: z.number(),
  armed_at: boundlessInstant,
  calendar_id: z.string(),
  calendar_version: z.number(),
  carried_until: z.number().nullable(),
});
export interface DirectiveHead {
  readonly id: string;
  readonly workingGroupId: string;
  readonly state: z.infer<typeof factsRow>['state'];
  readonly frozenVersion: number;
  readonly armedAt: number;
  readonly calendarId: string;
  readonly calendarVersion: number;
  readonly carriedUntil: number | null;
}

/** What a command on an assignment needs of its directive; read after the directive's lock is held. */
export async function directiveHeads(
  db: Queryable,
  assignmentIds: readonly string[],
): Promise<DirectiveHead[]> {
  const rows = await many(
    db,
    factsRow,
    {
      name: 'directive_heads',
      text: `select id, working_group_id, state, frozen_version, armed_at, calendar_id, calendar_version, ${CARRIED_UNTIL} from directive
              where id in (select directive_id from assignment where id = any($1::uuid[]))`,
    },
    [assignmentIds],
  );
  return rows.map((row) => ({
    id: row.id,
    workingGroupId: row.working_group_id,
    state: row.state,
    frozenVersion: row.frozen_version,
    armedAt: row.armed_at,
    calendarId: row.calendar_id,
    calendarVersion: row.calendar_version,
    carriedUntil: row.carried_until,
  }));
}

export interface DirectiveWrite {
  readonly state: Directive;
  readonly content: DirectiveContent;
  readonly headHash: Buffer;
  readonly rowVersion: number;
  readonly standingAgencyId: string;
  readonly calendarId: string;
  readonly calendarVersion: number;
}

export async function saveDirective(db: Queryable, write: DirectiveWrite): Promise<void> {
  const { state, content } = write;
  await exec(
    db,
    {
      name: 'save_directive',
      text: `insert into directive (id, working_group_id, unit_id, state, number, title, document_date, row_version, content, frozen_version,
                                    planned, assigned, issued_at, ended_at, calendar_id, calendar_version, seq, head_hash, body, parent_assignment_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
             on conflict (id) do update set state = excluded.state, number = excluded.number, title = excluded.title,
               document_date = excluded.document_date, row_version = excluded.row_version, content = excluded.content,
               frozen_version = excluded.frozen_version, planned = excluded.planned, assigned = excluded.assigned,
               issued_at = excluded.issued_at, ended_at = excluded.ended_at, calendar_id = excluded.calendar_id,
               calendar_version = excluded.calendar_version, seq = excluded.seq, head_hash = excluded.head_hash, body = excluded.body, parent_assignment_id = excluded.parent_assignment_id`,
    },
    [
      state.id,
      state.workingGroupId,
      write.standingAgencyId,
      state.state,
      content.number,
      content.title,
      content.documentDate,
      write.rowVersion,
      JSON.stringify(content),
      state.frozenVersion,
      state.planned,
      state.assigned,
      timestampOrNull(state.issuedAt),
      timestampOrNull(state.endedAt),
      write.calendarId,
      write.calendarVersion,
      state.seq,
      write.headHash,
      JSON.stringify(state),
      content.parentAssignmentId ?? null,
    ],
  );
}

/** The folded state alone: what conducting changes, without writing the content again. */
export async function saveDirectiveState(db: Queryable, state: Directive, headHash: Buffer): Promise<void> {
  await exec(
    db,
    {
      name: 'save_directive_state',
      text: `update directive set state = $2, planned = $3, assigned = $4, ended_at = $5, seq = $6, head_hash = $7, body = $8,
                    row_version = row_version + 1 where id = $1`,
    },
    [
      state.id,
      state.state,
      state.planned,
      state.assigned,
      timestampOrNull(state.endedAt),
      state.seq,
      headHash,
      JSON.stringify(state),
    ],
  );
}

/** Its events stay; the last of them says that it was deleted. */
export async function deleteDraftRow(db: Queryable, id: string): Promise<void> {
  await exec(db, "delete from directive where id = $1 and state = 'draft'", [id]);
}

export async function insertVersion(db: Queryable, frozen: FrozenDirective): Promise<void> {
  await exec(
    db,
    `insert into directive_version (directive_id, version, working_group_id, unit_id, content, policy, calendar_id, calendar_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      frozen.directiveId,
      frozen.version,
      frozen.workingGroupId,
      frozen.standingAgencyId,
      JSON.stringify(frozen),
      JSON.stringify(frozen.policy),
      frozen.calendar.id,
      frozen.calendar.version,
    ],
  );
}

const frozenDocument = document<FrozenDirective>().transform((frozen) => ({
  ...frozen,
  policy: completePolicy(frozen.policy),
}));

export async function loadVersion(
  db: Queryable,
  directiveId: string,
  version: number,
): Promise<FrozenDirective | null> {
  const row = await maybeOne(
    db,
    z.object({ content: frozenDocument }),
    {
      name: 'load_version',
      text: 'select content from directive_version where directive_id = $1 and version = $2',
    },
    [directiveId, version],
  );
  return row?.content ?? null;
}

/**
 * The tasks of the version in force. A row that has left the directive is unclear no more; where nothing of it
 * was ever assigned it leaves the projection (the versions keep it), else its assignments still show its title.
 */
export async function saveTasks(db: Queryable, frozen: FrozenDirective): Promise<void> {
  await insertTasks(db, frozen);
  const gone = [frozen.directiveId, frozen.tasks.map(({ task }) => task.id)];
  const where = 't.directive_id = $1 and t.id <> all ($2::uuid[])';
  await exec(
    db,
    `delete from task t where ${where} and not exists (select from assignment a where a.task_id = t.id)`,
    gone,
  );
  await exec(db, `update task t set unclear = '{}' where ${where} and cardinality(t.unclear) > 0`, gone);
}

/** The policy of an issued directive's version in force. */
export async function frozenPolicy(db: Queryable, directiveId: string): Promise<DirectivePolicy | null> {
  const row = await maybeOne(
    db,
    z.object({ policy: policyDocument }),
    `select v.policy from directive d join directive_version v on v.directive_id = d.id and v.version = d.frozen_version
      where d.id = $1`,
    [directiveId],
  );
  return row?.policy ?? null;
}

export async function insertTasks(db: Queryable, frozen: FrozenDirective): Promise<void> {
  const column = <T>(pick: (task: FrozenDirective['tasks'][number]) => T): T[] => frozen.tasks.map(pick);
  await exec(
    db,
    `insert into task (id, directive_id, working_group_id, unit_id, ordinal, code, title, nature, recurrence, kind, unclear,
                       deadline_phrase, deadline_at, body)
     select n.id, $1, $2, n.unit, n.ordinal, n.code, n.title, n.nature, n.recurrence, n.kind,
            array(select jsonb_array_elements_text(n.unclear)), n.phrase, n.at, n.body
       from unnest($3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::jsonb[],
                   $12::text[], $13::timestamptz[], $14::jsonb[])
            as n(id, unit, ordinal, code, title, nature, recurrence, kind, unclear, phrase, at, body)
     on conflict (id) do update set unclear = excluded.unclear, deadline_phrase = excluded.deadline_phrase,
       deadline_at = excluded.deadline_at, title = excluded.title, body = excluded.body`,
    [
      frozen.directiveId,
      frozen.workingGroupId,
      column((t) => t.task.id),
      column((t) => (t.leads.length === 1 ? (t.leads[0] ?? null) : null)),
      column((t) => t.ordinal),
      column((t) => t.task.code),
      column((t) => t.task.title),
      column((t) => t.task.nature),
      column((t) => (t.deadlineAt === null ? 'regular' : t.task.recurrence)),
      column((t) => t.task.kind),
      column((t) => JSON.stringify(t.unclear)),
      column((t) => t.task.deadline.phrase),
      column((t) => timestampOrNull(t.deadlineAt)),
      column((t) => JSON.stringify(t)),
    ],
  );
}

export async function loadCalendar(
  db: Queryable,
  id: string,
  version: number | 'latest',
): Promise<Calendar | null> {
  const row = await maybeOne(
    db,
    z.object({ body: document<Calendar>(), version: z.number() }),
    'select body, version from calendar where id = $1 and ($2::int is null or version = $2) order by version desc limit 1',
    [id, version === 'latest' ? null : version],
  );
  return row === null ? null : { ...row.body, id, version: row.version };
}

const groupRow = z.object({
  id: z.string(),
  standing_agency_id: z.string(),
  home_affairs_id: z.string(),
  calendar_id: z.string(),
  policy_id: z.string(),
});
export interface WorkingGroupRow {
  readonly id: string;
  readonly standingAgencyId: string;
  readonly homeAffairsId: string;
  readonly calendarId: string;
  readonly policyId: string;
}

export async function loadWorkingGroup(db: Queryable, id: string): Promise<WorkingGroupRow | null> {
  const row = await maybeOne(
    db,
    groupRow,
    'select id, standing_agency_id, home_affairs_id, calendar_id, policy_id from working_group where id = $1',
    [id],
  );
  if (row === null) return null;
  return {
    id: row.id,
    standingAgencyId: row.standing_agency_id,
    homeAffairsId: row.home_affairs_id,
    calendarId: row.calendar_id,
    policyId: row.policy_id,
  };
}

export async function loadPolicy(db: Queryable, id: string): Promise<DirectivePolicy | null> {
  const row = await maybeOne(
    db,
    z.object({ body: policyDocument, version: z.number() }),
    'select body, version from policy where id = $1 order by version desc limit 1',
    [id],
  );
  return row === null ? null : { ...row.body, id, version: row.version };
}

/** Units that are valid on a local date, and the roster of every group, in the order of their codes. */
export async function unitsOn(db: Queryable, date: string): Promise<{ id: string; groupCode: string }[]> {
  const rows = await many(
    db,
    z.object({ id: z.string(), group_code: z.string() }),
    'select id, group_code from unit where valid_from <= $1::date and (valid_to is null or valid_to > $1::date) order by code',
    [date],
  );
  return rows.map((row) => ({ id: row.id, groupCode: row.group_code }));
}
