import { countOpen, openAssignmentIds } from '../db/assignment-store.js';
import {
  deleteDraftRow,
  insertTasks,
  insertVersion,
  loadDirective,
  loadWorkingGroup,
  type StoredDirective,
  saveDirective,
  saveDirectiveState,
  type WorkingGroupRow,
} from '../db/directive-store.js';
import { databaseNow, insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { runningCasesOf } from '../db/referral-store.js';
import { deleteAssignmentSteps } from '../db/step-store.js';
import { type Actor, CLOCK } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { notYetAssigned } from '../domain/directive/decide.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import { freeze, plannedCount } from '../domain/directive/freeze.js';
import type { GateReport } from '../domain/directive/gate.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { Circumstances } from './changes.js';
import { type CommandTx, circumstances, inCommand, refused } from './command.js';
import { lockRegimesNaming } from './coverage.js';
import { endCoverage } from './coverage-end.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { contentDigest, gateOf, gateRefusal, onDirective } from './directive-frame.js';
import { draftIn, refuseSecret } from './draft.js';
import type { Engine } from './engine.js';
import { runAssignments } from './execute.js';
import { runReferral } from './execute-referral.js';
import { refuseForeignParent, refuseUnfitTarget } from './links.js';
import type { CommandRequest, Outcome } from './request.js';
import { settingsFrom } from './settings.js';
import { countUnclear } from './unclear-moves.js';

/** A new draft of the caller's Working Group; it may be incomplete. */
export async function createDraft(
  engine: Engine,
  request: CommandRequest,
  content: DirectiveContent,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const group = await groupOf(tx.client, request.actor);
    const id = await draftIn(tx, group.id, content);
    return { status: 201, subjectId: id, version: 1 };
  });
}

async function groupOf(db: Queryable, actor: Actor): Promise<WorkingGroupRow> {
  if (actor.kind !== 'person' || actor.role !== 'standing_agency') {
    throw refused(
      refuse('forbidden', {
        vi: 'Chỉ cơ quan thường trực được soạn văn bản.',
        en: 'Only the standing agency drafts directives.',
      }),
    );
  }
  const group = await loadWorkingGroup(db, actor.workingGroupId);
  if (group === null) throw refused(notFound());
  return group;
}

export async function saveDraft(
  engine: Engine,
  request: CommandRequest,
  id: string,
  content: DirectiveContent,
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'edit', async (stored, at) => {
      refuseSecret(content);
      const group = await groupOf(tx.client, request.actor);
      await refuseForeignParent(tx.client, group, id, content);
      const event: DirectiveEvent = {
        type: 'revised',
        data: { at: at.happenedAt, digest: contentDigest(content), tasks: content.tasks.length },
      };
      const version = await store(tx.client, stored, content, [event], at);
      return { status: 200, version };
    }),
  );
}

/** Appends events to a draft and writes its row again; answers with the new row version. */
async function store(
  db: Queryable,
  stored: StoredDirective,
  content: DirectiveContent,
  events: readonly DirectiveEvent[],
  at: Circumstances,
): Promise<number> {
  const change = changeDirective(stored, events, at, stored.standingAgencyId, null);
  const rowVersion = stored.rowVersion + 1;
  await saveDirective(db, { ...stored, state: change.state, content, headHash: change.headHash, rowVersion });
  await flushDirective(db, change, null);
  return rowVersion;
}

export async function deleteDraft(engine: Engine, request: CommandRequest, id: string): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'delete', async (stored, at) => {
      // The chain of its events ends with this one: a draft that vanished would be a hole in the record.
      const gone: DirectiveEvent = { type: 'deleted', data: { at: at.happenedAt } };
      await flushDirective(
        tx.client,
        changeDirective(stored, [gone], at, stored.standingAgencyId, null),
        null,
      );
      await deleteDraftRow(tx.client, id);
      return { status: 204, version: null };
    }),
  );
}

/** The gate without issuing: every row with which of the four clears it fails. */
export async function checkDirective(
  engine: Engine,
  actor: Actor,
  id: string,
): Promise<GateReport | Refusal> {
  const stored = await loadDirective(engine.writer, id);
  if (stored === null || actor.kind !== 'person' || actor.workingGroupId !== stored.state.workingGroupId)
    return notFound();
  if (actor.role !== 'standing_agency' && actor.role !== 'supervisor') return notFound();
  const { report } = await gateOf(engine.writer, stored, await databaseNow(engine.writer));
  return report;
}

/**
 * Freezes a numbered version and lets the process make its assignments: one instant of issue for all. The
 * wake that starts the process is written in the same transaction.
 */
export async function issueDirective(engine: Engine, request: CommandRequest, id: string): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'issue', async (stored, at) => {
      const { report, policy, calendar, group } = await gateOf(tx.client, stored, at.receivedAt);
      if (policy.approval && !stored.state.approved) throw refused(approvalNeeded());
      refuseSecret(stored.content);
      if (!report.ready) throw refused(gateRefusal(report));
      const version = stored.state.frozenVersion + 1;
      const frozen = freeze(stored.content, report, {
        directiveId: id,
        workingGroupId: group.id,
        version,
        issuedAt: at.receivedAt,
        calendar,
        policy,
        standingAgencyId: group.standingAgencyId,
        homeAffairsId: group.homeAffairsId,
      });
      const planned = plannedCount(frozen);
      const event: DirectiveEvent = {
        type: 'issued',
        data: {
          at: at.receivedAt,
          version,
          digest: contentDigest(frozen),
          planned,
          unclear: report.counts.unclear,
        },
      };
      await insertVersion(tx.client, frozen);
      await insertTasks(tx.client, frozen);
      await countUnclear(tx.client, null, frozen, { at: frozen.issuedAt, recordedAt: at.recordedAt });
      const change = changeDirective(stored, [event], at, stored.standingAgencyId, null);
      const rowVersion = stored.rowVersion + 1;
      await saveDirective(tx.client, {
        ...stored,
        state: change.state,
        headHash: change.headHash,
        rowVersion,
        calendarId: calendar.id,
        calendarVersion: calendar.version,
      });
      // From the version in hand: what is not committed must not enter what the process keeps.
      const settings = settingsFrom(frozen, calendar, 'issued');
      await flushDirective(tx.client, change, settings);
      await insertWakes(tx.client, [{ conductorKind: 'directive', conductorId: id, reason: 'start' }]);
      return { status: 200, version: rowVersion };
    }),
  );
}

