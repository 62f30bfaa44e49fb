import type { RawEvent } from '../../src/db/verify-store.js';
import { canonical } from '../../src/domain/canonical.js';
import { eventHash } from '../../src/engine/chain.js';

/** Rows of the record as the verifier reads them, before and after somebody's hand was in them. */
export type Rows = readonly RawEvent[];

export interface Tampering {
  readonly name: string;
  readonly rows: Rows;
  /** `assignment 0190…`: what must be named. */
  readonly subject: string;
  readonly seq: number;
}

const SEQ = 2;
const NUMBER = 17;
const HASH = 16;

const subjectOf = (row: RawEvent): string => `${row[0]} ${row[1]}`;
const seqOf = (row: RawEvent): number => Number(row[SEQ]);
const at = (rows: Rows, index: number): RawEvent => {
  const row = rows[index];
  if (row === undefined) throw new Error(`No row ${index}`);
  return row;
};

function changed(row: RawEvent, column: number, value: string | null): RawEvent {
  const copy = [...row];
  copy[column] = value;
  return copy as unknown as RawEvent;
}

/** The columns that an edit may touch, and what it makes of them. */
const EDITS: readonly (readonly [string, number, (value: string | null) => string | null])[] = [
  ['Working Group', 3, () => '00000000-0000-7000-8000-000000000001'],
  ['directive', 4, () => '00000000-0000-7000-8000-000000000002'],
  ['unit', 5, (unit) => (unit === null ? '00000000-0000-7000-8000-000000000003' : null)],
  ['type', 6, (type) => `${type ?? ''}x`],
  ['data', 7, (data) => JSON.stringify({ ...JSON.parse(data ?? '{}'), at: 1 })],
  ['actor', 11, () => '{"kind": "clock", "x": 1}'],
  ['document', 12, (document) => (document === null ? '{"number": "1", "date": "2026-01-01"}' : null)],
  ['received', 13, (value) => String(Number(value) - 1000)],
  ['happened', 14, (value) => String(Number(value) - 1000)],
  ['recorded', 15, (value) => String(Number(value) + 1)],
  ['hash', HASH, (hash) => `${hash?.startsWith('0') ? '1' : '0'}${hash?.slice(1) ?? ''}`],
];

/** One random hand in the record. `next` gives integers below its argument. */
export function tamper(rows: Rows, next: (below: number) => number): Tampering {
  const index = next(rows.length);
  const row = at(rows, index);
  const where = { subject: subjectOf(row), seq: seqOf(row) };
  const replaced = (value: RawEvent): Rows => rows.map((other, place) => (place === index ? value : other));
  switch (next(6)) {
    case 0:
      return { ...where, name: 'deletes an event', rows: rows.filter((_, place) => place !== index) };
    case 1:
      return { ...where, name: 'cuts a tail', rows: rows.filter((other) => !isTail(other, row)) };
    case 2:
      return { ...where, name: 'inserts an event and makes the chain anew', rows: inserted(rows, index) };
    case 3:
      return swapped(rows, index, next);
    case 4:
      if (row[8] !== null) {
        const text = JSON.stringify({ reason: 'khác' });
        return { ...where, name: 'edits a text', rows: replaced(changed(row, 8, text)) };
      }
      break;
    default:
  }
  const [name, column, edit] = EDITS[next(EDITS.length)] ?? EDITS[0] ?? ['', 0, String];
  return { ...where, name: `edits ${name}`, rows: replaced(changed(row, column, edit(row[column] ?? null))) };
}

const isTail = (other: RawEvent, row: RawEvent): boolean =>
  subjectOf(other) === subjectOf(row) && seqOf(other) >= seqOf(row);

/** Two events change places: their contents, each under the other's seq. */
function swapped(rows: Rows, index: number, next: (below: number) => number): Tampering {
  const one = at(rows, index);
  const mates = rows.flatMap((row, place) =>
    subjectOf(row) === subjectOf(one) && place !== index ? [place] : [],
  );
  const mate = mates[next(Math.max(1, mates.length))];
  const where = { subject: subjectOf(one), seq: seqOf(one) };
  if (mate === undefined)
    return { ...where, name: 'deletes a chain of one', rows: rows.filter((_, place) => place !== index) };
  const other = at(rows, mate);
  const taken = rows.map((row, place) => {
    if (place === index) return changed(changed(other, SEQ, one[SEQ]), NUMBER, one[NUMBER]);
    return place === mate ? changed(changed(one, SEQ, other[SEQ]), NUMBER, other[NUMBER]) : row;
  });
  return { ...where, seq: Math.min(seqOf(one), seqOf(other)), name: 'swaps two events', rows: taken };
}

/** The careful one: a made-up event, everything after it numbered and hashed again. Only an anchor knows better. */
function inserted(rows: Rows, index: number): Rows {
  const row = at(rows, index);
  const made = changed(row, 14, String(Number(row[14]) - 1));
  const later = rows.map((other) =>
    isTail(other, row) ? changed(other, SEQ, String(seqOf(other) + 1)) : other,
  );
  const together = [...later.slice(0, index), made, ...later.slice(index)];
  let head: Buffer | null = null;
  let number = 0;
  return together.map((other, place) => {
    if (subjectOf(other) !== subjectOf(row)) return other;
    const first = subjectOf(together[place - 1] ?? made) !== subjectOf(row) || place === 0;
    if (first) [head, number] = [null, 0];
    // Numbers grow along a chain; a forger sees to that too, as far as there is room.
    const own = Math.max(number + 1, Number(other[NUMBER]));
    const link = {
      subjectKind: other[0],
      subjectId: other[1],
      workingGroupId: other[3],
      directiveId: other[4],
      unitId: other[5],
      seq: seqOf(other),
      type: other[6],
      textHash: other[10] === null ? null : Buffer.from(other[10], 'hex'),
      actor: JSON.parse(other[11]),
      document: other[12] === null ? null : JSON.parse(other[12]),
      receivedAt: Number(other[13]),
      happenedAt: Number(other[14]),
      recordedAt: Number(other[15]),
    };
    head = eventHash(head, link, canonical(JSON.parse(other[7])));
    number = own;
    return changed(changed(other, HASH, head.toString('hex')), NUMBER, String(own));
  });
}
