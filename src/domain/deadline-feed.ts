import type { Instant, IsoDate } from './instant.js';

/** One deadline as calendar programs show it. */
export interface FeedEntry {
  /** The same for the same deadline, whatever becomes of it. */
  readonly uid: string;
  /** Grows with every change. */
  readonly sequence: number;
  readonly modifiedAt: Instant;
  /** A whole day where the deadline is the end of one, else the instant. */
  readonly when: { readonly day: IsoDate } | { readonly at: Instant };
  /** Tentative while its clock stands still, cancelled where nothing is owed any more. */
  readonly status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
  readonly summary: string;
  readonly description: string;
  readonly category: string;
}

/** Deadlines as a calendar, in one language; its entries come as they are read. */
export interface DeadlineFeed {
  readonly name: string;
  readonly locale: 'vi' | 'en';
  readonly entries: AsyncIterable<readonly FeedEntry[]>;
}

const VIETNAM_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;
/** A named date ends with its last second. */
const LAST_SECOND_MS = DAY_MS - 1_000;

/** The day whose end this is, or the instant itself. */
export function whenOf(dueAt: Instant): FeedEntry['when'] {
  const local = dueAt + VIETNAM_MS;
  const inDay = ((local % DAY_MS) + DAY_MS) % DAY_MS;
  return inDay >= LAST_SECOND_MS ? { day: new Date(local).toISOString().slice(0, 10) } : { at: dueAt };
}
