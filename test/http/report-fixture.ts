import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { type FixturePerson, type FixtureUnit, moveClock } from '../support/fixtures.js';
import { DAY, dateOf, EVERY_DAY } from '../support/reporting.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;
export const MINUTE = 60_000;
export const COMMUNES: readonly FixtureUnit[] = ['communeA', 'communeB', 'communeC'];

/** An instant by its local date and time. */
export const at = (date: string, time: string): number => Date.parse(`${date}T${time}:00+07:00`);
export const isoOf = (instant: number): string => new Date(instant).toISOString();
export const idOf = (own: ReadonlyMap<FixtureUnit, string>, unit: FixtureUnit): string => own.get(unit) ?? '';

/** An API over a group whose communes report; started before the tests of a file and stopped after them. */
export function reportingApi() {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ calendar: EVERY_DAY });
    // Mid-morning, so that no test begins a minute before a period ends.
    const now = await clock();
    await moveClock(api.database, at(dateOf(now + DAY), '09:00') - now);
  });
  afterAll(async () => {
    await api.stop();
  });

  const clock = async (): Promise<number> => {
    const found = await api.engine.writer.query<{ now: number }>('select app_now() as now');
    return found.rows[0]?.now ?? Number.NaN;
  };
  const skipTo = async (instant: number): Promise<void> =>
    await moveClock(api.database, Math.floor(instant - (await clock())));
  const today = async (): Promise<string> => dateOf(await clock());

  const send = async (
    who: FixturePerson,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    await api.call(method, path, {
      token: api.group.signIn(who).token,
      ...(body === undefined ? {} : { body }),
      headers: { 'idempotency-key': randomUUID(), ...headers },
    });
  const post = async (who: FixturePerson, path: string, body: object = {}, headers = {}): Promise<Answer> =>
    await send(who, 'POST', path, body, headers);
  const get = async (who: FixturePerson, path: string): Promise<Answer> => await send(who, 'GET', path);

  /** A daily regime over the communes, due on the next day at 17:00. */
  const daily = async (over: object = {}): Promise<object> => ({
    name: 'Báo cáo ngày',
    nameEn: 'Daily report',
    periodicity: { kind: 'daily' },
    startsOn: await today(),
    levels: [{ groupCodes: ['commune'] }],
    ...over,
  });

  async function conduct(regimeId: string): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) {
      const pass = await conductRegime(api.engine, regimeId, NEVER);
      if (pass.ended || pass.taken === 0) return;
    }
    throw new Error('The regime never comes to rest');
  }

  /** Set up by the API and opened: the id of the regime, and of the report of each commune for the first period. */
  async function reporting(over: object = {}): Promise<{ regimeId: string; own: Map<FixtureUnit, string> }> {
    const made = await post('standing_agency', '/v1/reporting-regimes', await daily(over));
    expect([made.status, made.body.code]).toEqual([201, undefined]);
    await conduct(made.body.id);
    const { body } = await get('standing_agency', `/v1/reports?regime=${made.body.id}&limit=100`);
    const own = new Map<FixtureUnit, string>();
    for (const item of body.items)
      for (const unit of COMMUNES) if (item.unit.id === api.group.units[unit]) own.set(unit, item.id);
    return { regimeId: made.body.id, own };
  }

  return {
    get api() {
      return api;
    },
    ...{ clock, skipTo, today, send, post, get, daily, conduct, reporting },
  };
}
