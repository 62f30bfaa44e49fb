import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool, PoolClient } from 'pg';
import { executeAssignments } from '../../src/engine/execute.js';
import { liveOf } from '../../src/engine/live.js';
import { type EventStream, openEvents, untilAllIsOld } from '../support/event-stream.js';
import {
  accepted,
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  type FixtureUnit,
  issuedDirective,
  requestOf,
} from '../support/fixtures.js';
import { startTestApi, type TestApi } from './api-fixture.js';

let api: TestApi;
let directive: string;
let ids: Map<string, string>;
beforeAll(async () => {
  api = await startTestApi();
  const { justice, health } = api.group.units;
  const tasks = [draftTask({ leadUnitIds: [justice] }), draftTask({ leadUnitIds: [health] })];
  directive = await issuedDirective(api.engine, api.group, directiveContent(tasks));
  ids = await assignmentsByUnit(api.engine.writer, directive);
  await untilAllIsOld(api.engine);
});
afterAll(async () => {
  await api.stop();
});

const open = async (who: FixturePerson, query = '', lastEventId?: string): Promise<EventStream> =>
  await openEvents(
    `${api.url}/v1/events${query}`,
    api.group.signIn(who).token,
    lastEventId === undefined ? {} : { lastEventId },
  );
const report = async (unit: FixtureUnit, text = 'x'): Promise<void> => {
  const request = requestOf(api.group.signIn(`unit:${unit}`).actor);
  const id = ids.get(api.group.units[unit]) ?? '';
  accepted(await executeAssignments(api.engine, request, [id], { action: 'report', input: { text } }));
};
/** The names of the statements that a pool is asked from now on, until they are looked at. */
function questionsOf(pool: Pool): () => string[] {
  const names: string[] = [];
  const seen = new Set<PoolClient>();
  const watch = (client: PoolClient): void => {
    if (seen.has(client)) return;
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    seen.add(client);
    Object.assign(client, {
      query: (...args: unknown[]) => {
        names.push((args[0] as { name?: string }).name ?? '');
        return query(...args);
      },
    });
  };
  pool.on('acquire', watch);
  return () => {
    pool.off('acquire', watch);
    // What was put over the method of the class goes again.
    for (const client of seen) Reflect.deleteProperty(client, 'query');
    return names;
  };
}

/** Opens and waits for the first sign of life, so that what is recorded next is new to the stream. */
const listening = async (who: FixturePerson, query = ''): Promise<EventStream> => {
  const stream = await open(who, query);
  while (stream.lastId() === '') await new Promise((resolve) => setImmediate(resolve));
  return stream;
};

describe('the stream of events', () => {
  test('tells who may read it of each event, thin, with the way to its subject', async () => {
    const agency = await listening('standing_agency');
    expect(agency.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const justice = await listening('unit:justice');
    await report('justice');
    await report('health');
    await Promise.all([agency.until(2), justice.until(1)]);
    const id = ids.get(api.group.units.justice) ?? '';
    expect(justice.events.map(({ event }) => event)).toEqual(['assignment.reported']);
    expect(justice.events[0]?.data).toMatchObject({
      subject: { kind: 'assignment', id },
      directiveId: directive,
      href: `/v1/assignments/${id}`,
    });
    const units = new Set(agency.events.map(({ data }) => data.unitId));
    expect(units).toEqual(new Set([api.group.units.justice, api.group.units.health]));
    agency.close();
    justice.close();
  });

  test('keeps to the directive, assignment and types that are asked for', async () => {
    const health = ids.get(api.group.units.health) ?? '';
    const [byType, byId, none] = await Promise.all([
      listening('supervisor', '?type=assignment.reported,referral'),
      listening('supervisor', `?assignment=${health}`),
      listening('supervisor', `?directive=${randomUUID()}`),
    ]);
    await report('justice');
    await report('health');
    await Promise.all([byType.until(2), byId.until(1)]);
    expect(byId.events.map(({ data }) => data.subject.id)).toEqual([health]);
    expect(none.events).toEqual([]);
    for (const stream of [byType, byId, none]) stream.close();
  });

  test('refuses a cursor that was never given out, and starts again where the record was restored', async () => {
    const bad = await open('supervisor', '', 'x');
    expect(bad.status).toBe(400);
    const tooFar = await open('supervisor', '', `1.${'9'.repeat(20)}.1`);
    expect(tooFar.status).toBe(400);
    const old = await open('supervisor', '', '999.1.1');
    await old.until(1);
    expect(old.events[0]?.event).toBe('reset');
    expect(old.lastId()).toMatch(/^1\.\d+\.0$/);
    old.close();
  });

  test('ends when the token is revoked', async () => {
    const { token, actor } = api.group.signIn('unit:communeB');
    const stream = await openEvents(`${api.url}/v1/events`, token);
    await api.engine.writer.query('update api_token set revoked_at = now() where person_id = $1', [
      actor.personId,
    ]);
    await stream.ended;
    expect(stream.events).toEqual([]);
  });

  test('costs one query a round for all who listen under one scope', async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, async () => await listening('supervisor')));
    // From the first event on all have come equally far, whenever they began.
    await report('health');
    await Promise.all(streams.map(async (stream) => await stream.until(1)));
    const asked = questionsOf(api.engine.reader);
    await report('health');
    await Promise.all(streams.map(async (stream) => await stream.until(2)));
    const questions = asked();
    const rounds = questions.filter((name) => name === 'feed_mark').length;
    // One for what is new, one for what comes after it; not one per listener.
    expect(questions.filter((name) => name === 'events_after').length).toBeLessThanOrEqual(rounds + 2);
    for (const stream of streams) stream.close();
  });
});

