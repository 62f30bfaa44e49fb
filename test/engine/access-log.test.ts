import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Access, accessBody } from '../../src/domain/access-log.js';
import { recordAccess } from '../../src/engine/access-log.js';
import { accessHash } from '../../src/engine/chain.js';
import { newId } from '../../src/engine/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createWorld, type World } from '../support/world.js';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

interface Line {
  readonly [column: string]: unknown;
  readonly day: string;
  readonly seq: number;
  readonly at: number;
  readonly detail: Record<string, unknown>;
  readonly address: string | null;
  readonly hash: Buffer;
}

const exported = (personId: string): Access => ({
  personId,
  role: 'supervisor',
  workingGroupId: world.groupId,
  unitId: null,
  action: 'exported',
  subject: { kind: 'assignments', id: null },
  detail: { rows: 12, filter: { unit: 'Sở Y tế', late: true }, format: 'xlsx' },
  from: { address: '10.0.0.7', agent: null },
});

const chainOf = async (personId: string): Promise<Line[]> =>
  await world.sql<Line>('select * from access_log where person_id = $1 order by day, seq', [personId]);

/** Whether each line's hash is what its columns and its predecessor make. */
function holds(personId: string, chain: readonly Line[]): boolean {
  return chain.every((line, index) => {
    const { detail, address } = line;
    const body = accessBody({ ...exported(personId), detail, from: { address, agent: null } });
    const previous = chain[index - 1];
    const before = previous?.day === line.day ? previous.hash : null;
    return accessHash(before, { ...line, body }).equals(line.hash);
  });
}

describe('the access log', () => {
  test('keeps one chain per person and day, however many lines come at once', async () => {
    const personId = newId();
    await Promise.all(
      Array.from({ length: 30 }, async () => await recordAccess(world.engine.writer, exported(personId))),
    );
    const chain = await chainOf(personId);
    expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(holds(personId, chain)).toBe(true);
    const edited = chain.map((line) => (line.seq === 12 ? { ...line, address: '10.0.0.8' } : line));
    expect(holds(personId, edited)).toBe(false);
  });

  test('begins another chain with another day', async () => {
    const personId = newId();
    await recordAccess(world.engine.writer, exported(personId));
    await world.skip(24 * 3_600_000);
    await recordAccess(world.engine.writer, exported(personId));
    const chain = await chainOf(personId);
    expect(chain.map(({ seq }) => seq)).toEqual([1, 1]);
    expect(holds(personId, chain)).toBe(true);
  });

  test('can be neither changed nor shortened by the program’s own role', async () => {
    const { writer } = world.engine;
    await expect(writer.query("update access_log set action = 'x'")).rejects.toThrow('permission denied');
    await expect(writer.query('delete from access_log')).rejects.toThrow('permission denied');
  });
});
