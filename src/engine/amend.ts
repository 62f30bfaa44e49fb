import { openRegularIds } from '../db/assignment-store.js';
import {
  insertVersion,
  loadVersion,
  type StoredDirective,
  saveDirective,
  saveTasks,
} from '../db/directive-store.js';
import { insertWakes } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { movedTo, runningOf } from '../db/running-store.js';
import type { AssignmentCommand } from '../domain/assignment/commands.js';
import {
  type Amendment,
  amend,
  type RunningAssignment,
  revisionOf,
  type TaskChange,
} from '../domain/directive/amend.js';
import { notYetAssigned } from '../domain/directive/decide.js';
import type { DirectiveContent } from '../domain/directive/draft.js';
import { type FrozenDirective, plannedCount, unclearSince } from '../domain/directive/freeze.js';
import { secretRefusal } from '../domain/directive/secret.js';
import { isRefusal } from '../domain/errors.js';
import type { CircumstancesFor } from './changes.js';
import type { CommandTx } from './command.js';
import { circumstances, inCommand, refused } from './command.js';
import { changeDirective, flushDirective } from './directive-change.js';
import { contentDigest, gateOf, gateRefusal, headOf, onDirective } from './directive-frame.js';
import type { Engine } from './engine.js';
import { type CommandFor, runAssignments, runEach } from './execute.js';
import { beforeAllTime } from './replan.js';
import type { CommandRequest, Outcome } from './request.js';
import { type Settings, settingsFrom, settingsOf } from './settings.js';
import { countUnclear } from './unclear-moves.js';

/**
 * Amends an issued directive: shows the difference first (`preview`), or carries it out in one transaction.
 * What is added is assigned by the process, as at issue.
 */
export async function amendDirective(
  engine: Engine,
  request: CommandRequest,
  id: string,
  content: DirectiveContent,
): Promise<Outcome> {
  return inCommand(engine, request, (tx) =>
    onDirective(tx, id, 'amend', async (stored, at) => {
      const early = notYetAssigned(stored.state);
      if (early !== null) throw refused(early);
      const { before, amendment, settings } = await amendmentOf(tx.client, stored, content, at.receivedAt);
      const { next, changes } = amendment;
      await insertVersion(tx.client, next);
      await saveTasks(tx.client, next);
      await countUnclear(tx.client, before, next, { at: at.happenedAt, recordedAt: at.recordedAt });
      // From the version in hand: only a committed one may enter what the process keeps.
      const amended = settingsFrom(next, settings.calendar, 'issued');
      await carryOut(tx, before, amendment, amended);
      const planned = plannedCount(next);
      const unclear = next.tasks.filter((task) => task.unclear.length > 0).length;
      const event = {
        type: 'amended' as const,
        data: {
          at: at.happenedAt,
          version: next.version,
          digest: contentDigest(next),
          planned,
          unclear,
          unclearSince: unclearSince(next, { version: 1, at: stored.state.issuedAt ?? next.issuedAt }),
          changes,
          endsAt: next.endsAt,
        },
      };
      const change = changeDirective(stored, [event], at, stored.standingAgencyId, amended);
      const rowVersion = stored.rowVersion + 1;
      await saveDirective(tx.client, {
        ...stored,
        state: change.state,
        content,
        headHash: change.headHash,
        rowVersion,
      });
      await flushDirective(tx.client, change, amended);
      await insertWakes(tx.client, [{ conductorKind: 'directive', conductorId: id, reason: 'start' }]);
      return { status: 200, version: rowVersion };
    }),
  );
}

/** The difference, without changing anything. */
export async function previewAmendment(
  engine: Engine,
  request: CommandRequest,
  id: string,
  content: DirectiveContent,
): Promise<readonly TaskChange[] | Exclude<Outcome, { status: number }>> {
  let changes: readonly TaskChange[] = [];
  const outcome = await inCommand(engine, { ...request, idempotency: undefined }, (tx) =>
    onDirective(tx, id, 'amend', async (stored, at) => {
      changes = (await amendmentOf(tx.client, stored, content, at.receivedAt)).amendment.changes;
      return { status: 200, version: stored.rowVersion };
    }),
  );
  return isRefusal(outcome) ? outcome : changes;
}

