import { canonical } from '../../src/domain/canonical.js';
import { eventHash } from '../../src/engine/chain.js';
import { checkCounts } from '../../src/engine/count-check.js';
import { repairProjections } from '../../src/engine/repair.js';
import type { World } from './world.js';

interface StoredEvent {
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly working_group_id: string;
  readonly directive_id: string | null;
  readonly unit_id: string | null;
  readonly seq: number;
  readonly type: string;
  readonly data: unknown;
  readonly text: Record<string, string> | null;
  readonly text_hash: Buffer | null;
  readonly actor: Parameters<typeof eventHash>[1]['actor'];
  readonly document: Parameters<typeof eventHash>[1]['document'];
  readonly received: number;
  readonly happened: number;
  readonly recorded: number;
  readonly hash: Buffer;
}

const EVENTS = `select subject_kind, subject_id, working_group_id, directive_id, unit_id, seq, type, data, text, text_hash, actor, document, hash,
  (extract(epoch from received_at) * 1000)::bigint::float8 as received,
  (extract(epoch from happened_at) * 1000)::bigint::float8 as happened,
  (extract(epoch from recorded_at) * 1000)::bigint::float8 as recorded
  from event order by subject_kind, subject_id, seq`;

/**
 * The invariants of design §9 that a database can be asked for at any moment. Answers with what is broken;
 * an empty list is a sound record.
 */
export async function brokenInvariants(world: World): Promise<string[]> {
  const events = await world.sql<StoredEvent & Record<string, unknown>>(EVENTS);
  return [
    ...chainBreaks(events),
    ...(await projectionBreaks(world)),
    ...(await stepBreaks(world)),
    ...(await spanBreaks(world)),
    ...(await countBreaks(world)),
    ...(await closingBreaks(world)),
  ];
}

function chainBreaks(events: readonly StoredEvent[]): string[] {
  const broken: string[] = [];
  let subject = '';
  let head: Buffer | null = null;
  let seq = 0;
  let recorded = 0;
  for (const event of events) {
    const key = `${event.subject_kind} ${event.subject_id}`;
    if (key !== subject) [subject, head, seq, recorded] = [key, null, 0, 0];
    const link = {
      subjectKind: event.subject_kind,
      subjectId: event.subject_id,
      workingGroupId: event.working_group_id,
      directiveId: event.directive_id,
      unitId: event.unit_id,
      seq: event.seq,
      type: event.type,
      textHash: event.text_hash,
      actor: event.actor,
      document: event.document,
      receivedAt: event.received,
      happenedAt: event.happened,
      recordedAt: event.recorded,
    };
    const hash = eventHash(head, link, canonical(event.data));
    if (event.seq !== seq + 1) broken.push(`${key}: gap before ${event.seq}`);
    if (!hash.equals(event.hash)) broken.push(`${key}: hash of ${event.seq} (${event.type})`);
    if (event.recorded < recorded) broken.push(`${key}: ${event.seq} was recorded before its predecessor`);
    [head, seq, recorded] = [event.hash, event.seq, event.recorded];
  }
  return broken;
}

/** Every projection and planned step is what its events say: of directives, assignments, cases, regimes and reports. */
async function projectionBreaks(world: World): Promise<string[]> {
  const { differences } = await repairProjections(world.engine, { dryRun: true });
  return differences.map(({ table, id, columns }) => `${table} ${id}: not the fold in ${columns.join(', ')}`);
}

/**
 * What an assignment's state says of the steps of its cycle, their rows say too: taken or void. Steps that came with a
 * move are rows of the former life.
 */
async function stepBreaks(world: World): Promise<string[]> {
  const rows = await world.sql<{ id: string; step: string; cycle: number; stands: boolean }>(
    `with told as (
       select a.id, t ->> 'step' as step, coalesce((t ->> 'cycle')::int, (a.body ->> 'cycle')::int) as cycle,
              bool_or(not (t ->> 'voided')::boolean) as stands
         from assignment a cross join lateral jsonb_array_elements(a.body -> 'taken') t
        where a.body ->> 'predecessorId' is null group by 1, 2, 3)
     select told.id, told.step, told.cycle, told.stands from told
      where told.stands <> exists (select from step_taken s where s.subject_kind = 'assignment' and s.subject_id = told.id
                                     and s.step = told.step and s.cycle = told.cycle and s.voided_at is null)`,
  );
  return rows.map(
    ({ id, step, cycle, stands }) =>
      `assignment ${id}: ${step} of cycle ${cycle} ${stands ? 'stands' : 'is void'} in the state only`,
  );
}

async function spanBreaks(world: World): Promise<string[]> {
  const open = await world.sql<{ id: string; spans: number }>(
    `select a.id, count(s.*)::int as spans from assignment a left join span s on s.assignment_id = a.id and s.ends_at is null
      group by a.id having count(s.*) <> 1`,
  );
  const overlapping = await world.sql<{ assignment_id: string }>(
    `select one.assignment_id from span one join span other on other.assignment_id = one.assignment_id
       and other.starts_at > one.starts_at and (one.ends_at is null or one.ends_at > other.starts_at)`,
  );
  return [
    ...open.map((row) => `assignment ${row.id}: ${row.spans} open spans`),
    ...overlapping.map((row) => `assignment ${row.assignment_id}: overlapping spans`),
  ];
}

/** Spans and moves are what the events say, and sums what the moves add up to. */
async function countBreaks(world: World): Promise<string[]> {
  const { wrongLives, wrongSums } = await checkCounts(world.engine);
  return [
    ...wrongLives.map((id) => `assignment ${id}: its spans or moves are not what its events say`),
    ...wrongSums.map((period) => `sums of ${period}: not what the moves add up to`),
  ];
}

async function closingBreaks(world: World): Promise<string[]> {
  const open = await world.sql<{ id: string }>(
    `select d.id from directive d join assignment a on a.directive_id = d.id
      where d.state in ('closed', 'withdrawn') and a.ended_at is null`,
  );
  return open.map((row) => `directive ${row.id}: ended with an open assignment`);
}
