import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type Role } from '../../src/domain/actor.js';
import type { Route } from '../../src/http/route.js';
import { ROUTES } from '../../src/http/routes/index.js';
import type { FixturePerson } from '../support/fixtures.js';
import { startTestApi, type TestApi } from './api-fixture.js';

const PERSON: Readonly<Record<Role, FixturePerson>> = {
  standing_agency: 'standing_agency',
  unit: 'unit:justice',
  supervisor: 'supervisor',
  home_affairs: 'home_affairs',
  administrator: 'administrator',
};
/** Of nobody and nothing: whoever gets past the doors is told that it does not exist. */
const ID = '01890000-0000-7000-8000-000000000001';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(async () => {
  await api.stop();
});

const ask = async (route: Route, token?: string) =>
  await api.call(route.method.toUpperCase(), route.path.replaceAll(/\{\w+\}/g, ID), {
    ...(token === undefined ? {} : { token }),
    headers: { 'idempotency-key': `${route.operationId}-${token?.slice(-8) ?? ''}`, 'if-match': '"1"' },
  });

const allowed = (route: Route, role: Role): boolean =>
  typeof route.access === 'string' || route.access.includes(role);

describe.each(ROUTES.map((route) => [route.operationId, route] as const))('%s', (_name, route) => {
  test('is closed to who is not signed in', async () => {
    const { status, body } = await ask(route);
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  test.each(ROLES)('lets %s through the door, or not, as its contract says', async (role) => {
    const { status, body } = await ask(route, api.group.signIn(PERSON[role]).token);
    if (!allowed(route, role)) {
      expect([status, body.code, body.allowedRoles]).toEqual([403, 'forbidden', route.access]);
      return;
    }
    // Past the door a record that does not exist is unknown, never forbidden, and nothing is a fault of ours.
    expect(status).not.toBe(403);
    expect(status).not.toBe(401);
    expect(status).toBeLessThan(500);
  });
});
