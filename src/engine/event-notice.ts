import type { FeedCursor, FeedRow } from '../db/read/feed.js';
import { type Refusal, wrongField } from '../domain/errors.js';
import { EVENT_TYPES } from './read/words.js';

/** One event as followers are told of it: thin; whoever wants more reads the subject with their own rights. */
export interface EventNotice {
  readonly type: string;
  readonly subject: { readonly kind: FeedRow['subject_kind']; readonly id: string };
  readonly version: number;
  readonly directiveId: string | null;
  readonly unitId: string | null;
  readonly happenedAt: string;
  readonly recordedAt: string;
  readonly href: string;
}

const PATHS: Readonly<Record<FeedRow['subject_kind'], string>> = {
  directive: 'directives',
  assignment: 'assignments',
  referral: 'referrals',
  obligation: 'reports',
  regime: 'reporting-regimes',
};

export const eventType = (event: FeedRow): string => `${event.subject_kind}.${event.type}`;

export function eventNotice(event: FeedRow): EventNotice {
  return {
    type: eventType(event),
    subject: { kind: event.subject_kind, id: event.subject_id },
    version: event.seq,
    directiveId: event.directive_id,
    unitId: event.unit_id,
    happenedAt: new Date(event.happened_at).toISOString(),
    recordedAt: new Date(event.recorded_at).toISOString(),
    href: `/v1/${PATHS[event.subject_kind]}/${event.subject_id}`,
  };
}

/** Whether a type is among those asked for; none asked for is all. */
export const isWantedType = (event: FeedRow, types: readonly string[]): boolean =>
  types.length === 0 || types.includes(event.subject_kind) || types.includes(eventType(event));

/** A type that no event has is a slip of the pen, and would be waited for in vain. `at` names its field. */
export function unknownTypeRefusal(types: readonly string[], at: (place: number) => string): Refusal | null {
  const place = types.findIndex((type) => !EVENT_TYPES.includes(type));
  const [type = '', kind = ''] = [types[place], types[place]?.split('.')[0]];
  if (place < 0) return null;
  const near = EVENT_TYPES.filter((one) => one.startsWith(`${kind}.`));
  const known = (near.length > 0 ? near : EVENT_TYPES.filter((one) => !one.includes('.'))).join(', ');
  return wrongField(at(place), 'unknown_type', {
    vi: `Không có loại sự kiện «${type}». Các loại có: ${known}.`,
    en: `There is no type of event "${type}". There are: ${known}.`,
  });
}

export const cursorText = (cursor: FeedCursor): string => `${cursor.epoch}.${cursor.xid}.${cursor.number}`;

const MOST_XID = 2n ** 64n;

/** A cursor as it was given out; null where it is none. */
export function cursorFrom(text: string): FeedCursor | null {
  const parts = /^(\d{1,9})\.(\d{1,20})\.(\d{1,15})$/.exec(text);
  if (parts === null) return null;
  const [, epoch = '', xid = '', number = ''] = parts;
  return BigInt(xid) < MOST_XID ? { epoch: Number(epoch), xid, number: Number(number) } : null;
}
