import { loadCalendar, loadPolicy, loadWorkingGroup } from '../db/directive-store.js';
import { lockDirective } from '../db/lock-store.js';
import { knownReferences, loadRegime, lockRegime, type StoredRegime } from '../db/regime-store.js';
import { notFound } from '../domain/assignment/access.js';
import { type Calendar, localDate } from '../domain/calendar.js';
import { deadlineFrom } from '../domain/decision.js';
import { type FieldError, isRefusal, refuse, versionChanged } from '../domain/errors.js';
import type { Instant, IsoDate } from '../domain/instant.js';
import { DEFAULT_REPORTING_POLICY, type DirectivePolicy } from '../domain/policy.js';
import { currentVersion, definitionErrors, type RegimeDefinition } from '../domain/report/regime.js';
import { type CommandTx, circumstances, inCommand, refused } from './command.js';
import { lapseOwed } from './coverage-end.js';
import type { Engine } from './engine.js';
import { newId } from './ids.js';
import { changeRegime, flushRegime } from './regime-changes.js';
import type { CommandRequest, Outcome } from './request.js';
import { calendarOf } from './settings.js';

/** What an ad hoc request asks for; its due instant is a phrase as typed. */
export interface ReportRequest {
  readonly name: string;
  readonly nameEn: string | null;
  readonly directiveIds: readonly string[];
  readonly deadline: string;
  /** The date up to which the figures are asked for; today where it is left out. */
  readonly closesOn: string | null;
  readonly unitIds: readonly string[];
  readonly groupCodes: readonly string[];
}

/** A new regime; its first period opens by its conductor, which the same transaction wakes. */
export async function createRegime(
  engine: Engine,
  request: CommandRequest,
  definition: RegimeDefinition,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const frame = await frameOf(tx);
    const { schedule } = definition;
    if (schedule.kind === 'periodic') refusePast(schedule.startsOn, frame.calendar, tx.receivedAt);
    return begin(tx, frame, definition);
  });
}

/** Nobody is asked for reports of days before there was the regime. */
function refusePast(startsOn: IsoDate, calendar: Calendar, now: Instant): void {
  if (startsOn < localDate(calendar, now)) throw refused(invalid([startsInPast()]));
}

/** An ad hoc request: a regime of one period, with a due instant of its own. */
export async function requestReports(
  engine: Engine,
  request: CommandRequest,
  asked: ReportRequest,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const frame = await frameOf(tx);
    const { calendar, policy } = frame;
    const { actor, document } = tx.request;
    const deadline = deadlineFrom(asked.deadline, {
      actor,
      document: null,
      receivedAt: tx.receivedAt,
      happenedAt: tx.receivedAt,
      recordedAt: tx.receivedAt,
      policy,
      calendar,
      officeCalendar: calendar,
      newId,
      directive: {
        id: '',
        state: 'issued',
        documentDate: document?.date ?? null,
        endsAt: null,
        ...frame.offices,
      },
    });
    if (isRefusal(deadline)) throw refused(deadline);
    if (deadline.at <= tx.receivedAt) throw refused(dueInPast(deadline.at));
    const closesOn = asked.closesOn ?? localDate(calendar, tx.receivedAt);
    if (closesOn > localDate(calendar, deadline.at)) throw refused(invalid([closesAfterDue()]));
    return begin(tx, frame, {
      name: asked.name,
      nameEn: asked.nameEn,
      directiveIds: asked.directiveIds,
      schedule: {
        kind: 'ad_hoc',
        closesOn,
        dueAt: deadline.at,
        phrase: deadline.phrase,
        rule: deadline.rule,
      },
      levels: [{ name: null, unitIds: asked.unitIds, groupCodes: asked.groupCodes, dueWorkingDays: 0 }],
    });
  });
}

