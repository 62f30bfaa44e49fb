import type { Queryable } from './pool.js';
import { streamTexts } from './verify-store.js';

export interface EventFilter {
  /** Code of a Working Group; null: of all. */
  readonly group: string | null;
  /** Recorded at or after, in ms. */
  readonly from: number | null;
  /** Recorded before, in ms. */
  readonly to: number | null;
}

/** Text in a statement that takes no parameters, because it makes a cursor. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const instant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Events as lines of JSON, in the order in which they were recorded. */
export async function* eventLines(db: Queryable, { group, from, to }: EventFilter): AsyncGenerator<string[]> {
  const conditions = [
    ...(group === null
      ? []
      : [`e.working_group_id = (select id from working_group where code = ${literal(group)})`]),
    ...(from === null ? [] : [`e.recorded_at >= to_timestamp(${from} / 1000.0)`]),
    ...(to === null ? [] : [`e.recorded_at < to_timestamp(${to} / 1000.0)`]),
  ];
  const query = `select jsonb_build_object('number', e.number, 'subject', jsonb_build_object('kind', e.subject_kind, 'id', e.subject_id),
      'seq', e.seq, 'workingGroupId', e.working_group_id, 'directiveId', e.directive_id, 'unitId', e.unit_id, 'type', e.type,
      'data', e.data, 'text', e.text, 'actor', e.actor, 'document', e.document, 'receivedAt', ${instant('e.received_at')},
      'happenedAt', ${instant('e.happened_at')}, 'recordedAt', ${instant('e.recorded_at')}, 'hash', encode(e.hash, 'hex'))::text
    from event e ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`} order by e.number`;
  for await (const page of streamTexts(db, 'export_events', query))
    yield page.map(([line]) => line ?? 'null');
}
