import { isOfficerOfLead, lockForCommand, unitsAreValid } from '../db/assignment-store.js';
import { calendarsOf } from '../db/calendar-store.js';
import { type DirectiveHead, directiveHeads } from '../db/directive-store.js';
import { lockDirectivesOf } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { type LockedReferral, lockReferrals } from '../db/referral-store.js';
import { notFound } from '../domain/assignment/access.js';
import type { AssignmentCommand } from '../domain/assignment/commands.js';
import { type AssignmentDecision, decide } from '../domain/assignment/decide.js';
import { settlementOf } from '../domain/assignment/settle.js';
import { type Assignment, isEnded, predecessorsOf } from '../domain/assignment/state.js';
import { acknowledges } from '../domain/assignment/table.js';
import type { CalendarRef } from '../domain/calendar.js';
import type { DecisionContext, Spawned } from '../domain/decision.js';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { moveWithCalendar, withdrawnWithRung } from '../domain/referral/calendar.js';
import type { ReferralEvent } from '../domain/referral/events.js';
import {
  type AssignmentBefore,
  type AssignmentChange,
  basisOf,
  type Circumstances,
  type CircumstancesFor,
  changeAssignment,
  changeReferral,
  type FileFact,
  type ReferralChange,
} from './changes.js';
import { circumstances, inCommand, refused, refuseStale } from './command.js';
import { lockRegimesNaming } from './coverage.js';
import type { Engine } from './engine.js';
import { filesForCommand } from './file-references.js';
import type { ChangeSet } from './flush.js';
import { newId } from './ids.js';
import { refuseUnfitTarget } from './links.js';
import { writeByParts } from './parts.js';
import { reopenDirectiveOf } from './reopen.js';
import { workHasCome } from './reorganisations.js';
import type { CommandRequest, Outcome } from './request.js';
import { calendarOf, type Settings, settingsOf } from './settings.js';

/**
 * What a command did to one subject: its new version with how many events brought it there, a refusal, or the error
 * that `decide` threw.
 */
export type SubjectResult =
  | { readonly version: number; readonly recorded: number }
  | Refusal
  | { readonly thrown: unknown };

/**
 * The one way an assignment changes: lock, load, decide, append, project, plan, outbox. The caller has
 * begun the transaction and holds the idempotency key; one subject and many go through the same code.
 */
export async function runAssignments(
  db: Queryable,
  ids: readonly string[],
  command: AssignmentCommand,
  at: CircumstancesFor,
  /** Of a version that is being written: what is not committed must not enter what the process keeps. */
  inHand?: Settings,
): Promise<Map<string, SubjectResult>> {
  const each: CommandFor = async (state) => ({ command, calendar: state.calendar });
  return runEach(db, ids, command.action, at, each, { inHand });
}

/** The command on one subject, and the calendar it is judged under. */
export type CommandFor = (state: Assignment) => Promise<{
  readonly command: AssignmentCommand;
  readonly calendar: CalendarRef;
  /** What the act brings to this subject; left out where it brings nothing. */
  readonly files?: readonly FileFact[];
}>;

interface RunOptions {
  readonly inHand?: Settings | undefined;
  /** Also the unit's other assignments of the directive that wait to be acknowledged, where these do. */
  readonly siblings?: boolean;
  /** Asked once a command is accepted, before anything of it is written: what it names must exist. */
  readonly permitted?: (before: Assignment) => Promise<void>;
  /** Told the state after each accepted command. */
  readonly accepted?: (after: Assignment) => void;
}

