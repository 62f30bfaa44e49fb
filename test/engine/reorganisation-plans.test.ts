import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conductReorganisation } from '../../src/engine/conduct-reorganisation.js';
import { cancelReorganisation } from '../../src/engine/reorganisations.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  outcomeCode as code,
  dayFromNow,
  EVER,
  newUnit,
  ORIGIN,
  plan,
  restOf,
} from '../support/reorganising.js';
import { createWorld, subjectOf, type World } from '../support/world.js';

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

const conduct = async (id: string) => await restOf(world, id);

describe('a plan', () => {
  test('that contradicts itself is refused with every place', async () => {
    const [one, other] = [await newUnit(world), await newUnit(world)];
    const NOBODY = '01890000-0000-7000-8000-000000000001';
    const refusals = [
      await plan(world, { fromUnitIds: [one], toUnitIds: [] }),
      await plan(world, { kind: 'split', fromUnitIds: [one], toUnitIds: [other] }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [one] }),
      await plan(world, { kind: 'abolish', fromUnitIds: [one] }),
      await plan(world, { kind: 'rename', fromUnitIds: [one] }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [other], newName: 'Tên' }),
      await plan(world, { kind: 'abolish', fromUnitIds: [one], caretakerId: one }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [other], caretakerId: other }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [other], newNameEn: 'Name' }),
      await plan(world, { fromUnitIds: [one, one], toUnitIds: [other] }),
      await plan(world, { fromUnitIds: [NOBODY], toUnitIds: [other] }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [NOBODY] }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [other], effectiveOn: '0001-01-01' }),
      await plan(world, { fromUnitIds: [one], toUnitIds: [other], effectiveOn: '9999-12-31' }),
    ];
    expect(refusals.map(code).map((text) => text.replace('reorganisation_invalid ', ''))).toEqual([
      '/toUnitIds wrong_count',
      '/toUnitIds wrong_count',
      '/toUnitIds named_twice',
      '/caretakerId required',
      '/newName required',
      '/newName not_allowed',
      '/caretakerId named_twice',
      '/caretakerId not_allowed',
      '/newNameEn not_allowed',
      '/fromUnitIds named_twice',
      '/fromUnitIds/0 unknown',
      '/toUnitIds/0 unknown',
      '/effectiveOn out_of_range',
      '/effectiveOn out_of_range',
    ]);
  });

  test('is not made anew for a unit that has ended by one', async () => {
    const [one, heir, third] = [await newUnit(world), await newUnit(world), await newUnit(world)];
    const effectiveOn = await dayFromNow(world, 0);
    await conduct(subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn })));
    const again = { fromUnitIds: [one], toUnitIds: [third], effectiveOn };
    expect(code(await plan(world, again))).toBe('reorganisation_overlaps');
  });

  test('takes no unit that ends by another one, until that is cancelled; what has begun is not cancelled', async () => {
    const [one, heir, third] = [await newUnit(world), await newUnit(world), await newUnit(world)];
    const effectiveOn = await dayFromNow(world, 30);
    const first = subjectOf(await plan(world, { fromUnitIds: [one], toUnitIds: [heir], effectiveOn }));
    for (const entangled of [
      { fromUnitIds: [third], toUnitIds: [one] },
      { fromUnitIds: [one], toUnitIds: [third] },
      // Who is to take over does not end meanwhile.
      { fromUnitIds: [heir], toUnitIds: [third] },
    ])
      expect(code(await plan(world, { ...entangled, effectiveOn }))).toBe('reorganisation_overlaps');
    const cancel = async (id: string, ifMatch: number) =>
      await cancelReorganisation(world.engine, world.request(world.as('administrator')), id, {
        ...{ ifMatch, origin: ORIGIN },
      });
    expect(code(await cancel(first, 2))).toBe('version_changed');
    expect(code(await cancel(first, 1))).toBe('done');
    expect(await conductReorganisation(world.engine, first, EVER)).toMatchObject({ ended: true });
    const second = subjectOf(await plan(world, { fromUnitIds: [third], toUnitIds: [one] }));
    await conduct(second);
    expect(code(await cancel(second, 3))).toBe('transition_not_allowed');
    const [kept] = await world.sql('select valid_to from unit where id = $1', [one]);
    expect(kept).toEqual({ valid_to: null });
  });
});
