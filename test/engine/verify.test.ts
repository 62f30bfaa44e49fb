import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allAnchors } from '../../src/db/anchor-store.js';
import { onceInSnapshot } from '../../src/db/transaction.js';
import { type RawEvent, streamEvents } from '../../src/db/verify-store.js';
import { accessBy, recordAccess } from '../../src/engine/access-log.js';
import { makeAnchor } from '../../src/engine/anchor.js';
import { conductDirective } from '../../src/engine/conduct.js';
import { createDraft, deleteDraft, issueDirective } from '../../src/engine/directives.js';
import { executeAssignments } from '../../src/engine/execute.js';
import { issueBatch } from '../../src/engine/issue.js';
import { EventCheck, verifyRecord } from '../../src/engine/verify.js';
import { Witnesses } from '../../src/engine/witnesses.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { tamper } from '../support/tampering.js';
import { createWorld, draftContent, draftTask, subjectOf, type World } from '../support/world.js';

const pem = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const OPTIONS = { key: pem.privateKey, mailTo: 'witness@example.vn', messageDomain: 'dondoc.test' };

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database.url);
  await live(['health', 'finance', 'justice']);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** Some work of each kind: a result with a text, silence that is urged and referred, a draft that was deleted. */
async function live(units: readonly (keyof World['units'])[]): Promise<string> {
  const agency = world.request(world.as('standing_agency'));
  const tasks = units.map((unit) => draftTask({ leadUnitIds: [world.units[unit]] }));
  const id = subjectOf(await createDraft(world.engine, agency, draftContent(tasks)));
  subjectOf(await issueDirective(world.engine, agency, id));
  await issueBatch(world.engine, id);
  const [mine] = await world.sql<{ id: string }>(
    'select id from assignment where directive_id = $1 and unit_id = $2',
    [id, world.units.health],
  );
  for (const text of ['Đang làm', 'Gần xong']) {
    const report = { action: 'report' as const, input: { text } };
    subjectOf(
      await executeAssignments(
        world.engine,
        world.request(world.as('unit', 'health')),
        [mine?.id ?? ''],
        report,
      ),
    );
  }
  await world.skip(15 * 60_000);
  for (let more = true; more; ) ({ more } = await conductDirective(world.engine, id, 8.64e15));
  const gone = subjectOf(await createDraft(world.engine, agency, draftContent([])));
  await deleteDraft(world.engine, agency, gone);
  await recordAccess(
    world.engine.writer,
    accessBy(world.as('supervisor'), { address: '10.0.0.1', agent: null }, 'viewed', {
      kind: 'referral',
      id,
    }),
  );
  return id;
}

const verified = async (publicKey: string | null = pem.publicKey, letters: readonly string[] = []) =>
  await verifyRecord(world.engine.writer, { publicKey, letters });

/** What the record says while somebody with all rights has changed it; then it is as it was. */
async function afterwards(
  sql: string,
  letters: readonly string[] = [],
): Promise<readonly { subject: string; seq: number | null; what: string }[]> {
  const tables = ['event', 'access_log', 'anchor'];
  for (const table of tables) await world.sql(`create table kept_${table} as table ${table}`);
  try {
    await world.sql(sql);
    return (await verified(undefined, letters)).faults;
  } finally {
    for (const table of tables) {
      await world.sql(`delete from ${table}`);
      await world.sql(`insert into ${table} overriding system value table kept_${table}`);
      await world.sql(`drop table kept_${table}`);
    }
  }
}