/** As {@link runAssignments}, with a command of the same kind made for each. */
export async function runEach(
  db: Queryable,
  ids: readonly string[],
  action: AssignmentCommand['action'],
  at: CircumstancesFor,
  commandFor: CommandFor,
  { inHand, siblings, permitted, accepted }: RunOptions = {},
): Promise<Map<string, SubjectResult>> {
  if (action === 'reopen') await lockForReopening(db, ids);
  // Asked in one go and answered in this order, each with what is committed once the one before has its locks.
  const [, found, locked] = await Promise.all([
    // Reopening may reopen the directive itself, so it takes the directive's lock alone from the start.
    lockDirectivesOf(db, ids, action === 'reopen' ? 'exclusive' : 'shared'),
    directiveHeads(db, ids),
    lockForCommand(db, ids, siblings === true),
  ]);
  const heads = new Map(found.map((head) => [head.id, head]));
  const cases = await casesOf(db, locked);
  const named = new Set(ids);
  // Former lives were locked along, and have ended; what is settled is told to them below.
  const subjects = locked.filter(({ state }) => named.has(state.id) || !isEnded(state.state));
  const armed = new Map(found.map((head) => [head.id, head.armedAt]));
  const results = new Map<string, SubjectResult>();
  const lives: Life[] = [];
  await writeByParts(db, subjects, async (part) => {
    const assignments: AssignmentChange[] = [];
    const referrals: ReferralChange[] = [];
    for (const before of part) {
      const head = heads.get(before.state.directiveId);
      if (head === undefined) continue;
      const { command, calendar, files } = await commandFor(before.state);
      const settings = await settingsFor(db, head, calendar, inHand);
      const when = { ...at(before.state.lastRecordedAt), ...(files === undefined ? {} : { files }) };
      const running = cases.get(before.referralId ?? '') ?? null;
      const changed = await changeOne(db, { before, running, head }, command, when, settings);
      results.set(before.state.id, changed.result);
      assignments.push(...changed.assignments);
      referrals.push(...changed.referrals);
      if (!('version' in changed.result)) continue;
      await permitted?.(before.state);
      const after = changed.assignments[0]?.after ?? before.state;
      lives.push({ before: before.state, after });
      accepted?.(after);
      if (head.state === 'closed' && action === 'reopen') await reopenDirectiveOf(db, head, when, at);
    }
    return { assignments, referrals, armed };
  });
  for (const life of lives) await settleFormer(db, life, at, inHand);
  return results;
}

interface Life {
  readonly before: Assignment;
  readonly after: Assignment;
}

/**
 * What a command settles of what came along with a move also counts for the former lead, whose case waits for it. The
 * former lives and their cases have been locked with the successor's, in the order of ids.
 */
async function settleFormer(
  db: Queryable,
  { before, after }: Life,
  at: CircumstancesFor,
  inHand: Settings | undefined,
): Promise<void> {
  const settled = settlementOf(before, after);
  if (settled === null) return;
  const command = { action: 'settle_moved' as const, input: settled };
  const results = await runAssignments(db, predecessorsOf(after), command, at, inHand);
  for (const result of results.values()) if ('thrown' in result) throw result.thrown;
}

async function settingsFor(
  db: Queryable,
  head: DirectiveHead,
  calendar: CalendarRef,
  inHand: Settings | undefined,
): Promise<Settings> {
  if (inHand === undefined) return settingsOf(db, head, calendar);
  return { ...inHand, calendar: await calendarOf(db, calendar) };
}

/** An assignment as it stood under its lock, its case, and its directive. */
interface Stood {
  readonly before: AssignmentBefore;
  readonly running: LockedReferral | null;
  readonly head: DirectiveHead;
}

/** What a command makes of one assignment; nothing is written yet. */
async function changeOne(
  db: Queryable,
  { before, running, head }: Stood,
  command: AssignmentCommand,
  when: Circumstances,
  settings: Settings,
): Promise<Pick<ChangeSet, 'assignments' | 'referrals'> & { readonly result: SubjectResult }> {
  const caseRuns = running !== null && running.state.endedAt === null;
  const decision = judge(before.state, command, { ...when, ...settings, caseRuns, newId });
  if ('thrown' in decision || isRefusal(decision))
    return { assignments: [], referrals: [], result: decision };
  const placed = await placeSpawned(db, head, decision);
  const changed = apply(before, placed, when, settings, running, command);
  const version = changed.assignments[0]?.after.seq ?? before.state.seq;
  return { ...changed, result: { version, recorded: placed.events.length } };
}

