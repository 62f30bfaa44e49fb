import { listReferrals, type ReferralRow } from '../../db/read/referrals.js';
import { localDate } from '../../domain/calendar.js';
import { OFFICE_HOURS } from '../../domain/calendars/office-hours.js';
import type { Engine } from '../engine.js';
import { type ReferralView, referralView } from './referrals.js';
import { look, type Viewer } from './view.js';

/** Proposals of one closing date: what one signed letter may send. */
export interface ReferralListView {
  readonly closingOn: string;
  readonly counts: {
    readonly cases: number;
    readonly objected: number;
    readonly held: number;
    readonly awaitingRelease: number;
  };
  readonly cases: readonly ReferralView[];
}

const BEFORE = ['proposed', 'objected', 'rejected', 'awaiting_release'] as const;
const ANY = { id: null, directiveId: null, assignmentId: null, unitId: null } as const;
/** More than a Working Group ever has waiting. */
const MOST = 2_000;

/** Cases that have not gone yet, by the local date on which the time to object ends; the earliest first. */
export async function referralLists(engine: Engine, viewer: Viewer): Promise<ReferralListView[]> {
  const rows = await look(engine, viewer, (client) =>
    listReferrals(client, { ...ANY, states: BEFORE }, null, MOST),
  );
  const lists = new Map<string, ReferralRow[]>();
  for (const row of rows) {
    const day = localDate(OFFICE_HOURS, row.body.windowEndsAt);
    const list = lists.get(day) ?? [];
    list.push(row);
    lists.set(day, list);
  }
  return [...lists]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, list]) => listOf(day, list, viewer));
}

function listOf(closingOn: string, rows: readonly ReferralRow[], viewer: Viewer): ReferralListView {
  const count = (state: ReferralRow['body']['state']): number =>
    rows.filter(({ body }) => body.state === state).length;
  return {
    closingOn,
    counts: {
      cases: rows.length,
      objected: count('objected'),
      held: rows.filter(({ body }) => body.held).length,
      awaitingRelease: count('awaiting_release'),
    },
    cases: rows.map((row) => referralView(row, viewer, null)),
  };
}

/** Some cases, as they are listed. */
export async function referralsOf(
  engine: Engine,
  viewer: Viewer,
  ids: readonly string[],
): Promise<ReferralView[]> {
  const rows = await look(engine, viewer, async (client) => {
    const found: ReferralRow[] = [];
    for (const id of new Set(ids)) {
      found.push(...(await listReferrals(client, { ...ANY, id, states: null }, null, 1)));
    }
    return found;
  });
  return rows.map((row) => referralView(row, viewer, null));
}