describe('a follower that comes and goes while transactions commit out of order', () => {
  /** Writes `count` rows in a transaction that is held open until `commit`. */
  async function begun(count: number): Promise<{ subjects: string[]; commit: () => Promise<void> }> {
    const client = await api.engine.writer.connect();
    const subjects = Array.from({ length: count }, () => randomUUID());
    await client.query('begin');
    await client.query(
      `insert into event (subject_kind, subject_id, seq, working_group_id, directive_id, unit_id, type, data, actor,
                          received_at, happened_at, recorded_at, hash)
       select 'assignment', id, 1, $2, $3, null, 'recalled', '{}', '{}', now(), now(), now(), '' from unnest($1::uuid[]) id`,
      [subjects, api.group.workingGroupId, directive],
    );
    return {
      subjects,
      commit: async () => {
        await client.query('commit');
        client.release();
      },
    };
  }

  test('is told of every event once, in one order', async () => {
    const first = await listening('standing_agency', '?type=assignment.recalled');
    let cursor = first.lastId();
    first.close();
    const seen: string[] = [];
    const written: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      // The one that began first commits last: its rows have the lower numbers, and come later.
      const open_ = [await begun(3), await begun(40), await begun(1)];
      const stream = await open('standing_agency', '?type=assignment.recalled', cursor);
      const order = [2, 1, 0].map((index) => open_[(index + round) % 3]);
      for (const transaction of order) {
        await transaction?.commit();
        if (round % 3 === 1) api.engine.notify();
      }
      written.push(...open_.flatMap(({ subjects }) => subjects));
      // Half of the time the connection is cut at whatever has arrived.
      if (round % 2 === 0) await stream.until(44);
      seen.push(...stream.events.map(({ data }) => data.subject.id));
      cursor = stream.events.at(-1)?.id ?? cursor;
      stream.close();
      await stream.ended;
      if (round % 2 === 1) {
        const rest = await open('standing_agency', '?type=assignment.recalled', cursor);
        await rest.until(written.length - seen.length);
        seen.push(...rest.events.map(({ data }) => data.subject.id));
        cursor = rest.events.at(-1)?.id ?? cursor;
        rest.close();
        await rest.ended;
      }
    }
    expect(seen).toHaveLength(6 * 44);
    expect(new Set(seen).size).toBe(seen.length);
    expect([...seen].sort()).toEqual([...written].sort());
  });
});

describe('stopping', () => {
  test('ends the streams and looks no more', async () => {
    const stream = await listening('supervisor');
    api.health.drain();
    await stream.ended;
    expect(liveOf(api.engine).listeners).toBe(0);
  });
});
