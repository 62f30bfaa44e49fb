import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import {
  insertAssignments,
  lockAssignments,
  saveMatters,
  updateAssignments,
} from '../db/assignment-store.js';
import { directiveHeads, loadDirective, saveDirective } from '../db/directive-store.js';
import { lockDirective } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { lockReferrals, referralParents, saveReferrals } from '../db/referral-store.js';
import { loadRegime, lockRegime, lockRequests, saveRegime } from '../db/regime-store.js';
import {
  casesOn,
  loadFacts,
  type Picture,
  type ProjectionTable,
  pictureOf,
  restoreCaseOrigins,
  restoreOrigins,
  type StoredFact,
  subjectPage,
} from '../db/repair-store.js';
import { lockObligations, saveObligations } from '../db/report-store.js';
import { withTransaction } from '../db/transaction.js';
import type { AssignmentEvent } from '../domain/assignment/events.js';
import { foldAssignment } from '../domain/assignment/evolve.js';
import type { Assignment } from '../domain/assignment/state.js';
import { evolveDirective } from '../domain/directive/decide.js';
import type { DirectiveEvent } from '../domain/directive/events.js';
import type { Directive } from '../domain/directive/state.js';
import { spansOf } from '../domain/figures/spans.js';
import type { ReferralEvent } from '../domain/referral/events.js';
import { foldReferral } from '../domain/referral/evolve.js';
import type { ReportEvent } from '../domain/report/events.js';
import { foldReport } from '../domain/report/evolve.js';
import { evolveRegime, type Regime, type RegimeEvent } from '../domain/report/regime.js';
import { recordOf } from '../domain/report/repeated.js';
import { stretchesOf } from '../domain/report/state.js';
import {
  type AssignmentChange,
  basisOf,
  changeAssignment,
  changeReferral,
  type ReferralChange,
} from './changes.js';
import { flushDirective } from './directive-change.js';
import { headOf } from './directive-frame.js';
import type { Engine } from './engine.js';
import { flush } from './flush.js';
import { changeRegime, flushRegime } from './regime-changes.js';
import { lockReportingBasis } from './repetition.js';
import { beforeAllTime } from './replan.js';
import { changeReport, flushReports, type ReportChange, reportSettings } from './report-changes.js';
import { calendarOf, settingsOf } from './settings.js';

/** A row that is not what the events say, and in which columns; `row` where it is missing, or one too many. */
export interface Difference {
  readonly table: ProjectionTable;
  readonly id: string;
  readonly columns: readonly string[];
}

export interface Repair {
  /** Subjects whose projections were computed again from their events. */
  readonly subjects: number;
  readonly differences: readonly Difference[];
}

export interface RepairOptions {
  /** Only look; write nothing. */
  readonly dryRun?: boolean;
  /** Told of each difference, as it is found. */
  readonly found?: (difference: Difference) => void;
}

const PAGE = 500;
const AT = beforeAllTime(0);

/**
 * Computes every projection and planned step again from the events, by the very functions that write them, in
 * batches under the locks of design §5. What is not as it was is told and, but for a dry run, kept; a batch in
 * which nothing differs is rolled back, so that a sound record stays as it is.
 */
export async function repairProjections(
  engine: Pick<Engine, 'writer'>,
  { dryRun = false, found = () => undefined }: RepairOptions = {},
): Promise<Repair> {
  const differences: Difference[] = [];
  let subjects = 0;
  const mend = async (
    anew: (client: pg.PoolClient, keep: boolean) => Promise<Difference[]>,
  ): Promise<void> => {
    const seen = await withTransaction(engine.writer, async (client) => await anew(client, false));
    if (seen.length === 0) return;
    const mended = dryRun ? seen : await withTransaction(engine.writer, (client) => anew(client, true));
    for (const difference of mended) found(difference);
    differences.push(...mended);
  };
  for await (const page of pages(engine.writer, 'directive')) {
    subjects += page.length;
    for (const { id } of page) await mend((client, keep) => directiveAnew(client, id, keep));
  }
  for await (const page of pages(engine.writer, 'assignment')) {
    subjects += page.length;
    await mend((client, keep) => assignmentsAnew(client, page, keep));
  }
  for await (const page of pages(engine.writer, 'regime')) {
    subjects += page.length;
    for (const { id } of page) await mend((client, keep) => regimeAnew(client, id, keep));
  }
  for await (const page of pages(engine.writer, 'obligation')) {
    subjects += page.length;
    await mend((client, keep) => obligationsAnew(client, page, keep));
  }
  return { subjects, differences };
}

type Page = Awaited<ReturnType<typeof subjectPage>>;

