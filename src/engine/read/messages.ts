import { countUnread, listMessages, type MessageRow } from '../../db/read/messages.js';
import { notFound } from '../../domain/assignment/access.js';
import type { Refusal } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import { lineWriterOf } from '../lines.js';
import type { LineText } from '../ports.js';
import { listName, type Page, type PageRequest, pageOf, pageStart, textPart } from './page.js';
import { iso, isoOrNull, look, type Viewer } from './view.js';

/** One thing that was told to the viewer, or to the office in which they act, in their language. */
export interface MessageView {
  readonly id: string;
  /** When it was opened: as the office's hours did. */
  readonly at: string;
  readonly readAt: string | null;
  /** To the viewer in person, or to the office. */
  readonly personal: boolean;
  readonly template: string;
  readonly subject: string;
  readonly text: string;
  readonly rows: LineText['rows'];
  readonly deadline: string | null;
  readonly assignmentId: string | null;
  readonly directiveId: string | null;
  readonly reportId: string | null;
  readonly referralId: string | null;
  /** The step that it tells of: acknowledging that stops its repeats, reading does not. */
  readonly escalationId: string | null;
}

export interface MessagesPage extends Page<MessageView> {
  /** Not read by the viewer; counted up to 1,000. */
  readonly unread: number;
}

const MOST_UNREAD = 1_000;

/** What was told to the viewer, the newest first. */
export async function messagesPage(
  engine: Engine,
  viewer: Viewer,
  unread: boolean,
  request: PageRequest,
): Promise<MessagesPage> {
  const list = listName('messages', { unread });
  const after = textPart(await pageStart(engine, list, request.cursor), 0);
  const { rows, count } = await look(engine, viewer, async (client) => ({
    rows: await listMessages(client, { id: null, unread }, after, request.limit + 1),
    count: await countUnread(client, MOST_UNREAD),
  }));
  const view = (row: MessageRow): MessageView => messageView(engine, viewer, row);
  const page = await pageOf(engine, list, request.limit, rows, (row) => [row.id], view);
  return { ...page, unread: count };
}

export async function getMessage(engine: Engine, viewer: Viewer, id: string): Promise<MessageView | Refusal> {
  const [row] = await look(engine, viewer, (client) => listMessages(client, { id, unread: false }, null, 1));
  return row === undefined ? notFound() : messageView(engine, viewer, row);
}

function messageView(engine: Engine, { locale, actor }: Viewer, row: MessageRow): MessageView {
  const given = (name: string): string | null => {
    const value = row.params[name];
    return value === undefined || value === null ? null : String(value);
  };
  const { subject, text, rows } = lineWriterOf(engine).line(
    {
      template: row.template,
      params: row.params,
      code: given('code') ?? row.code,
      title: given('title') ?? row.title,
      deadline: row.deadline,
      directiveNumber: given('directiveNumber') ?? row.directive_number,
      directiveTitle: given('directiveTitle') ?? row.directive_title,
      unitName: given('unitName') ?? row.unit_name,
      assignmentId: row.assignment_id,
      directiveId: row.directive_id,
    },
    locale,
  );
  return {
    id: row.id,
    at: iso(row.opened_at),
    readAt: isoOrNull(row.read_at),
    personal: row.personal,
    template: row.template,
    ...{ subject, text, rows },
    deadline: isoOrNull(row.deadline),
    assignmentId: row.assignment_id,
    directiveId: row.directive_id,
    reportId: row.report_id,
    referralId: row.referral_id,
    // Only a unit acknowledges; what is told to an office of the Working Group is not repeated.
    escalationId: actor.role === 'unit' ? row.step_id : null,
  };
}
