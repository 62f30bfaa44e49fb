import { openAssignmentIds } from '../db/assignment-store.js';
import {
  insertVersion,
  loadVersion,
  type StoredDirective,
  saveDirective,
  saveTasks,
} from '../db/directive-store.js';
import { futureDocument } from '../domain/decision.js';
import { notYetAssigned } from '../domain/directive/decide.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import { correct, type ErratumInput } from '../domain/directive/erratum.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import { type FrozenDirective, plannedCount } from '../domain/directive/freeze.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { Circumstances } from './changes.js';
import { type CommandTx, circumstances, inCommand, refused } from './command.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { contentDigest, headOf, onDirective } from './directive-frame.js';
import type { Engine } from './engine.js';
import { runAssignments } from './execute.js';
import type { CommandRequest, Outcome } from './request.js';
import { type Settings, settingsFrom, settingsOf } from './settings.js';

/** Puts number, date, signer, issuer or parent documents right, by a traced act; nothing else changes. */
export async function correctDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  { reason, ...input }: ErratumInput & { readonly reason: string },
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'correct', async (stored, at) => {
      const unready = notYetAssigned(stored.state);
      if (unready !== null) throw refused(unready);
      await refuseFuture(tx, stored, input.documentDate);
      const before = await inForce(tx, stored);
      if (before.content.provisional) throw refused(provisional());
      const corrected = correct(before, stored.content, input);
      if (isRefusal(corrected)) throw refused(corrected);
      const { next, content, corrections } = corrected;
      const event: DirectiveEvent = {
        type: 'corrected',
        data: { at: at.happenedAt, version: next.version, digest: contentDigest(next), corrections },
        text: { reason },
      };
      const { version } = await putInForce(tx, stored, at, { next, content, event });
      return { status: 200, version };
    }),
  );
}

/** The document that confirms what was given by word of mouth. */
export interface ConfirmingDocument {
  readonly number: string;
  readonly documentDate: string;
  readonly signer?: string | undefined;
  readonly issuer?: string | undefined;
  /** For assignments whose named deadline has passed meanwhile: asked, never guessed. */
  readonly pastDeadline?: string | undefined;
}

/**
 * Enters the confirming document: from now on deadlines judge and the ladder runs. Counted deadlines count from
 * here, named ones stay; one that is past needs a new one, for nobody can be late for what was not yet in force.
 */
export async function confirmDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  { pastDeadline, ...document }: ConfirmingDocument,
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'confirm_document', async (stored, at) => {
      const unready = notYetAssigned(stored.state);
      if (unready !== null) throw refused(unready);
      const before = await inForce(tx, stored);
      if (!before.content.provisional) throw refused(notProvisional());
      await refuseFuture(tx, stored, document.documentDate);
      const given = {
        number: document.number,
        documentDate: document.documentDate,
        signer: document.signer ?? stored.content.signer,
        issuer: document.issuer ?? stored.content.issuer,
        provisional: false,
      };
      const next: FrozenDirective = {
        ...before,
        version: before.version + 1,
        content: { ...before.content, ...given },
        tasks: before.tasks.map((task) => ({ ...task, brings: [] })),
        base: plannedCount(before),
      };
      const content = { ...stored.content, ...given };
      const event: DirectiveEvent = {
        type: 'document_confirmed',
        data: {
          at: at.happenedAt,
          version: next.version,
          digest: contentDigest(next),
          number: document.number,
          documentDate: document.documentDate,
        },
      };
      const { version, settings } = await putInForce(tx, stored, at, { next, content, event });
      await bind(tx, id, { version: next.version, pastDeadline: pastDeadline ?? null }, settings);
      return { status: 200, version };
    }),
  );
}

async function bind(
  tx: CommandTx,
  directiveId: string,
  input: { readonly version: number; readonly pastDeadline: string | null },
  settings: Settings,
): Promise<void> {
  const ids = await openAssignmentIds(tx.client, directiveId, null);
  const results = await runAssignments(
    tx.client,
    ids,
    { action: 'confirm_document', input },
    (last) => circumstances(tx, last),
    settings,
  );
  for (const result of results.values()) {
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw refused(result);
  }
}

async function inForce(tx: CommandTx, stored: StoredDirective): Promise<FrozenDirective> {
  const frozen = await loadVersion(tx.client, stored.state.id, stored.state.frozenVersion);
  if (frozen === null) throw new Error(`Directive ${stored.state.id} has no frozen version`);
  return frozen;
}

/** A further version, whose event is the act's own. It plans nothing earlier: the process need not hear of it. */
async function putInForce(
  tx: CommandTx,
  stored: StoredDirective,
  at: Circumstances,
  { next, content, event }: { next: FrozenDirective; content: DirectiveContent; event: DirectiveEvent },
): Promise<{ version: number; settings: Settings }> {
  const { calendar } = await settingsOf(tx.client, headOf(stored));
  const settings = settingsFrom(next, calendar, stored.state.state, stored.carriedUntil);
  await insertVersion(tx.client, next);
  await saveTasks(tx.client, next);
  const change = changeDirective(stored, [event], at, stored.standingAgencyId, settings);
  const version = stored.rowVersion + 1;
  await saveDirective(tx.client, {
    ...stored,
    state: change.state,
    content,
    headHash: change.headHash,
    rowVersion: version,
  });
  await flushDirective(tx.client, change, settings);
  return { version, settings };
}

async function refuseFuture(tx: CommandTx, stored: StoredDirective, date: string | undefined): Promise<void> {
  if (date === undefined) return;
  const { calendar } = await settingsOf(tx.client, headOf(stored));
  const future = futureDocument({ number: '', date }, tx.receivedAt, calendar);
  if (future !== null) throw refused(future);
}

function provisional(): Refusal {
  return refuse('directive_not_ready', {
    vi: 'Văn bản còn là chỉ đạo miệng: nhập văn bản xác nhận trước (confirm-document).',
    en: 'The directive was given by word of mouth: enter its confirming document first (confirm-document).',
  });
}

function notProvisional(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Văn bản đã có số; sửa sai sót bằng đính chính (erratum).',
    en: 'The directive has its number already; mistakes are put right by an erratum.',
  });
}
