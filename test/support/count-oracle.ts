import type { AssignmentEvent } from '../../src/domain/assignment/events.js';
import { born, evolve } from '../../src/domain/assignment/evolve.js';
import type { SpanShape } from '../../src/domain/assignment/lateness.js';
import type { Assignment } from '../../src/domain/assignment/state.js';
import { type CountClass, classAt } from '../../src/domain/figures/classes.js';
import { type Brush, brushesOf } from '../../src/domain/figures/spans.js';
import type { World } from './world.js';

type Life = readonly { readonly event: AssignmentEvent; readonly recordedAt: number }[];

/** An assignment's state and the class in which it counts, or null before its life. */
interface Found {
  readonly state: Assignment;
  readonly class: CountClass;
}

/**
 * The class at one instant by what was recorded by another, straight from the events and without any interval: of
 * all that is known, what was recorded last holds from its own instant on.
 */
export function classOf(life: Life, asOf: number, knownAt: number): Found | null {
  let state: Assignment | null = null;
  let shape: Shown | null = null;
  let birth = Number.NEGATIVE_INFINITY;
  for (const { event, recordedAt } of life) {
    if (recordedAt > knownAt) break;
    const before: Assignment | null = state;
    state = before === null ? firstOf(event, recordedAt) : evolve(before, event, recordedAt);
    if (event.type === 'assigned') birth = event.data.assignedAt;
    for (const brush of brushesOf(before, event, state)) shape = touched(shape, brush, asOf, birth);
  }
  return state === null || shape === null ? null : { state, class: classAt(shape, asOf) };
}

function firstOf(event: AssignmentEvent, recordedAt: number): Assignment {
  if (event.type !== 'assigned') throw new Error('not a beginning');
  return born(event, recordedAt);
}

/** What is shown at an instant, since when, and whether something else is known to have followed. */
type Shown = SpanShape & { readonly since: number; readonly over: boolean };

function touched(shape: Shown | null, brush: Brush, asOf: number, birth: number): Shown | null {
  if (brush.kind === 'cut') {
    const since = Math.max(brush.from, birth);
    if (since <= asOf) return { ...brush.shape, since, over: false };
    return shape === null ? null : { ...shape, over: true };
  }
  if (shape === null || asOf < brush.from) return shape;
  if (brush.kind === 'move') {
    if (shape.dueAt !== brush.due) return shape;
    const { dueAt, late } = brush.shape;
    const cameLate = dueAt !== null && Math.floor(shape.since / 1000) * 1000 > dueAt;
    // Of a result that was given back, its own instant speaks; of any other, the judgement of today.
    const wasLate = late !== false && (shape.class !== 'awaiting' || cameLate);
    const stays = shape.over ? wasLate : late === true;
    return { ...shape, dueAt, late: shape.late === null ? null : shape.late && stays };
  }
  if (asOf >= brush.to) return shape;
  if (brush.kind === 'judge')
    return shape.class === 'awaiting'
      ? { ...shape, dueAt: brush.shape.dueAt, late: brush.shape.late }
      : shape;
  if (shape.class !== 'open' || shape.late !== null) return shape;
  return { ...shape, dueAt: null, late: shape.dueAt !== null && brush.from > shape.dueAt };
}

/** Every assignment's life, from the events. */
export async function livesOf(world: World): Promise<Life[]> {
  const rows = await world.sql<{
    subject_id: string;
    type: string;
    data: AssignmentEvent['data'];
    at: number;
  }>(
    `select subject_id, type, data, recorded_at as at from event where subject_kind = 'assignment' order by subject_id, seq`,
  );
  const lives = new Map<string, { event: AssignmentEvent; recordedAt: number }[]>();
  for (const { subject_id, type, data, at } of rows) {
    const life = lives.get(subject_id) ?? [];
    lives.set(subject_id, life);
    // The stored row is the event as the domain made it.
    life.push({ event: { type, data } as AssignmentEvent, recordedAt: at });
  }
  return [...lives.values()];
}

/** How many assignments are in each class, by a key of their state. */
export function tally(
  lives: readonly Life[],
  asOf: number,
  knownAt: number,
  keyOf: (state: Assignment) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const life of lives) {
    const found = classOf(life, asOf, knownAt);
    if (found === null) continue;
    const key = `${keyOf(found.state)} ${found.class}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The same by task: overdue if any of its assignments is, done when all of them are, late if any was. */
export function tallyTasks(lives: readonly Life[], asOf: number, knownAt: number): Record<string, number> {
  const tasks = new Map<string, CountClass[]>();
  for (const life of lives) {
    const found = classOf(life, asOf, knownAt);
    if (found === null || found.class === 'superseded') continue;
    const own = tasks.get(found.state.taskId) ?? [];
    tasks.set(found.state.taskId, own);
    own.push(found.class);
  }
  const counts: Record<string, number> = {};
  for (const classes of tasks.values()) {
    const name = ` ${taskClass(classes)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function taskClass(classes: readonly CountClass[]): CountClass {
  const any = (name: CountClass): boolean => classes.includes(name);
  const open = classes.filter((name) => name.startsWith('open') || name.startsWith('awaiting'));
  if (open.length > 0) {
    const when = open.some((name) => name.endsWith('overdue')) ? 'overdue' : 'in_time';
    return open.every((name) => name.startsWith('awaiting')) ? `awaiting_${when}` : `open_${when}`;
  }
  for (const name of ['suspended', 'regular', 'carried_over', 'done_late', 'done_on_time'] as const) {
    if (any(name)) return name;
  }
  return 'stopped';
}
