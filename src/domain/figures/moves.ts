import type { Instant } from '../instant.js';
import { type CountClass, classAt, turnsOverdueAt } from './classes.js';
import type { Span } from './spans.js';

/** One thing that counts goes from one class to another at an instant; null is before its life. */
export interface Move {
  readonly at: Instant;
  readonly from: CountClass | null;
  readonly to: CountClass | null;
}

/** The moves of a life: its first class, each change, and time passing its deadlines. */
export function movesOf(life: readonly Span[]): Move[] {
  const moves: Move[] = [];
  let last: CountClass | null = null;
  const go = (at: Instant, to: CountClass): void => {
    if (to !== last) moves.push({ at, from: last, to });
    last = to;
  };
  for (const span of life) {
    go(span.from, classAt(span, span.from));
    const overdue = turnsOverdueAt(span);
    if (overdue !== null && overdue > span.from && (span.to === null || overdue < span.to)) {
      go(overdue, 'open_overdue');
    }
  }
  return moves;
}

/**
 * The moves that make one life of another: what no longer holds is taken back at its own instant. Adding them to
 * the moves of the first gives the counts of the second at every instant.
 */
export function movesBetween(old: readonly Span[], next: readonly Span[]): Move[] {
  const net = new Map<Instant, Map<CountClass, number>>();
  const add = (moves: readonly Move[], sign: 1 | -1): void => {
    for (const { at, from, to } of moves) {
      const classes = net.get(at) ?? new Map<CountClass, number>();
      net.set(at, classes);
      if (to !== null) classes.set(to, (classes.get(to) ?? 0) + sign);
      if (from !== null) classes.set(from, (classes.get(from) ?? 0) - sign);
    }
  };
  add(movesOf(old), -1);
  add(movesOf(next), 1);
  return [...net].sort(([one], [other]) => one - other).flatMap(([at, classes]) => paired(at, classes));
}

/** Pairs what leaves with what comes at one instant. */
function paired(at: Instant, classes: ReadonlyMap<CountClass, number>): Move[] {
  const of = (sign: 1 | -1): CountClass[] =>
    [...classes].flatMap(([name, n]) =>
      Array.from({ length: Math.max(0, n * sign) }, (): CountClass => name),
    );
  const left = of(-1);
  const come = of(1);
  return Array.from({ length: Math.max(left.length, come.length) }, (_, place) => ({
    at,
    from: left[place] ?? null,
    to: come[place] ?? null,
  }));
}