function approvalNeeded(): Refusal {
  return refuse('transition_not_allowed', {
    vi: 'Quy chế yêu cầu lãnh đạo phê duyệt trước khi ban hành.',
    en: 'The policy asks for a supervisor’s approval before issue.',
  });
}

/** Open assignments stop, what is pending lapses; the work is done by the same door as everything else. */
export async function withdrawDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  input: { reason: string },
): Promise<Outcome> {
  return endDirective(
    engine,
    request,
    id,
    'withdraw',
    { type: 'withdrawn', data: { at: 0 }, text: { reason: input.reason } },
    { reason: input.reason, into: null },
  );
}

/** Closing by decision carries the open assignments over, with their list; without that it is refused while any is open. */
export async function closeDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  input: { reason: string; carryOver: boolean; intoDirectiveId?: string | undefined },
): Promise<Outcome> {
  const event: DirectiveEvent = {
    type: 'closed',
    data: { at: 0, by: 'decision', carriedOver: [] },
    text: { reason: input.reason },
  };
  const { carryOver, reason, intoDirectiveId } = input;
  const open = carryOver ? { reason, into: intoDirectiveId ?? null } : null;
  return endDirective(engine, request, id, 'close', event, open);
}

const END_BATCH = 500;

async function endDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  action: 'withdraw' | 'close',
  event: DirectiveEvent,
  /** How each open assignment ends; null refuses while any is open. */
  ending: { readonly reason: string; readonly into: string | null } | null,
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, action, async (stored, at) => {
      // Withdrawn, it makes no more of them.
      const unready = action === 'close' ? notYetAssigned(stored.state) : null;
      if (unready !== null) throw refused(unready);
      const regimeIds = await lockRegimesNaming(tx.client, [id]);
      const open = await countOpen(tx.client, id);
      if (open > 0 && ending === null) throw refused(stillOpen(open));
      if (ending !== null)
        await refuseUnfitTarget(tx.client, request.actor, ending.into, { directiveId: id });
      const ended = ending === null ? [] : await endOpen(tx, id, action, ending);
      const last = withInstant(event, at.happenedAt, ended);
      const fresh = await loadDirective(tx.client, id);
      if (fresh === null) throw refused(notFound());
      const change = changeDirective(fresh, [last], at, stored.standingAgencyId, null);
      await flushDirective(tx.client, change, null);
      await saveDirectiveState(tx.client, change.state, change.headHash);
      if (action === 'withdraw') {
        await endCases(tx, id);
        await deleteAssignmentSteps(tx.client, id);
      }
      const how = action === 'withdraw' ? ('withdrawn' as const) : ('closed' as const);
      const since = Math.min(at.happenedAt, at.receivedAt);
      await endCoverage(tx.client, regimeIds, { directiveId: id, how, since }, (last) =>
        circumstances(tx, last),
      );
      // The conductor sees in the record that it is over.
      await insertWakes(tx.client, [{ conductorKind: 'directive', conductorId: id, reason: 'ended' }]);
      return { status: 200, version: fresh.rowVersion + 1 };
    }),
  );
}

function withInstant(event: DirectiveEvent, at: number, ended: readonly string[]): DirectiveEvent {
  if (event.type === 'withdrawn') return { ...event, data: { at } };
  if (event.type === 'closed') return { ...event, data: { ...event.data, at, carriedOver: ended } };
  return event;
}

async function endOpen(
  tx: CommandTx,
  id: string,
  action: 'withdraw' | 'close',
  { reason, into }: { readonly reason: string; readonly into: string | null },
): Promise<string[]> {
  const ended: string[] = [];
  for (;;) {
    const ids = await openAssignmentIds(tx.client, id, END_BATCH);
    if (ids.length === 0) return ended;
    const how = action === 'withdraw' ? ('stop' as const) : ('carry_over' as const);
    const command = { action: 'end_with_directive' as const, input: { how, reason, into } };
    const results = await runAssignments(tx.client, ids, command, (last) => circumstances(tx, last));
    for (const result of results.values()) {
      if ('thrown' in result) throw result.thrown;
      if (isRefusal(result)) throw refused(result);
    }
    ended.push(...ids);
  }
}

/** The clock looks at each case with the withdrawal in the record: what is pending lapses in the same transaction. */
async function endCases(tx: CommandTx, directiveId: string): Promise<void> {
  const at = (last: number): Circumstances => ({
    ...circumstances(tx, last),
    actor: CLOCK,
    document: null,
    happenedAt: tx.receivedAt,
  });
  for (const caseId of await runningCasesOf(tx.client, directiveId)) {
    const result = await runReferral(tx.client, caseId, { action: 'take_steps' }, at);
    if (result === null) continue;
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw refused(result);
  }
}

function stillOpen(open: number): Refusal {
  return refuse(
    'transition_not_allowed',
    {
      vi: `Còn ${open} nhiệm vụ chưa kết thúc; chọn chuyển sang năm sau hoặc chờ.`,
      en: `${open} assignments are still open; carry them over, or wait.`,
    },
    { extra: { open } },
  );
}
