import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ICAL from 'ical.js';
import { declaredFetch } from '../support/declared.js';
import type { FixturePerson } from '../support/fixtures.js';
import { type Served, serve } from './served.js';
import { type Story, tellStory } from './story.js';

interface Shown {
  readonly uid: string;
  readonly status: string;
  readonly summary: string;
  readonly description: string;
  readonly start: string;
  readonly sequence: number;
  readonly modified: string;
}

describe('deadlines as a calendar', () => {
  let story: Story;
  let api: Served;

  beforeAll(async () => {
    story = await tellStory();
    api = await serve(story);
  });
  afterAll(async () => {
    await api.stop();
    await story.end();
  });

  async function feed(who: FixturePerson, query = '', locale = 'vi'): Promise<Shown[]> {
    const headers = { 'accept-language': locale };
    const answer = await api.as(who, 'GET', `/v1/calendar.ics${query}`, { headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/calendar; charset=utf-8',
    ]);
    const events = new ICAL.Component(ICAL.parse(String(answer.body))).getAllSubcomponents('vevent');
    return events.map((event) => {
      const value = (name: string): string => String(event.getFirstPropertyValue(name));
      return {
        uid: value('uid'),
        status: value('status'),
        summary: value('summary'),
        description: value('description'),
        start: value('dtstart'),
        sequence: Number(value('sequence')),
        modified: value('last-modified'),
      };
    });
  }
  const uidOf = (id: string): string => `${id}@dondoc`;

  test('hold what is due as the record says, in the language of the caller', async () => {
    const all = await feed('supervisor', '?of=assignments');
    const { body } = await api.as('supervisor', 'GET', '/v1/assignments?limit=200');
    type Item = { id: string; deadline: { dueAt: string | null }; task: { title: string; code: string } };
    const due: Item[] = body.items.filter((item: Item) => item.deadline.dueAt !== null);
    expect(all.map(({ uid }) => uid).sort()).toEqual(due.map(({ id }) => uidOf(id)).sort());
    for (const { id, deadline, task } of due) {
      const entry = all.find(({ uid }) => uid === uidOf(id));
      const at = deadline.dueAt ?? '';
      const local = new Date(Date.parse(at) + 7 * 3_600_000).toISOString();
      expect(entry?.start).toBe(
        local.slice(11, 19) === '23:59:59' ? local.slice(0, 10) : `${at.slice(0, 19)}Z`,
      );
      expect(entry?.summary).toContain(`${task.code}. ${task.title}`);
    }
    const english = await feed('supervisor', `?unit=${story.group.units.communeC}&of=assignments`, 'en');
    expect(english.map(({ description }) => description.split('\n')[0])).toEqual(['Unit: Cam Ha commune']);
  });

  test('are those of the own unit for an officer, and no stranger’s', async () => {
    expect((await feed('unit:communeC', '?of=assignments')).map(({ uid }) => uid)).toEqual([
      uidOf(story.ids.communeC),
    ]);
    const stranger = `?unit=${story.group.units.communeC}`;
    expect(await feed('unit:communeA', stranger)).toEqual([]);
    expect((await api.as('home_affairs', 'GET', '/v1/calendar.ics')).status).toBe(403);
    const unsigned = await declaredFetch(`${api.url}/v1/calendar.ics`);
    expect(unsigned.status).toBe(401);
    // A token in the address is none: addresses end up in logs and histories.
    const { token } = story.group.signIn('supervisor');
    expect((await declaredFetch(`${api.url}/v1/calendar.ics?token=${token}`)).status).toBe(401);
  });

  test('are given to a calendar program by Basic, with a token as the password, and nothing else is', async () => {
    const { token } = story.group.signIn('supervisor');
    const basic = (password: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`lan:${password}`).toString('base64')}` },
    });
    const asked = await declaredFetch(`${api.url}/v1/calendar.ics`);
    expect(asked.headers.get('www-authenticate')).toContain('Basic realm=');
    const given = await declaredFetch(`${api.url}/v1/calendar.ics`, basic(token));
    expect([given.status, given.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect((await declaredFetch(`${api.url}/v1/calendar.ics`, basic('wrong'))).status).toBe(401);
    const other = await declaredFetch(`${api.url}/v1/units`, basic(token));
    expect([other.status, other.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="dondoc"']);
  });

  test('are those of the officer who was named, where only the own are asked for', async () => {
    const { personId } = story.group.signIn('unit:communeC').actor;
    const named = await story.engine.writer.query<{ id: string }>(
      "select id from assignment where body ->> 'officerId' = $1",
      [personId],
    );
    expect((await feed('unit:communeC', '?mine=true')).map(({ uid }) => uid).sort()).toEqual(
      named.rows.map(({ id }) => uidOf(id)).sort(),
    );
  });

  test('say that a clock stands still, that work is done, and, under the same name, that it is stopped', async () => {
    const before = await feed('supervisor', '?of=assignments');
    const one = (entries: readonly Shown[], id: string): Shown | undefined =>
      entries.find(({ uid }) => uid === uidOf(id));
    expect(one(before, story.ids.communeB)?.status).toBe('TENTATIVE');
    expect(one(before, story.ids.justice)?.summary).toMatch(/^\[Xong\]/);
    expect(one(before, story.ids.communeC)?.status).toBe('CONFIRMED');
    const body = { reason: 'Không còn cần', document: { number: '9/QĐ', date: '2025-01-06' } };
    const path = `/v1/assignments/${story.ids.communeC}/stop`;
    expect((await api.as('standing_agency', 'POST', path, { body })).status).toBe(200);
    const after = one(await feed('supervisor', '?of=assignments'), story.ids.communeC);
    expect(after?.status).toBe('CANCELLED');
    expect(after?.sequence).toBeGreaterThan(one(before, story.ids.communeC)?.sequence ?? Infinity);
    // What did not change is the same, to the instant of its change.
    expect(one(await feed('supervisor'), story.ids.justice)).toEqual(one(before, story.ids.justice));
  });

  test('are written to the access log, as an export', async () => {
    await feed('supervisor', '?of=reports');
    const { rows } = await story.engine.writer.query(
      "select subject_kind, detail from access_log where action = 'exported' and person_id = $1 order by day desc, seq desc limit 1",
      [story.group.signIn('supervisor').actor.personId],
    );
    expect(rows).toMatchObject([{ subject_kind: 'calendar', detail: { format: 'ics' } }]);
  });
});
