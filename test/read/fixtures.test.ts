import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  issuedDirective,
  makeWorkingGroup,
  openTestEngine,
  type TestEngine,
} from '../support/fixtures.js';

describe('fixtures of a small Working Group', () => {
  let database: TestDatabase;
  let engine: TestEngine;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = openTestEngine(database);
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  test('issue a directive to named units and to a group', async () => {
    const group = await makeWorkingGroup(engine.writer);
    const id = await issuedDirective(
      engine,
      group,
      directiveContent([
        draftTask({ leadUnitIds: [group.units.justice] }),
        draftTask({ nature: 'general', groupCodes: ['commune'] }),
      ]),
    );
    const assignments = await assignmentsByUnit(engine.writer, id);
    expect([...assignments.keys()].sort()).toEqual(
      [group.units.justice, group.units.communeA, group.units.communeB, group.units.communeC].sort(),
    );
  });
});
