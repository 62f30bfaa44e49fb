import { z } from 'zod';
import { Id } from '../../contracts/common.js';
import { deadlineEntries, FEED_NAME } from '../../engine/deadline-feed.js';
import { sheetWriterOf } from '../../engine/sheets.js';
import { type Route, route } from '../route.js';
import { begin, whileAllowed } from './exporting.js';

export const CALENDAR_TYPE = 'text/calendar';

const feed = route({
  method: 'get',
  path: '/v1/calendar.ics',
  operationId: 'getDeadlineFeed',
  tag: 'assignments',
  summary: { vi: 'Thời hạn dưới dạng lịch iCal', en: 'Deadlines as an iCalendar feed' },
  description:
    'Deadlines of assignments and reports from 180 days ago on: the own unit’s for an officer, else the Working Group’s. A deadline at the end of a day is an all-day entry, another an instant in UTC. There is no address with a secret in it: a calendar program signs in by Basic, with any user name and a token (of the scope to read alone) as the password.',
  query: z.strictObject({
    unit: Id.optional(),
    mine: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'Only assignments whose officer the caller is' }),
    of: z.enum(['all', 'assignments', 'reports']).default('all'),
  }),
  basic: true,
  success: { status: 200, media: [CALENDAR_TYPE] },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { query }) {
    const asked = { unitId: query.unit ?? null, mine: query.mine === 'true', of: query.of };
    const begun = await begin(deadlineEntries(call.engine, call.viewer, asked));
    await call.recordAccess(
      'exported',
      { kind: 'calendar', id: null },
      { format: 'ics', filters: { ...query } },
    );
    const entries = whileAllowed(call, begun);
    return {
      stream: sheetWriterOf(call.engine).calendar({
        name: FEED_NAME[call.locale],
        locale: call.locale,
        entries,
      }),
      headers: {
        'Content-Type': `${CALENDAR_TYPE}; charset=utf-8`,
        'Content-Disposition': 'inline; filename="calendar.ics"',
        'X-Content-Type-Options': 'nosniff',
      },
    };
  },
});

export const deadlineFeedRoutes: readonly Route[] = [feed];
