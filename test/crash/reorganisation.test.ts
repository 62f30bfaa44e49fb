import { describe, expect } from '@jest/globals';
import { allotAssignments } from '../../src/engine/reorganisations.js';
import { type CrashLife, crashKit } from '../support/crash-kit.js';
import { given, ledBy, newUnit, plan } from '../support/reorganising.js';
import { subjectOf, type World } from '../support/world.js';

describe('a reorganisation', () => {
  crashKit({
    workflow: 'reorganisation',
    begin: async (world) => [await merged(world), await dividedWithUnfitHeir(world)],
  });
});

/** `stuck`: what has rested for a while, as until somebody looks into it. */
const stateOf = async (world: World, id: string) =>
  (
    await world.sql<{ state: string; moved: number; version: number; stuck: number }>(
      `select state, moved, row_version as version,
              (select count(*)::int from reorganisation_stuck where reorganisation_id = r.id
                  and at < app_now() - interval '1.5 seconds') as stuck
         from reorganisation r where id = $1`,
      [id],
    )
  )[0];

/** Two units become one: what they led of one task becomes one assignment. */
async function merged(world: World): Promise<CrashLife> {
  const [one, other, heir] = [await newUnit(world), await newUnit(world), await newUnit(world, 'Phòng mới')];
  await given(world, [[one, other], [one]]);
  const id = subjectOf(await plan(world, { fromUnitIds: [one, other], toUnitIds: [heir] }));
  return {
    id,
    play: async () => undefined,
    check: async () => {
      expect(await stateOf(world, id)).toMatchObject({ state: 'done', moved: 3, stuck: 0 });
      const left = await ledBy(world, [one, other]);
      expect(left.map(({ state, how }) => `${state} ${how}`).sort()).toEqual([
        'superseded merged',
        'superseded merged',
        'superseded moved',
      ]);
      expect((await ledBy(world, [heir])).map(({ state }) => state)).toEqual(['assigned', 'assigned']);
    },
  };
}

/** The successor that was named for one is no more by then: it is set aside, allotted anew, and moved. */
async function dividedWithUnfitHeir(world: World): Promise<CrashLife> {
  const [one, first, second] = [await newUnit(world), await newUnit(world), await newUnit(world)];
  const [assignmentId = ''] = await given(world, [[one], [one]]);
  const id = subjectOf(
    await plan(world, { kind: 'split', fromUnitIds: [one], toUnitIds: [first, second], caretakerId: second }),
  );
  const allot = async (unitId: string, version: number): Promise<void> => {
    const request = world.request(world.as('standing_agency'));
    subjectOf(await allotAssignments(world.engine, request, id, [{ assignmentId, unitId }], version));
  };
  await allot(first, 1);
  await world.sql("update unit set valid_to = '2020-01-01' where id = $1", [first]);
  return {
    id,
    play: async () => {
      const now = await stateOf(world, id);
      if (now !== undefined && now.stuck > 0) await allot(second, now.version);
    },
    check: async () => {
      expect(await stateOf(world, id)).toMatchObject({ state: 'done', moved: 2, stuck: 0 });
      const kept = await ledBy(world, [second]);
      expect(kept.map(({ state, caretaker }) => [state, caretaker]).sort()).toEqual([
        ['assigned', false],
        ['assigned', true],
      ]);
      expect(await ledBy(world, [first])).toEqual([]);
    },
  };
}