describe('a sound record', () => {
  test('verifies before its first anchor and after each, with nothing new in between', async () => {
    expect(await verified()).toMatchObject({ faults: [], anchors: { made: 0 } });
    expect(await makeAnchor(world.engine, OPTIONS)).toMatchObject({ number: 1, signed: true });
    expect(await makeAnchor(world.engine, OPTIONS)).toMatchObject({ number: null });
    await live(['health', 'justice']);
    expect(await makeAnchor(world.engine, { ...OPTIONS, key: null })).toMatchObject({
      number: 2,
      signed: false,
    });
    await live(['health']);
    const found = await verified();
    expect(found).toMatchObject({ faults: [], accesses: 3, anchors: { made: 2, signed: 1, checked: 1 } });
    const counted = await world.sql<{ events: number; chains: number }>(
      'select count(*)::int as events, count(distinct subject_id)::int as chains from event',
    );
    expect(counted).toEqual([{ events: found.events, chains: found.chains }]);
  });

  test('goes outside with each anchor by one letter', async () => {
    const letters = await world.sql<{ address: string; body_text: string }>(
      "select address, body_text from envelope where recipient_kind = 'witness' order by created_at",
    );
    expect(letters).toHaveLength(2);
    expect(letters[0]?.body_text).toContain('Signature (Ed25519');
    expect(letters[1]?.body_text).toContain('Not signed');
    const kept = letters.map(({ body_text }) => body_text);
    expect((await verified(undefined, kept)).faults).toEqual([]);
    // What a mail program wraps says the same.
    const wrapped = kept.map((text) => text.replace(/","/g, '",\r\n"').replace(/(.{40})/g, '$1'));
    expect((await verified(undefined, wrapped)).faults).toEqual([]);
    // Without a letter nothing tells that the last anchors were taken away with what lay behind them.
    expect(await afterwards('delete from anchor')).toEqual([]);
    expect(await afterwards('delete from anchor', kept)).toMatchObject([
      { subject: 'anchor 1', what: expect.stringContaining('is gone') },
      { subject: 'anchor 2', what: expect.stringContaining('is gone') },
    ]);
    const [first = ''] = kept;
    const forged = first.replace(/"chains":\d+/, '"chains":999');
    expect((await verified(undefined, [forged, 'Kính gửi'])).faults).toMatchObject([
      { subject: 'anchor 1', what: expect.stringContaining('is no witness') },
      { subject: 'a letter', what: expect.stringContaining('holds no statement') },
    ]);
  });
});

describe('a record that was touched', () => {
  test('shows every one of 1,000 random hands, and where', async () => {
    const { rows, anchors } = await onceInSnapshot(world.engine.writer, async (client) => {
      const read: RawEvent[] = [];
      for await (const page of streamEvents(client)) read.push(...page);
      return { rows: read, anchors: await allAnchors(client) };
    });
    // Only what an anchor covers: what came after it stands or falls with its projection, which the next test tries.
    const anchored = rows.filter((row) => Number(row[17]) <= (anchors.at(-1)?.upTo ?? 0));
    const check = (some: readonly RawEvent[]) => {
      const one = new EventCheck(
        new Witnesses(
          anchors,
          ({ upTo }) => upTo,
          ({ kind }) => kind !== 'access',
        ),
      );
      for (const row of some) one.event(row);
      return one.end().faults;
    };
    expect(check(anchored)).toEqual([]);
    let seed = 20_261_125;
    const next = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const missed: string[] = [];
    for (let hand = 0; hand < 1_000; hand += 1) {
      const { name, rows: touched, subject, seq } = tamper(anchored, next);
      const faults = check(touched);
      const located = faults.some(
        (fault) => fault.subject === subject && Math.abs((fault.seq ?? -9) - seq) <= 1,
      );
      // Cut tails and chains that were made anew are located by the last event that an anchor has seen.
      const cut = /cuts a tail|anew/.test(name) && faults.some((fault) => fault.subject === subject);
      if (!located && !cut)
        missed.push(`${name} at ${subject} ${seq}: ${JSON.stringify(faults.slice(0, 3))}`);
    }
    expect(missed).toEqual([]);
  });

  test.each([
    [
      'an event edited by the owner of the database',
      `update event set happened_at = happened_at - interval '1 day' where number = (select max(number) from event where type = 'reported')`,
      /was altered/,
    ],
    [
      'a tail cut where no anchor has seen it',
      `delete from event where number = (select max(number) from event where subject_kind = 'assignment' and type = 'step_taken')`,
      /stands at/,
    ],
    [
      'a chain that vanished with its row',
      `delete from event where subject_id = (select subject_id from event where type = 'deleted' order by number limit 1)`,
      /seen by anchor 1/,
    ],
    [
      'a text that went without a decision',
      `update event set text = null where number = (select min(number) from event where type = 'reported')`,
      /lost its text/,
    ],
    [
      'a line of the access log',
      `update access_log set person_id = gen_random_uuid() where number = 1`,
      /altered|gone/,
    ],
    [
      'an anchor that was made to fit',
      `update anchor set leaves = replace(leaves, '|1|', '|2|') where number = 1`,
      /statement/,
    ],
    [
      'an anchor signed by somebody else',
      `update anchor set signature = decode(repeat('00', 64), 'hex') where number = 1`,
      /signature does not hold/,
    ],
    ['an anchor that was taken away', 'delete from anchor where number = 1', /anchor 1 is missing/],
  ])('%s', async (_, sql, what) => {
    const faults = await afterwards(sql);
    expect(faults.filter((fault) => what.test(fault.what))).not.toEqual([]);
    expect((await verified()).faults).toEqual([]);
  });
});