/** A new version: it judges the periods that open from now on, under the policy of today. */
export async function reviseRegime(
  engine: Engine,
  request: CommandRequest,
  id: string,
  definition: RegimeDefinition,
  ifMatch: number,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    await lockNamed(tx, definition);
    const stored = await lockedRegime(tx, id);
    if (stored.state.seq !== ifMatch)
      throw refused(versionChanged({ vi: 'Chế độ báo cáo', en: 'regime' }, stored.state.seq));
    if (
      stored.state.state === 'ended' ||
      currentVersion(stored.state).definition.schedule.kind === 'ad_hoc'
    ) {
      throw refused(notRunning());
    }
    const { calendar, policy } = await frameOf(tx);
    const { schedule } = definition;
    // Where a period was opened before, the next follows it; else the past would be asked for, all at once.
    if (schedule.kind === 'periodic' && stored.state.opened === null)
      refusePast(schedule.startsOn, calendar, tx.receivedAt);
    await refuseUnknown(tx, definition);
    const at = circumstances(tx, stored.state.lastRecordedAt);
    const version = {
      version: currentVersion(stored.state).version + 1,
      definition,
      policy,
      reporting: policy.reporting ?? DEFAULT_REPORTING_POLICY,
    };
    const pinned = { id: calendar.id, version: calendar.version };
    const event = { type: 'revised' as const, data: { at: at.receivedAt, version, calendar: pinned } };
    const change = changeRegime(stored, [event], at, calendar);
    await flushRegime(tx.client, change, 'earlier');
    return { status: 200, subjectId: id, version: change.state.seq };
  });
}

/**
 * Ends a regime: no period opens any more, what still runs lapses, and figures that were closed before are still
 * expected. Of an ad hoc request nothing is expected that had not fallen due.
 */
export async function endRegime(
  engine: Engine,
  request: CommandRequest,
  id: string,
  reason: string,
): Promise<Outcome> {
  return inCommand(engine, request, async (tx) => {
    const stored = await lockedRegime(tx, id);
    if (stored.state.state === 'ended') throw refused(notRunning());
    const at = circumstances(tx, stored.state.lastRecordedAt);
    const calendar = await calendarOf(tx.client, stored.state.calendar);
    const event = {
      type: 'ended' as const,
      data: { at: at.receivedAt, by: 'decision' as const },
      text: { reason },
    };
    const change = changeRegime(stored, [event], at, calendar);
    await flushRegime(tx.client, change, 'ended');
    await lapseOwed(tx.client, id, (last) => circumstances(tx, last));
    return { status: 200, subjectId: id, version: change.state.seq };
  });
}

/** Directives before the regime: none that is named ends unseen while it is being named. */
async function lockNamed({ client }: CommandTx, { directiveIds }: RegimeDefinition): Promise<void> {
  for (const id of [...new Set(directiveIds)].sort()) await lockDirective(client, id, 'shared');
}

interface Frame {
  readonly calendar: Calendar;
  readonly policy: DirectivePolicy;
  readonly offices: {
    readonly workingGroupId: string;
    readonly standingAgencyId: string;
    readonly homeAffairsId: string;
  };
}

/** Today's calendar and policy of the caller's Working Group, with its offices. Only the standing agency asks for reports. */
async function frameOf(tx: CommandTx): Promise<Frame> {
  const { actor } = tx.request;
  if (actor.kind !== 'person') throw refused(notFound());
  if (actor.role !== 'standing_agency') throw refused(forbidden());
  const group = await loadWorkingGroup(tx.client, actor.workingGroupId);
  if (group === null) throw refused(notFound());
  const policy = await loadPolicy(tx.client, group.policyId);
  const calendar = await loadCalendar(tx.client, group.calendarId, 'latest');
  if (policy === null || calendar === null)
    throw new Error(`Working Group ${group.id} has no policy or calendar`);
  const { standingAgencyId, homeAffairsId } = group;
  return { calendar, policy, offices: { workingGroupId: group.id, standingAgencyId, homeAffairsId } };
}

