import { databaseNow } from '../../db/lock-store.js';
import { type ContributionFilter, countContributions } from '../../db/read/matters.js';
import type { Engine } from '../engine.js';
import { iso, look, type UnitRef, type Viewer } from './view.js';

/** How one coordinating unit answered what lead units asked of it. */
export interface ContributionCounts {
  readonly unit: UnitRef;
  readonly asked: number;
  readonly open: number;
  /** Not answered, and its time has passed. */
  readonly overdue: number;
  readonly givenInTime: number;
  readonly givenLate: number;
  readonly declined: number;
  /** The assignment ended or moved on before the answer was due. */
  readonly lapsed: number;
}

/** As of now, by the clock of the record. A unit sees its own row; the Working Group's offices see all. */
export async function contributionCounts(
  engine: Engine,
  viewer: Viewer,
  filter: ContributionFilter,
): Promise<{ readonly asOf: string; readonly items: readonly ContributionCounts[] }> {
  const { role, unitId } = viewer.actor;
  // A lead unit reads what it asked of others, which is a part of their figures only.
  const own = role === 'unit' ? { ...filter, askedUnitId: unitId } : filter;
  const { now, rows } = await look(engine, viewer, async (client) => ({
    now: Math.floor(await databaseNow(client)),
    rows: await countContributions(client, own),
  }));
  const items = rows.map(({ unit, open, overdue, given_in_time, given_late, declined, lapsed }) => ({
    unit,
    asked: open + overdue + given_in_time + given_late + declined + lapsed,
    ...{ open, overdue, givenInTime: given_in_time, givenLate: given_late, declined, lapsed },
  }));
  return { asOf: iso(now), items };
}