async function* pages(
  db: Queryable,
  kind: 'assignment' | 'directive' | 'obligation' | 'regime',
): AsyncGenerator<Page> {
  for (let after: string | null = null; ; ) {
    const page: Page = await subjectPage(db, kind, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? null;
  }
}

/** Writes, looks what that changed, and takes it back unless it is to be kept. */
async function compared(
  client: pg.PoolClient,
  keep: boolean,
  { tables, ids }: { tables: readonly ProjectionTable[]; ids: readonly string[] },
  write: () => Promise<void>,
): Promise<Difference[]> {
  const before = await pictureOf(client, tables, ids);
  await client.query('savepoint anew');
  await write();
  const after = await pictureOf(client, tables, ids);
  if (!keep) await client.query('rollback to savepoint anew');
  return tables.flatMap((table) => differing(table, before, after));
}

function differing(table: ProjectionTable, before: Picture, after: Picture): Difference[] {
  const keys = new Set([...before.keys(), ...after.keys()].filter((key) => key.startsWith(`${table} `)));
  return [...keys].flatMap((key) => {
    const [old, anew] = [before.get(key), after.get(key)];
    const columns =
      old === undefined || anew === undefined
        ? ['row']
        : Object.keys(anew).filter((column) => !isDeepStrictEqual(old[column], anew[column]));
    return columns.length === 0 ? [] : [{ table, id: key.slice(table.length + 1), columns }];
  });
}

/** Facts as one kind of subject has them. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names its noun's events
function lifeOf<E>(facts: readonly StoredFact[]): { event: E; recordedAt: number }[] {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- this program wrote them, by kind
  return facts.map(({ event, recordedAt }) => ({ event: event as E, recordedAt }));
}

const lastHash = (facts: readonly StoredFact[]): Buffer => facts.at(-1)?.hash ?? Buffer.alloc(0);

async function directiveAnew(client: pg.PoolClient, id: string, keep: boolean): Promise<Difference[]> {
  await lockDirective(client, id, 'exclusive');
  const facts = (await loadFacts(client, 'directive', [id])).get(id) ?? [];
  let state: Directive | null = null;
  const life = lifeOf<DirectiveEvent>(facts);
  for (const { event, recordedAt } of life) state = evolveDirective(state, event, recordedAt);
  // The row of a draft that was deleted is gone, and rightly.
  if (state === null || life.at(-1)?.event.type === 'deleted') return [];
  const folded = state;
  const stored = await loadDirective(client, id);
  // Its content is nowhere else while it is a draft, and every row of an issued one holds on to it.
  if (stored === null) return [{ table: 'directive', id, columns: ['row'] }];
  return await compared(client, keep, { tables: ['directive', 'planned_step'], ids: [id] }, async () => {
    const anew = { ...stored, state: folded, headHash: lastHash(facts) };
    await saveDirective(client, anew);
    const settings = folded.state === 'issued' ? await settingsOf(client, headOf(anew)) : null;
    await flushDirective(client, { ...anew, rows: { events: [], steps: [], items: [] } }, settings);
  });
}

/** Assignments, what they carry, and the cases that rest on them. */
async function assignmentsAnew(client: pg.PoolClient, page: Page, keep: boolean): Promise<Difference[]> {
  const ids = page.map(({ id }) => id);
  const directives = [...new Set(page.flatMap(({ directiveId }) => directiveId ?? []))].sort();
  for (const id of directives) await lockDirective(client, id, 'shared');
  await lockAssignments(client, ids);
  const cases = await casesOn(client, 'assignmentId', ids);
  const caseIds = cases.map(({ id }) => id);
  await lockReferrals(client, caseIds);
  const latest = new Map(cases.map(({ id, ground }) => [ground, id]));
  const lives = await loadFacts(client, 'assignment', ids);
  const writes = [...lives].map(([id, facts]) => {
    const life = lifeOf<AssignmentEvent>(facts);
    const state = foldAssignment(life);
    const spanSince = spansOf(life).at(-1)?.from ?? state.assignedAt;
    return { id, state, headHash: lastHash(facts), spanSince, referralId: latest.get(id) ?? null };
  });
  const tables = ['assignment', 'matter', 'referral', 'planned_step'] as const;
  return await compared(client, keep, { tables, ids: [...ids, ...caseIds] }, async () => {
    const existing = new Set((await pictureOf(client, ['assignment'], ids)).keys());
    const exists = ({ id }: { id: string }): boolean => existing.has(`assignment ${id}`);
    await insertAssignments(
      client,
      writes.filter((write) => !exists(write)),
    );
    await updateAssignments(client, writes.filter(exists));
    const matters = writes.flatMap(({ state }) =>
      state.matters.map((matter) => ({ matter, assignment: state })),
    );
    await saveMatters(client, matters);
    await restoreOrigins(client, ids);
    await casesAnew(client, caseIds);
    await planAssignments(client, ids, cases);
  });
}

async function casesAnew(client: pg.PoolClient, ids: readonly string[]): Promise<void> {
  const lives = await loadFacts(client, 'referral', ids);
  const writes = [...lives.values()].map((facts) => ({
    state: foldReferral(lifeOf<ReferralEvent>(facts)),
    headHash: lastHash(facts),
  }));
  await saveReferrals(client, writes);
  await restoreCaseOrigins(client, ids);
}

/** Plans them by the door of every command, with a change that brings no event. */
async function planAssignments(
  client: pg.PoolClient,
  ids: readonly string[],
  cases: Awaited<ReturnType<typeof casesOn>>,
): Promise<void> {
  const heads = new Map((await directiveHeads(client, ids)).map((head) => [head.id, head]));
  const assignments: AssignmentChange[] = [];
  const settingsFor = async (state: Assignment) => {
    const head = heads.get(state.directiveId);
    return head === undefined ? null : await settingsOf(client, head, state.calendar);
  };
  const locked = await lockAssignments(client, ids);
  for (const before of locked) {
    const settings = await settingsFor(before.state);
    if (settings !== null) assignments.push(changeAssignment(before, [], AT, settings));
  }
  const referrals: ReferralChange[] = [];
  const caseIds = cases.map(({ id }) => id);
  for (const before of await lockReferrals(client, caseIds)) {
    const ground = locked.find(({ state }) => state.id === before.state.assignmentId)?.state;
    const settings = ground === undefined ? null : await settingsFor(ground);
    if (ground === undefined || settings === null) continue;
    referrals.push(changeReferral(before, [], basisOf(ground, settings), AT, settings));
  }
  const armed = new Map([...heads.values()].map((head) => [head.id, head.armedAt]));
  await flush(client, { assignments, referrals, armed });
}

async function regimeAnew(client: pg.PoolClient, id: string, keep: boolean): Promise<Difference[]> {
  await lockRegime(client, id, 'exclusive');
  const facts = (await loadFacts(client, 'regime', [id])).get(id) ?? [];
  let state: Regime | null = null;
  for (const { event, recordedAt } of lifeOf<RegimeEvent>(facts))
    state = evolveRegime(state, event, recordedAt);
  if (state === null) return [];
  const folded = state;
  // The version it is planned under, which an edit of the calendar moves.
  const calendar = await calendarOf(client, folded.calendar);
  const tables = ['reporting_regime', 'planned_step'] as const;
  return await compared(client, keep, { tables, ids: [id] }, async () => {
    const before = { state: folded, headHash: lastHash(facts) };
    await saveRegime(client, before.state, before.headHash);
    await flushRegime(client, changeRegime(before, [], AT, calendar));
  });
}

/** What units owe under one regime after the other, and the cases of late reporting that rest on it. */
async function obligationsAnew(client: pg.PoolClient, page: Page, keep: boolean): Promise<Difference[]> {
  const ids = page.map(({ id }) => id);
  const lives = await loadFacts(client, 'obligation', ids);
  const regimeOf = (facts: readonly StoredFact[]): string => foldReport(lifeOf<ReportEvent>(facts)).regimeId;
  const regimeIds = [...new Set([...lives.values()].map(regimeOf))].sort();
  for (const id of regimeIds) await lockRegime(client, id, 'shared');
  await lockRequests(client, regimeIds);
  await lockObligations(client, ids);
  const cases = (await casesOn(client, 'regimeId', regimeIds)).map(({ id }) => id);
  await lockReferrals(client, cases);
  const tables = ['report_obligation', 'referral', 'planned_step'] as const;
  return await compared(client, keep, { tables, ids: [...ids, ...cases] }, async () => {
    const fresh = await loadFacts(client, 'obligation', ids);
    await saveObligations(
      client,
      [...fresh.values()].map((facts) => {
        const state = foldReport(lifeOf<ReportEvent>(facts));
        const record = recordOf(state, Number.POSITIVE_INFINITY);
        return { state, headHash: lastHash(facts), record, stretches: stretchesOf(state) };
      }),
    );
    await casesAnew(client, cases);
    for (const id of regimeIds) await planObligations(client, id, ids);
    await planReportingCases(client, cases);
  });
}

async function planObligations(
  client: pg.PoolClient,
  regimeId: string,
  ids: readonly string[],
): Promise<void> {
  const regime = await loadRegime(client, regimeId);
  if (regime === null) return;
  const changes: ReportChange[] = [];
  for (const before of await lockObligations(client, ids)) {
    const { state } = before;
    if (state.regimeId !== regimeId) continue;
    // Its own: a unit may have another calendar than the regime, and an edit moves them one after the other.
    const calendar = await calendarOf(client, state.calendar);
    const settings = await reportSettings(client, regime.state, state.regimeVersion, calendar);
    changes.push(changeReport(before, [], AT, settings));
  }
  await flushReports(client, regimeId, changes, regime.armedAt);
}

async function planReportingCases(client: pg.PoolClient, ids: readonly string[]): Promise<void> {
  const referrals: ReferralChange[] = [];
  for (const before of await lockReferrals(client, ids)) {
    const parents = await referralParents(client, before.state.id);
    const rests = parents === null ? null : await lockReportingBasis(client, parents, before.state.id);
    if (rests === null) continue;
    referrals.push(changeReferral(before, [], rests.basis, AT, rests.settings));
  }
  await flush(client, { assignments: [], referrals, armed: new Map() });
}
