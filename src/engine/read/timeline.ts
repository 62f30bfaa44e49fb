import { seesAssignment } from '../../db/read/assignments.js';
import { readDirective } from '../../db/read/directives.js';
import { assignmentLife, directiveEvents, subjectEvents, type TimelineRow } from '../../db/read/events.js';
import type { DocumentReference, Role } from '../../domain/actor.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import { listName, numberPart, type Page, type PageRequest, pageOf, pageStart } from './page.js';
import { inLocale, iso, type Locale, look, type Viewer } from './view.js';
import { eventWords } from './words.js';

/** One event in words. `at` is judged, `recordedAt` when it entered the record. */
export interface TimelineEntry {
  readonly subject: {
    readonly kind: 'directive' | 'assignment' | 'referral' | 'obligation' | 'regime';
    readonly id: string;
  };
  readonly seq: number;
  readonly type: string;
  readonly words: string;
  readonly at: string;
  readonly receivedAt: string;
  readonly recordedAt: string;
  readonly actor: {
    readonly kind: 'person' | 'clock' | 'system';
    readonly name: string | null;
    readonly role: Role | null;
    readonly unit: string | null;
  };
  readonly document: DocumentReference | null;
  /** What the person wrote, by the field's name. */
  readonly text: Readonly<Record<string, string>>;
  /** Of a predecessor's life: the unit that led then. */
  readonly formerUnit: string | null;
}

export function entryOf(row: TimelineRow, locale: Locale): TimelineEntry {
  const person = row.actor.kind === 'person' ? row.actor : null;
  return {
    subject: { kind: row.subject_kind, id: row.subject_id },
    seq: row.seq,
    type: row.type,
    words: inLocale(eventWords(row.subject_kind, row.type, row.data, person?.role ?? null), locale),
    at: iso(row.happened_at),
    receivedAt: iso(row.received_at),
    recordedAt: iso(row.recorded_at),
    actor: {
      kind: row.actor.kind,
      name: person?.name ?? null,
      role: person?.role ?? null,
      unit: row.actor_unit,
    },
    document: row.document,
    text: row.text ?? {},
    formerUnit: row.former_unit ?? null,
  };
}

/** What happened to an assignment and to those that it goes on with, as far as the viewer may know it. */
export async function assignmentTimeline(
  engine: Engine,
  viewer: Viewer,
  id: string,
  request: PageRequest,
): Promise<Page<TimelineEntry> | Refusal> {
  const list = listName('assignment-timeline', id);
  const after = numberPart(await pageStart(engine, list, request.cursor), 0) ?? 0;
  const rows = await look(engine, viewer, async (client) =>
    (await seesAssignment(client, id)) ? assignmentLife(client, id, after, request.limit + 1) : null,
  );
  // Each assignment has its first event: who sees none of them reads the assignment and not what happened to it.
  if (rows === null || (after === 0 && rows.length === 0)) return notFound();
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.number],
    (row) => entryOf(row, viewer.locale),
  );
}

/** What happened to a directive itself; with `all` also to its assignments and cases. */
export async function directiveTimeline(
  engine: Engine,
  viewer: Viewer,
  id: string,
  subjects: 'directive' | 'all',
  request: PageRequest,
): Promise<Page<TimelineEntry> | Refusal> {
  const list = listName('directive-timeline', { id, subjects });
  const after = numberPart(await pageStart(engine, list, request.cursor), 0) ?? 0;
  const most = request.limit + 1;
  const rows = await look(engine, viewer, async (client) => {
    if ((await readDirective(client, id)) === null) return null;
    return subjects === 'all'
      ? directiveEvents(client, id, after, most)
      : subjectEvents(client, 'directive', id, after, most);
  });
  if (rows === null) return notFound();
  const key = (row: TimelineRow) => [subjects === 'all' ? row.number : row.seq];
  return pageOf(engine, list, request.limit, rows, key, (row) => entryOf(row, viewer.locale));
}
