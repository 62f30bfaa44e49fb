import {
  type DirectiveHead,
  loadCalendar,
  loadDirective,
  loadPolicy,
  loadWorkingGroup,
  type StoredDirective,
  unitsOn,
  type WorkingGroupRow,
} from '../db/directive-store.js';
import { lockDirective } from '../db/lock-store.js';
import type { Queryable } from '../db/pool.js';
import { notFound } from '../domain/assignment/access.js';
import { type Calendar, localDate } from '../domain/calendar.js';
import { canonical } from '../domain/canonical.js';
import { futureDocument } from '../domain/decision.js';
import { type DirectiveAction, directiveRefusal } from '../domain/directive/decide.js';
import type { FrozenDirective } from '../domain/directive/freeze.js';
import { type GateReport, gate } from '../domain/directive/gate.js';
import { type Refusal, refuse } from '../domain/errors.js';
import type { DirectivePolicy } from '../domain/policy.js';
import { digest } from './chain.js';
import type { Circumstances } from './changes.js';
import { type CommandTx, circumstances, refused, refuseStale } from './command.js';
import { linksOf } from './links.js';
import { calendarOf } from './settings.js';

/** What an event records of a content: the content itself is kept in the versions. */
export const contentDigest = (content: unknown): string => digest(canonical(content)).toString('hex');

/** Locks a directive alone, checks who may, in which state and of which version, then does the work. */
export async function onDirective(
  tx: CommandTx,
  id: string,
  action: DirectiveAction,
  work: (stored: StoredDirective, at: Circumstances) => Promise<{ status: number; version: number | null }>,
): Promise<{ status: number; subjectId: string; version: number | null }> {
  await lockDirective(tx.client, id, 'exclusive');
  const stored = await loadDirective(tx.client, id);
  if (stored === null) throw refused(notFound());
  const refusal = directiveRefusal(stored.state, action, tx.request.actor);
  if (refusal !== null) throw refused(refusal);
  refuseStale(tx.request, { vi: 'Văn bản', en: 'directive' }, stored.rowVersion);
  const calendar = await calendarOf(tx.client, { id: stored.calendarId, version: stored.calendarVersion });
  const future = futureDocument(tx.request.document ?? null, tx.receivedAt, calendar);
  if (future !== null) throw refused(future);
  const at = circumstances(tx, stored.state.lastRecordedAt);
  const untimely = arrivalRefusal(stored, at);
  if (untimely !== null) throw refused(untimely);
  return { ...(await work(stored, at)), subjectId: id };
}

/** A paper about a directive has arrived neither in the future nor before the directive was issued. */
function arrivalRefusal(
  { state }: StoredDirective,
  { happenedAt, receivedAt }: Circumstances,
): Refusal | null {
  if (happenedAt === receivedAt) return null;
  if (happenedAt < receivedAt && happenedAt >= (state.issuedAt ?? Number.NEGATIVE_INFINITY)) return null;
  return refuse('happened_in_future', {
    vi: 'Ngày đến của văn bản ở tương lai, hoặc trước ngày ban hành.',
    en: 'The arrival of the document lies in the future, or before the directive was issued.',
  });
}

export interface Gated {
  readonly report: GateReport;
  readonly policy: DirectivePolicy;
  readonly calendar: Calendar;
  readonly group: WorkingGroupRow;
}

/**
 * Runs the gate with the Working Group's present policy, the latest calendar and today's roster; of an amendment with
 * the policy that was frozen into the directive, and it judges the links that differ from `before`.
 */
export async function gateOf(
  db: Queryable,
  stored: StoredDirective,
  now: number,
  before: FrozenDirective | null = null,
): Promise<Gated> {
  const group = await loadWorkingGroup(db, stored.state.workingGroupId);
  if (group === null) throw new Error(`Working Group ${stored.state.workingGroupId} is missing`);
  const policy = before?.policy ?? (await loadPolicy(db, group.policyId));
  const calendar = await loadCalendar(db, group.calendarId, 'latest');
  if (policy === null || calendar === null)
    throw new Error(`Working Group ${group.id} has no policy or calendar`);
  const units = await unitsOn(db, localDate(calendar, now));
  const groups = new Map<string, string[]>();
  for (const unit of units) groups.set(unit.groupCode, [...(groups.get(unit.groupCode) ?? []), unit.id]);
  const context = {
    now,
    calendar,
    policy: policy.deadline,
    unitIds: new Set(units.map((unit) => unit.id)),
    groups,
    links: await linksOf(db, stored, group, before),
  };
  return { report: gate(stored.content, context), policy, calendar, group };
}

/** Every row in the way, with which of the four clears it fails. */
export function gateRefusal(report: GateReport): Refusal {
  const bad = report.rows.filter(
    (row) => !row.unclear && (row.findings.length > 0 || row.past?.answered === false),
  );
  return refuse(
    'gate_refused',
    {
      vi: `${bad.length} dòng chưa đủ bốn rõ hoặc có thời hạn đã qua chưa trả lời; ${report.findings.length} lỗi chung.`,
      en: `${bad.length} rows fail one of the four clears or have an unanswered past deadline; ${report.findings.length} findings on the whole.`,
    },
    {
      errors: [
        ...report.findings.map((finding) => ({
          pointer: finding.pointer,
          code: finding.code ?? 'missing',
          detail: finding.detail,
        })),
        ...bad.flatMap((row) =>
          row.findings.map((finding) => ({
            pointer: `/tasks/${row.ordinal}`,
            code: finding.clear,
            detail: finding.detail,
          })),
        ),
        ...bad
          .filter((row) => row.past?.answered === false)
          .map((row) => ({
            pointer: `/tasks/${row.ordinal}/deadline/past`,
            code: 'deadline_past',
            detail: {
              vi: 'Thời hạn đã qua: chọn chuyển tiếp với thời hạn mới, hoặc tiếp nhận cùng quá trình trước đó.',
              en: 'The deadline is past: carry it over with a new deadline, or take it over with its past.',
            },
          })),
      ],
      extra: { counts: report.counts },
    },
  );
}

/** The head of a loaded directive, as commands on its assignments read it. */
export function headOf(stored: StoredDirective): DirectiveHead {
  return {
    id: stored.state.id,
    workingGroupId: stored.state.workingGroupId,
    state: stored.state.state,
    frozenVersion: stored.state.frozenVersion,
    armedAt: stored.armedAt,
    calendarId: stored.calendarId,
    calendarVersion: stored.calendarVersion,
    carriedUntil: stored.carriedUntil,
  };
}