async function amendmentOf(db: Queryable, stored: StoredDirective, content: DirectiveContent, now: number) {
  const before = await loadVersion(db, stored.state.id, stored.state.frozenVersion);
  if (before === null) throw new Error(`Directive ${stored.state.id} has no frozen version`);
  const settings = await settingsOf(db, headOf(stored));
  const secret = secretRefusal(content);
  if (secret !== null) throw refused(secret);
  const { report } = await gateOf(db, { ...stored, content }, now, before);
  const moved = await movedTo(db, stored.state.id);
  const amendment = amend(before, content, report, {
    directiveId: stored.state.id,
    workingGroupId: stored.state.workingGroupId,
    version: stored.state.frozenVersion + 1,
    issuedAt: now,
    calendar: settings.calendar,
    // Judged as issued: an amendment does not change the policy that was frozen into the directive.
    policy: before.policy,
    standingAgencyId: before.standingAgencyId,
    homeAffairsId: before.homeAffairsId,
    base: stored.state.planned,
    holds: (taskId, unitId) => moved.get(taskId)?.has(unitId) === true,
  });
  const standing = { ...report, rows: [...amendment.refused] };
  if (amendment.refused.length > 0 || report.findings.length > 0) throw refused(gateRefusal(standing));
  return { before, amendment, settings };
}

/** What the amendment does to each running assignment of the tasks that changed, in pages of one change set each. */
async function carryOut(
  tx: CommandTx,
  before: FrozenDirective,
  amendment: Amendment,
  settings: Settings,
): Promise<void> {
  const at: CircumstancesFor = (last) => circumstances(tx, last);
  const { directiveId } = before;
  const tasks = amendment.changes.map(({ taskId }) => taskId);
  for (let after: string | null = null; ; ) {
    const page: RunningAssignment[] = await runningOf(tx.client, directiveId, tasks, after, PAGE);
    if (page.length === 0) break;
    const commands = new Map(page.map((one) => [one.id, commandFor(one, before, amendment)]));
    const ids = page.flatMap(({ id }) => (commands.get(id) == null ? [] : id));
    const each: CommandFor = async ({ id, calendar }) => {
      const command = commands.get(id);
      if (command == null) throw new Error(`The amendment has nothing for assignment ${id}`);
      return { command, calendar };
    };
    throwFirst(await runEach(tx.client, ids, 'revise', at, each, { inHand: settings }));
    after = page.at(-1)?.id ?? null;
  }
  if (amendment.endMoved) await planRegularAgain(tx.client, directiveId, settings);
}

/** Stopped with its task or its lead, revised, or left as it is. */
function commandFor(
  running: RunningAssignment,
  before: FrozenDirective,
  { next, changes }: Amendment,
): AssignmentCommand | null {
  const change = changes.find((one) => one.taskId === running.taskId);
  if (change === undefined) return null;
  const stop = (reason: string): AssignmentCommand => ({
    action: 'end_with_directive',
    input: { how: 'stop', reason },
  });
  const revision = revisionOf(running, change, before, next);
  if (revision === 'task_removed') return stop('Bỏ nhiệm vụ khi sửa đổi văn bản');
  if (revision === 'lead_removed') return stop('Đổi đơn vị chủ trì khi sửa đổi văn bản');
  return revision === null ? null : { action: 'revise', input: { version: next.version, ...revision } };
}

/** Regular assignments conclude on the directive's end date: a new one moves their planned step, though nothing of them changed. */
async function planRegularAgain(db: Queryable, directiveId: string, settings: Settings): Promise<void> {
  for (let after: string | null = null; ; ) {
    const ids: string[] = await openRegularIds(db, directiveId, after, PAGE);
    if (ids.length === 0) return;
    throwFirst(await runAssignments(db, ids, { action: 'take_steps' }, beforeAllTime, settings));
    after = ids.at(-1) ?? null;
  }
}

const PAGE = 500;

function throwFirst(results: Awaited<ReturnType<typeof runAssignments>>): void {
  for (const result of results.values()) {
    if ('thrown' in result) throw result.thrown;
    if (isRefusal(result)) throw refused(result);
  }
}
