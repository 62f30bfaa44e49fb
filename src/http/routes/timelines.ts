import type { Refusal } from '../../domain/errors.js';
import { TIMELINE_TABLE } from '../../engine/export/follow-through.js';
import type { Page, PageRequest } from '../../engine/read/page.js';
import type { TimelineEntry } from '../../engine/read/timeline.js';
import type { Call } from '../route.js';
import { listOrRefusal } from './exporting.js';

type Query = Parameters<typeof listOrRefusal>[1];

/** A page of a timeline, or all of it as a file. What it shows of cases is in the access log, as their list is. */
export async function timelineReply(
  call: Call,
  query: Query,
  read: (request: PageRequest) => Promise<Page<TimelineEntry> | Refusal>,
) {
  const reply = await listOrRefusal(call, query, TIMELINE_TABLE, read);
  if (!('body' in reply)) return reply;
  const cases = reply.body.items.filter(({ subject }) => subject.kind === 'referral');
  const ids = [...new Set(cases.map(({ subject }) => subject.id))];
  if (ids.length > 0) await call.recordAccess('listed', { kind: 'referral', id: null }, { ids });
  return reply;
}