async function begin(
  tx: CommandTx,
  { calendar, policy, offices }: Frame,
  definition: RegimeDefinition,
): Promise<{ status: number; subjectId: string; version: number }> {
  await lockNamed(tx, definition);
  await refuseUnknown(tx, definition);
  const id = newId();
  const at = circumstances(tx, 0);
  const change = changeRegime(
    null,
    [
      {
        type: 'created',
        data: {
          id,
          ...offices,
          state: 'active',
          versions: [
            { version: 1, definition, policy, reporting: policy.reporting ?? DEFAULT_REPORTING_POLICY },
          ],
          calendar: { id: calendar.id, version: calendar.version },
          opened: null,
          createdAt: at.receivedAt,
          endedAt: null,
        },
      },
    ],
    at,
    calendar,
  );
  await flushRegime(tx.client, change, 'start');
  return { status: 201, subjectId: id, version: change.state.seq };
}

async function lockedRegime(tx: CommandTx, id: string): Promise<StoredRegime> {
  const { actor } = tx.request;
  await lockRegime(tx.client, id, 'exclusive');
  const stored = await loadRegime(tx.client, id);
  if (stored === null || actor.kind !== 'person' || actor.workingGroupId !== stored.state.workingGroupId)
    throw refused(notFound());
  if (actor.role !== 'standing_agency') throw refused(forbidden());
  return stored;
}

/** What a definition names must exist, and what it says must be possible. */
async function refuseUnknown({ client, request }: CommandTx, definition: RegimeDefinition): Promise<void> {
  const errors = definitionErrors(definition);
  if (errors.length > 0) throw refused(invalid(errors));
  const unitIds = definition.levels.flatMap((level) => level.unitIds);
  const groupCodes = definition.levels.flatMap((level) => level.groupCodes);
  const { directiveIds } = definition;
  const workingGroupId = request.actor.kind === 'person' ? request.actor.workingGroupId : '';
  const known = await knownReferences(client, workingGroupId, { directiveIds, unitIds, groupCodes });
  const missing = [...directiveIds, ...unitIds, ...groupCodes].filter((name) => !known.has(name));
  if (missing.length === 0) return;
  throw refused(
    refuse(
      'reference_unknown',
      {
        vi: 'Văn bản, đơn vị hoặc nhóm đơn vị được nêu không tồn tại hoặc văn bản chưa ban hành.',
        en: 'A directive, unit or group that is named does not exist, or the directive has not been issued.',
      },
      { extra: { missing } },
    ),
  );
}

const invalid = (errors: readonly FieldError[]) =>
  refuse(
    'regime_invalid',
    {
      vi: `Chế độ báo cáo có ${errors.length} điểm không thực hiện được.`,
      en: `The reporting regime cannot be followed in ${errors.length} points.`,
    },
    { errors },
  );

const startsInPast = (): FieldError => ({
  pointer: '/schedule/startsOn',
  code: 'starts_in_past',
  detail: {
    vi: 'Chế độ báo cáo bắt đầu từ hôm nay hoặc sau đó: không ai bị coi là chậm vì kỳ chưa từng được yêu cầu.',
    en: 'A regime starts today or later: nobody is late for a period that was never asked for.',
  },
});

const closesAfterDue = (): FieldError => ({
  pointer: '/closesOn',
  code: 'closes_after_due',
  detail: {
    vi: 'Ngày chốt số liệu phải trước hoặc trùng ngày đến hạn.',
    en: 'The figures must be closed on the day they are due, or before.',
  },
});

const dueInPast = (at: number) =>
  refuse(
    'deadline_in_past',
    { vi: 'Hạn báo cáo phải ở tương lai.', en: 'The due instant must lie in the future.' },
    { extra: { at: new Date(at).toISOString() } },
  );

const forbidden = () =>
  refuse('forbidden', {
    vi: 'Chỉ cơ quan thường trực yêu cầu báo cáo.',
    en: 'Only the standing agency asks for reports.',
  });

const notRunning = () =>
  refuse('transition_not_allowed', {
    vi: 'Chế độ báo cáo đã kết thúc, hoặc là yêu cầu đột xuất không sửa được.',
    en: 'The regime has ended, or is an ad hoc request, which is not revised.',
  });
