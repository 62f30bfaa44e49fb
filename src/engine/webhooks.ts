import { feedEdge } from '../db/read/feed.js';
import {
  changeWebhook,
  type DeliveryRow,
  insertWebhook,
  type LockedWebhook,
  listDeliveries,
  listWebhooks,
  lockWebhook,
  readWebhook,
  resend,
  rotateSecret,
  secretOf,
  type WebhookChange,
  type WebhookRow,
} from '../db/webhook-store.js';
import type { PersonActor } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { type Refusal, versionChanged } from '../domain/errors.js';
import { accessBy, type Origin, recordAccess } from './access-log.js';
import { type CommandTx, inCommand, refused } from './command.js';
import type { Engine } from './engine.js';
import { unknownTypeRefusal } from './event-notice.js';
import { newId } from './ids.js';
import { listName, numberPart, type Page, type PageRequest, pageOf, pageStart } from './read/page.js';
import { iso, isoOrNull, look, type Viewer } from './read/view.js';
import type { CommandRequest, Outcome } from './request.js';

export interface WebhookView {
  readonly id: string;
  readonly version: number;
  readonly label: string;
  readonly url: string;
  readonly types: readonly string[];
  readonly state: 'active' | 'disabled';
  readonly reason: string | null;
  readonly previousSecretUntil: string | null;
  readonly createdAt: string;
  readonly waiting: number;
  readonly dead: number;
}

export interface DeliveryView {
  readonly id: string;
  readonly type: string;
  readonly state: 'waiting' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
}

/** The secret until now signs as well for so long after a rotation. */
const OVERLAP_MS = 24 * 3_600_000;

const typeAt = (place: number): string => `/types/${place}`;

/** A webhook of the caller's office. It is told what happens from now on. */
export async function createWebhook(
  engine: Engine,
  request: CommandRequest,
  made: {
    readonly label: string;
    readonly url: string;
    readonly types: readonly string[];
    readonly secret: string;
  },
  origin: Origin,
): Promise<Outcome> {
  const unknown = unknownTypeRefusal(made.types, typeAt);
  if (unknown !== null) return unknown;
  return inCommand(engine, request, async (tx) => {
    const { workingGroupId, unitId, role, personId } = person(request);
    const id = newId();
    const from = await feedEdge(tx.client);
    await insertWebhook(tx.client, {
      ...made,
      id,
      workingGroupId,
      unitId,
      role,
      personId,
      from,
      at: tx.receivedAt,
    });
    await noteChange(tx, id, origin);
    return { status: 201, subjectId: id, version: 1 };
  });
}

/** `expected`: the version that the caller has read. */
export async function editWebhook(
  engine: Engine,
  request: CommandRequest,
  id: string,
  { expected, origin }: { readonly expected: number; readonly origin: Origin },
  change: WebhookChange,
): Promise<Outcome> {
  return onWebhook(engine, request, id, origin, async (tx, before) => {
    const unknown = unknownTypeRefusal(change.types ?? [], typeAt);
    if (unknown !== null) throw refused(unknown);
    if (before.row_version !== expected)
      throw refused(versionChanged({ vi: 'Webhook', en: 'webhook' }, before.row_version));
    const enabled = change.state === 'active' && before.state === 'disabled';
    await changeWebhook(tx.client, id, change, enabled ? await feedEdge(tx.client) : null);
    return before.row_version + 1;
  });
}

export async function removeWebhook(
  engine: Engine,
  request: CommandRequest,
  id: string,
  origin: Origin,
): Promise<Outcome> {
  return onWebhook(engine, request, id, origin, async (tx, before) => {
    await changeWebhook(tx.client, id, { state: 'removed' }, null);
    return before.row_version + 1;
  });
}

export async function rotateWebhookSecret(
  engine: Engine,
  request: CommandRequest,
  id: string,
  secret: string,
  origin: Origin,
): Promise<Outcome> {
  return onWebhook(engine, request, id, origin, async (tx, before) => {
    await rotateSecret(tx.client, id, secret, OVERLAP_MS);
    return before.row_version + 1;
  });
}

export async function resendDelivery(
  engine: Engine,
  request: CommandRequest,
  id: string,
  deliveryId: string,
  origin: Origin,
): Promise<Outcome> {
  return onWebhook(engine, request, id, origin, async (tx, before) => {
    if (!(await resend(tx.client, id, deliveryId))) throw refused(notFound());
    return before.row_version;
  });
}

async function onWebhook(
  engine: Engine,
  request: CommandRequest,
  id: string,
  origin: Origin,
  work: (tx: CommandTx, before: LockedWebhook) => Promise<number>,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const before = await lockWebhook(tx.client, id, person(request));
    if (before === null) throw refused(notFound());
    const version = await work(tx, before);
    await noteChange(tx, id, origin);
    return { status: 200, subjectId: id, version };
  });
}

/** Last of all in the transaction: the lock of the access log is. */
async function noteChange({ client, request }: CommandTx, id: string, origin: Origin): Promise<void> {
  const subject = { kind: 'webhook', id };
  await recordAccess(client, accessBy(person(request), origin, 'webhook_changed', subject));
}

function person({ actor }: CommandRequest): PersonActor {
  if (actor.kind === 'person') return actor;
  throw refused(notFound());
}

function viewOf(row: WebhookRow): WebhookView {
  return {
    id: row.id,
    version: row.row_version,
    label: row.label,
    url: row.url,
    types: row.types,
    state: row.state,
    reason: row.reason,
    previousSecretUntil: isoOrNull(row.old_secret_until),
    createdAt: iso(row.created_at),
    waiting: row.waiting,
    dead: row.dead,
  };
}

export async function webhooksOf(engine: Engine, viewer: Viewer): Promise<readonly WebhookView[]> {
  return (await look(engine, viewer, listWebhooks)).map(viewOf);
}

export async function getWebhook(engine: Engine, viewer: Viewer, id: string): Promise<WebhookView | Refusal> {
  const row = await look(engine, viewer, async (client) => readWebhook(client, id));
  return row === null ? notFound() : viewOf(row);
}

/** With its secret: only for the answer to whoever has just made or rotated it. */
export async function getWebhookWithSecret(
  engine: Engine,
  viewer: Viewer,
  id: string,
): Promise<(WebhookView & { readonly secret: string }) | Refusal> {
  const view = await getWebhook(engine, viewer, id);
  if ('refused' in view) return view;
  return { ...view, secret: (await secretOf(engine.writer, id)) ?? '' };
}

export async function deliveriesPage(
  engine: Engine,
  viewer: Viewer,
  id: string,
  state: string | null,
  request: PageRequest,
): Promise<Page<DeliveryView> | Refusal> {
  const list = listName('webhook-deliveries', { id, state });
  const before = numberPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, async (client) => {
    if ((await readWebhook(client, id)) === null) return null;
    return listDeliveries(client, id, state, before, request.limit + 1);
  });
  if (rows === null) return notFound();
  return pageOf(engine, list, request.limit, rows, (row) => [row.event_number], deliveryView);
}

function deliveryView(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    type: row.event_type,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.state === 'waiting' ? iso(row.next_at) : null,
    status: row.last_status,
    error: row.last_error,
    createdAt: iso(row.created_at),
    deliveredAt: isoOrNull(row.delivered_at),
  };
}
