import { EventNotice, EventsQuery } from '../../contracts/events.js';
import {
  cursorFrom,
  cursorText,
  eventNotice,
  isWantedType,
  unknownTypeRefusal,
} from '../../engine/event-notice.js';
import { liveOf, type Notice } from '../../engine/live.js';
import { scopeOf } from '../../engine/read/view.js';
import { type Call, type Route, route } from '../route.js';
import { invalid } from '../validation.js';

const PING_MS = 15_000;
/** A token that is revoked, or a grant that has ended, ends the stream within this time and what identities are kept. */
const ASK_AGAIN_MS = 5_000;
/** What a browser waits before it connects again. */
const RETRY_MS = 2_000;

const follow = route({
  method: 'get',
  path: '/v1/events',
  operationId: 'followEvents',
  tag: 'integration',
  summary: { vi: 'Theo dõi sự kiện (server-sent events)', en: 'Follow the events as they are recorded' },
  description: [
    'A stream of server-sent events, within what the caller may read. The `event` is the type, `data` an `EventNotice`.',
    'Each has an `id`; sent back as `Last-Event-ID` the stream goes on behind it, with nothing lost and nothing twice.',
    'An event `reset` says that the record was restored: read again what you hold. A comment comes each 15 seconds.',
  ].join(' '),
  query: EventsQuery,
  success: { status: 200, media: ['text/event-stream'], streamed: EventNotice },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const stated = call.header('last-event-id');
    const from = stated === null || stated === '' ? null : cursorFrom(stated);
    if (stated !== null && stated !== '' && from === null) return badCursor();
    const types = query.type?.split(',') ?? [];
    const unknown = unknownTypeRefusal(types, () => '/query/type');
    if (unknown !== null) return unknown;
    const notices = liveOf(call.engine).follow(scopeOf(call.actor), {
      from,
      wants: (event) =>
        (query.directive === undefined || event.directive_id === query.directive) &&
        (query.assignment === undefined || event.subject_id === query.assignment) &&
        isWantedType(event, types),
      isOver: overWhen(call),
      quietEveryMs: PING_MS,
    });
    return {
      stream: texts(notices),
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache, no-transform',
        // A proxy that gathers the answer would hold events back.
        'X-Accel-Buffering': 'no',
      },
    };
  },
});

function badCursor() {
  const detail = {
    vi: 'Phải là id của một sự kiện đã nhận.',
    en: 'Must be the id of an event as it was received.',
  };
  return invalid([{ pointer: '/header/Last-Event-ID', code: 'wrong_format', detail }]);
}

/** A stream is over when the process stops, or when its caller could no longer ask for it. */
function overWhen(call: Call): () => Promise<boolean> {
  let askedAt = performance.now();
  return async () => {
    if (call.draining) return true;
    if (performance.now() - askedAt < ASK_AGAIN_MS) return false;
    askedAt = performance.now();
    return !(await call.stillAllowed());
  };
}

async function* texts(notices: AsyncIterable<Notice>): AsyncGenerator<string, void, undefined> {
  yield `retry: ${RETRY_MS}\n\n`;
  for await (const notice of notices) yield textOf(notice);
}

/** An id without data moves the cursor of the reader and tells it nothing. */
function textOf(notice: Notice): string {
  const id = `id: ${cursorText(notice.cursor)}\n`;
  if (notice.kind === 'quiet') return `: ping\n${id}\n`;
  if (notice.kind === 'reset') return `${id}event: reset\ndata: {}\n\n`;
  const body = eventNotice(notice.event);
  return `${id}event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;
}

export const eventRoutes: readonly Route[] = [follow];