/** An error in `decide` is caught per subject, so that one poisoned state never stops the others. */
function judge(
  state: Assignment,
  command: AssignmentCommand,
  ctx: DecisionContext,
): AssignmentDecision | { thrown: unknown } {
  try {
    return decide(state, command, ctx);
  } catch (error) {
    return { thrown: error };
  }
}

/** Directives alone, then the regimes that name them, which go on with a directive that is opened again; then what lies below. */
async function lockForReopening(db: Queryable, ids: readonly string[]): Promise<void> {
  await lockDirectivesOf(db, ids, 'exclusive');
  const heads = await directiveHeads(db, ids);
  await lockRegimesNaming(
    db,
    heads.map(({ id }) => id),
  );
}

async function casesOf(
  db: Queryable,
  locked: readonly AssignmentBefore[],
): Promise<Map<string, LockedReferral>> {
  const ids = locked.flatMap((before) => before.referralId ?? []);
  if (ids.length === 0) return new Map();
  return new Map((await lockReferrals(db, ids)).map((referral) => [referral.state.id, referral]));
}

type Accepted = Exclude<AssignmentDecision, Refusal>;
/** A decision whose new assignments have the settings of their own unit. */
interface Placed extends Pick<Accepted, 'events'> {
  readonly spawned: readonly { readonly subject: Spawned; readonly settings: Settings | null }[];
}

/** A new lead is judged by its own calendar, which may be another than the first one's. */
async function placeSpawned(db: Queryable, head: DirectiveHead, decision: Accepted): Promise<Placed> {
  const { events, spawned = [] } = decision;
  const units = spawned.flatMap((subject) => (subject.kind === 'assignment' ? [unitOf(subject)] : []));
  if (units.length === 0) {
    return { events, spawned: spawned.map((subject) => ({ subject, settings: null })) };
  }
  const calendars = await calendarsOf(db, head.workingGroupId, units);
  const placed: { subject: Spawned; settings: Settings | null }[] = [];
  for (const subject of spawned) {
    const calendar = subject.kind === 'assignment' ? calendars.get(unitOf(subject)) : undefined;
    if (subject.kind !== 'assignment' || calendar === undefined) {
      placed.push({ subject, settings: null });
      continue;
    }
    const settings = await settingsOf(db, head, calendar);
    const under = subject.events.map((event) =>
      event.type === 'assigned' ? { ...event, data: { ...event.data, calendar } } : event,
    );
    placed.push({ subject: { ...subject, events: under }, settings });
  }
  return { events, spawned: placed };
}

function unitOf(subject: Extract<Spawned, { kind: 'assignment' }>): string {
  const [first] = subject.events;
  return first?.type === 'assigned' ? first.data.unitId : '';
}

function apply(
  before: AssignmentBefore,
  decision: Placed,
  when: Circumstances,
  settings: Settings,
  running: LockedReferral | null,
  command: AssignmentCommand,
): { assignments: AssignmentChange[]; referrals: ReferralChange[] } {
  const { spawned } = decision;
  const proposal = spawned.find(({ subject }) => subject.kind === 'referral');
  const own = changeAssignment(
    before,
    decision.events,
    when,
    settings,
    proposal?.subject.id ?? before.referralId,
  );
  const assignments = [own];
  const referrals: ReferralChange[] = [];
  // A running case is planned again: what it waits for depends on the assignment as it stands now.
  if (running !== null && running.state.endedAt === null) {
    const along = goesAlong(running, own.after, decision, command, { ...when, ...settings });
    referrals.push(changeReferral(running, along, basisOf(own.after, settings), when, settings));
  }
  for (const { subject, settings: its } of spawned) {
    if (subject.kind === 'assignment')
      assignments.push(changeAssignment(null, subject.events, when, its ?? settings));
    else referrals.push(changeReferral(null, subject.events, basisOf(own.after, settings), when, settings));
  }
  return { assignments, referrals };
}

