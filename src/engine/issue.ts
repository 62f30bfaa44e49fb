import type pg from 'pg';
import { calendarsOf } from '../db/calendar-store.js';
import { loadDirective, loadVersion, type StoredDirective } from '../db/directive-store.js';
import { databaseNow, lockDirective } from '../db/lock-store.js';
import { withTransaction } from '../db/transaction.js';
import { SYSTEM } from '../domain/actor.js';
import { underCalendar } from '../domain/assignment/decide-calendar.js';
import type { EventOf } from '../domain/assignment/events.js';
import { sameCalendar } from '../domain/calendar.js';
import { assignedEvent, assignmentSeeds, type FrozenDirective } from '../domain/directive/freeze.js';
import { type AssignmentChange, type Circumstances, changeAssignment } from './changes.js';
import { recordBySystem } from './directive-change.js';
import { headOf } from './directive-frame.js';
import type { Engine } from './engine.js';
import { isOwnFault, isPassing } from './faults.js';
import { newId } from './ids.js';
import { writeByParts } from './parts.js';
import { type MadeAssignment, recordPast, untold } from './past.js';
import { workHasCome } from './reorganisations.js';
import { calendarOf, type Settings, settingsOf } from './settings.js';

/** How far the making of a directive's assignments has come. */
export interface Issuing {
  readonly assigned: number;
  readonly planned: number;
  /** By this batch. */
  readonly made: number;
  /** The directive is not there, or not issued any more. */
  readonly ended: boolean;
  /** The next one cannot be made: its error is in the log, and trying again at once would not help. */
  readonly stuck: boolean;
}

/**
 * Makes the next assignments of an issued directive, under its exclusive lock. The count in the record is
 * the cursor, so two workers never make the same one, and a repeated call goes on where the record stands.
 * Where one of them cannot be made, those before it are.
 */
export async function issueBatch(engine: Engine, directiveId: string): Promise<Issuing> {
  const issuing = await issueAtMost(engine, directiveId, engine.limits.issueBatch);
  engine.notify();
  return issuing;
}

async function issueAtMost(engine: Engine, directiveId: string, most: number): Promise<Issuing> {
  try {
    return await withTransaction(engine.writer, async (client) => {
      await lockDirective(client, directiveId, 'exclusive');
      const stored = await loadDirective(client, directiveId);
      if (stored === null || stored.state.state !== 'issued') return { ...NOTHING, ended: true };
      const { assigned, planned } = stored.state;
      if (assigned >= planned) return { ...NOTHING, assigned, planned };
      const made = await nextAssignments(client, stored, most);
      return { ...NOTHING, assigned: assigned + made, planned, made };
    });
  } catch (error) {
    if (isPassing(error) || !isOwnFault(error)) throw error;
    if (most > 1) return await issueAtMost(engine, directiveId, Math.ceil(most / 2));
    engine.log.error({ directiveId, err: error }, 'an assignment cannot be made; those after it wait');
    const { assigned, planned } = (await loadDirective(engine.writer, directiveId))?.state ?? NOTHING;
    return { ...NOTHING, assigned, planned, stuck: true };
  }
}

const NOTHING = { assigned: 0, planned: 0, made: 0, ended: false, stuck: false };

async function nextAssignments(
  client: pg.PoolClient,
  stored: StoredDirective,
  most: number,
): Promise<number> {
  const frozen = await loadVersion(client, stored.state.id, stored.state.frozenVersion);
  if (frozen === null) throw new Error(`Directive ${stored.state.id} has no frozen version`);
  return makeAssignments(client, stored, frozen, most);
}

async function makeAssignments(
  client: pg.PoolClient,
  stored: StoredDirective,
  frozen: FrozenDirective,
  most: number,
): Promise<number> {
  const now = Math.floor(await databaseNow(client));
  const head = headOf(stored);
  const settings = await settingsOf(client, head);
  const seeds = assignmentSeeds(frozen, stored.state.assigned, most);
  const units = seeds.map(({ unitId }) => unitId);
  const calendars = await calendarsOf(client, frozen.workingGroupId, units);
  // Received and happened at the one instant of issue; recorded now.
  const at: Circumstances = {
    actor: SYSTEM,
    document: null,
    receivedAt: frozen.issuedAt,
    happenedAt: frozen.issuedAt,
    recordedAt: now,
  };
  const armed = new Map([[stored.state.id, stored.armedAt]]);
  // A unit may have ended since the roster was frozen.
  await workHasCome(client, units);
  const underWay: MadeAssignment[] = [];
  await writeByParts(client, seeds, async (part) => {
    const assignments: AssignmentChange[] = [];
    for (const seed of part) {
      const calendar = calendars.get(seed.unitId) ?? frozen.calendar;
      const settings = await settingsOf(client, head, calendar);
      const event = await placed(client, assignedEvent(frozen, seed, newId()), frozen, settings);
      const change = changeAssignment(null, [event], { ...at, happenedAt: event.data.assignedAt }, settings);
      const hasPast = seed.task.underWay !== undefined;
      if (hasPast) underWay.push({ change, seed, settings });
      assignments.push(hasPast ? untold(change) : change);
    }
    return { assignments, referrals: [], armed };
  });
  await recordPast(client, underWay, { at, armed });
  const event = {
    type: 'assignments_made' as const,
    data: { at: now, count: seeds.length, assigned: stored.state.assigned + seeds.length },
  };
  await recordBySystem(client, stored, event, now, settings);
  return seeds.length;
}

/** A unit with a calendar of its own, or one that was edited since the issue, has its deadline by that one. */
async function placed(
  client: pg.PoolClient,
  event: EventOf<'assigned'>,
  frozen: FrozenDirective,
  own: Settings,
): Promise<EventOf<'assigned'>> {
  if (sameCalendar(frozen.calendar, own.calendar)) return event;
  const before = await calendarOf(client, frozen.calendar);
  return { ...event, data: underCalendar(event.data, before, own.calendar, own.policy.deadline) };
}
