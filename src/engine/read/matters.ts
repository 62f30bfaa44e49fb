import type { Queryable } from '../../db/pool.js';
import { matterEvents, type TimelineRow } from '../../db/read/events.js';
import { listMatters, type MatterFilter, type MatterRow } from '../../db/read/matters.js';
import type { Matter } from '../../domain/assignment/state.js';
import type { Engine } from '../engine.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { entryOf, type TimelineEntry } from './timeline.js';
import { iso, isoOrNull, type Locale, look, type UnitRef, type Viewer } from './view.js';

/** What an assignment carries beside its state. Fields that its kind does not have are null. */
export interface MatterView {
  readonly id: string;
  readonly kind: Matter['kind'];
  readonly state: string;
  readonly openedAt: string;
  /** Extension: the deadline asked for, as typed and resolved. */
  readonly phrase: string | null;
  readonly askedFor: string | null;
  readonly inTime: boolean | null;
  readonly grantedTo: string | null;
  /** Obstacle and cause: from the fixed list. */
  readonly cause: string | null;
  readonly objective: boolean | null;
  /** Obstacle: the unit that may answer; null where an outside body holds it. */
  readonly holderUnitId: string | null;
  /** Contribution: the coordinating unit that was asked. */
  readonly askedUnitId: string | null;
  /** Contribution and explanation: until when. */
  readonly dueAt: string | null;
  /** Contest: why. */
  readonly reason: string | null;
  /** What was said about it, in order; null in lists of assignments. */
  readonly history: readonly TimelineEntry[] | null;
}

const NOTHING = {
  phrase: null,
  askedFor: null,
  inTime: null,
  grantedTo: null,
  cause: null,
  objective: null,
  holderUnitId: null,
  askedUnitId: null,
  dueAt: null,
  reason: null,
} as const;

export function matterView(matter: Matter, history: readonly TimelineEntry[] | null): MatterView {
  const { id, kind, state, openedAt } = matter;
  return { ...NOTHING, ...own(matter), id, kind, state, openedAt: iso(openedAt), history };
}

function own(matter: Matter): Partial<MatterView> {
  switch (matter.kind) {
    case 'extension':
      return {
        phrase: matter.phrase,
        askedFor: iso(matter.askedFor),
        inTime: matter.inTime,
        grantedTo: isoOrNull(matter.grantedTo),
      };
    case 'obstacle':
      return { cause: matter.cause, holderUnitId: matter.holderUnitId };
    case 'cause':
      return { cause: matter.cause, objective: matter.objective };
    case 'contribution':
      return { askedUnitId: matter.askedUnitId, dueAt: iso(matter.dueAt) };
    case 'explanation':
      return { dueAt: iso(matter.dueAt) };
    case 'contest':
      return { reason: matter.reason };
  }
}

/** What was said about each matter of some assignments, by the matter's id. */
export async function matterHistories(
  db: Queryable,
  assignmentIds: readonly string[],
  locale: Locale,
): Promise<ReadonlyMap<string, TimelineEntry[]>> {
  const histories = new Map<string, TimelineEntry[]>();
  for (const row of await matterEvents(db, assignmentIds)) {
    const id = matterIdOf(row);
    if (id === null) continue;
    const history = histories.get(id) ?? [];
    history.push(entryOf(row, locale));
    histories.set(id, history);
  }
  return histories;
}

function matterIdOf(row: TimelineRow): string | null {
  const id = row.data.matterId;
  return typeof id === 'string' ? id : null;
}

/** A matter with the assignment it belongs to. */
export interface ListedMatter extends MatterView {
  readonly assignmentId: string;
  readonly unit: UnitRef;
  readonly task: { readonly code: string | null; readonly title: string };
  readonly directive: { readonly id: string; readonly number: string | null };
}

/** Extensions or obstacles, the newest first. */
export async function mattersPage(
  engine: Engine,
  viewer: Viewer,
  filter: MatterFilter,
  request: PageRequest,
): Promise<Page<ListedMatter>> {
  const list = listName('matters', filter);
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const { rows, histories } = await look(engine, viewer, async (client) => {
    const found = await listMatters(client, filter, after, request.limit + 1);
    const ids = [...new Set(found.map((row) => row.assignment_id))];
    return { rows: found, histories: await matterHistories(client, ids, viewer.locale) };
  });
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.body.id],
    (row) => listed(row, histories.get(row.body.id) ?? []),
  );
}

function listed(row: MatterRow, history: readonly TimelineEntry[]): ListedMatter {
  return {
    ...matterView(row.body, history),
    assignmentId: row.assignment_id,
    unit: row.unit,
    task: { code: row.task_code, title: row.task_title },
    directive: { id: row.directive_id, number: row.directive_number },
  };
}