/** What an edit or an outage does to a running case by itself; what people decide is reviewed. */
function goesAlong(
  { state }: LockedReferral,
  after: Assignment,
  { events }: Placed,
  command: AssignmentCommand,
  ctx: Circumstances & Settings,
): readonly ReferralEvent[] {
  if (command.action !== 'apply_calendar' && command.action !== 'excuse_outage') return [];
  const withdrawn = withdrawnWithRung(state, after, events, ctx);
  if (withdrawn.length > 0 || command.action === 'excuse_outage') return withdrawn;
  return moveWithCalendar(state, command.input, ctx);
}

/** Units that a command names must exist today. */
export async function refuseUnknownUnits(db: Queryable, units: readonly string[]): Promise<void> {
  if (units.length === 0 || (await unitsAreValid(db, units))) return;
  throw refused(
    refuse('reference_unknown', {
      vi: 'Đơn vị được nêu không tồn tại hoặc đã hết hiệu lực.',
      en: 'A unit that is named does not exist or is no longer valid.',
    }),
  );
}

/** Units and officers that a command names must exist today, within reach of the assignment. */
async function refuseUnknown(db: Queryable, subjectId: string, command: AssignmentCommand): Promise<void> {
  if (!('input' in command)) return;
  const input: object = command.input;
  const named = (field: string): string[] => {
    const value: unknown = Reflect.get(input, field);
    return typeof value === 'string' ? [value] : [];
  };
  const units = [...named('unitId'), ...named('holderUnitId')];
  const officers = named('officerId');
  await refuseUnknownUnits(db, units);
  const [officer] = officers;
  if (officer !== undefined && !(await isOfficerOfLead(db, officer, subjectId))) {
    throw refused(
      refuse('reference_unknown', {
        vi: 'Người được nêu không phải cán bộ của đơn vị chủ trì.',
        en: 'The person named is not an officer of the lead unit.',
      }),
    );
  }
}

/** As a refusal names it. */
export const ASSIGNMENT = { vi: 'Nhiệm vụ', en: 'assignment' };

/** A person's command on one assignment or many; the first refusal rolls all back. */
export async function executeAssignments(
  engine: Engine,
  request: CommandRequest,
  ids: readonly string[],
  command: AssignmentCommand,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const [subjectId = null] = ids;
    const files = await filesForCommand(tx.client, request, command);
    const at = (last: Instant): Circumstances => circumstances(tx, last);
    // The officer is named and the files are brought for the one assignment; its siblings are only acknowledged.
    const each: CommandFor = async ({ id, calendar }) =>
      ids.includes(id)
        ? { command, calendar, files }
        : { command: { action: 'acknowledge', input: {} }, calendar };
    const reopened: string[] = [];
    // In one go: siblings may have lower ids, and locks are taken in the order of ids.
    const results = await runEach(tx.client, ids, command.action, at, each, {
      // Once per unit and directive is enough: any act acknowledges what the unit was given beside it.
      siblings: acknowledges(command.action),
      permitted: async ({ id, seq, unitId }) => {
        if (command.action === 'reopen') reopened.push(unitId);
        if (id !== subjectId) return;
        refuseStale(request, ASSIGNMENT, seq);
        await refuseUnknown(tx.client, id, command);
        if (command.action !== 'carry_over') return;
        const from = { assignmentId: id };
        await refuseUnfitTarget(tx.client, request.actor, command.input.intoDirectiveId, from);
      },
    });
    for (const id of ids) {
      const result = results.get(id);
      if (result === undefined) throw refused(notFound());
      if (isRefusal(result)) throw refused(result);
    }
    // A sibling that was acknowledged meanwhile is refused, and rightly; an error leaves nothing behind.
    for (const result of results.values()) if ('thrown' in result) throw result.thrown;
    // Its lead may be no more.
    await workHasCome(tx.client, reopened);
    const first = subjectId === null ? undefined : results.get(subjectId);
    return {
      status: 200,
      subjectId,
      version: first !== undefined && 'version' in first ? first.version : null,
    };
  });
}
