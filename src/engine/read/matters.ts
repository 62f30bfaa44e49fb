import type { Queryable } from '../../db/pool.js';
import { matterEvents, type TimelineRow } from '../../db/read/events.js';
import { listMatters, type MatterFilter, type MatterRow } from '../../db/read/matters.js';
import { isOverdue } from '../../domain/assignment/contributions.js';
import {
  type DecidingBody,
  isPending,
  type Matter,
  type OutsideBody,
} from '../../domain/assignment/state.js';
import type { Instant } from '../../domain/instant.js';
import type { Engine } from '../engine.js';
import { matterWords } from './matter-words.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { entryOf, type TimelineEntry } from './timeline.js';
import { inLocale, iso, isoOrNull, type Locale, look, type UnitRef, type Viewer } from './view.js';

/** What an assignment carries beside its state. Fields that its kind does not have are null. */
export interface MatterView {
  readonly id: string;
  readonly kind: Matter['kind'];
  readonly state: string;
  /** Somebody still has to answer, confirm or resolve it; `words` is the state in the viewer's language. */
  readonly pending: boolean;
  readonly words: string;
  readonly openedAt: string;
  /** Extension: the deadline asked for, as typed and resolved. */
  readonly phrase: string | null;
  readonly askedFor: string | null;
  readonly inTime: boolean | null;
  readonly grantedTo: string | null;
  /** Obstacle and cause: from the fixed list. */
  readonly cause: string | null;
  readonly objective: boolean | null;
  /** Cause: who decided; null while it is pending. */
  readonly decidedBy: DecidingBody | null;
  /** Obstacle: the unit that may answer, or the body outside of the system that holds it with its letter. */
  readonly holderUnitId: string | null;
  readonly outside: OutsideBody | null;
  /** Contribution: the coordinating unit that was asked. */
  readonly askedUnitId: string | null;
  readonly answeredAt: string | null;
  readonly overdue: boolean | null;
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
  decidedBy: null,
  holderUnitId: null,
  outside: null,
  askedUnitId: null,
  answeredAt: null,
  overdue: null,
  dueAt: null,
  reason: null,
} as const;

/** How a matter is shown at an instant, with what was said about it. */
export function matterView(
  matter: Matter,
  { now, locale }: { readonly now: Instant; readonly locale: Locale },
  history: readonly TimelineEntry[] | null,
): MatterView {
  const { id, kind, state, openedAt } = matter;
  const words = inLocale(matterWords(matter), locale);
  const pending = isPending(matter);
  return {
    ...NOTHING,
    ...own(matter, now),
    ...{ id, kind, state, pending, words, openedAt: iso(openedAt), history },
  };
}

function own(matter: Matter, now: Instant): Partial<MatterView> {
  switch (matter.kind) {
    case 'extension':
      return {
        phrase: matter.phrase,
        askedFor: iso(matter.askedFor),
        inTime: matter.inTime,
        grantedTo: isoOrNull(matter.grantedTo),
      };
    case 'obstacle':
      return {
        cause: matter.cause,
        holderUnitId: matter.holderUnitId,
        outside: matter.outside ?? null,
      };
    case 'cause':
      return {
        cause: matter.cause,
        objective: matter.objective,
        decidedBy: matter.decided?.by ?? null,
      };
    case 'contribution':
      return {
        askedUnitId: matter.askedUnitId,
        dueAt: iso(matter.dueAt),
        answeredAt: isoOrNull(matter.answeredAt),
        overdue: isOverdue(matter, now),
      };
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

/** Extensions, obstacles or contributions, the newest first. */
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
    (row) => listed(row, viewer.locale, histories.get(row.body.id) ?? []),
  );
}

function listed(row: MatterRow, locale: Locale, history: readonly TimelineEntry[]): ListedMatter {
  return {
    ...matterView(row.body, { now: row.now, locale }, history),
    assignmentId: row.assignment_id,
    unit: row.unit,
    task: { code: row.task_code, title: row.task_title },
    directive: { id: row.directive_id, number: row.directive_number },
  };
}
