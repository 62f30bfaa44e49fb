import { loadDirective } from '../db/directive-store.js';
import { databaseNow } from '../db/lock-store.js';
import type { Actor } from '../domain/actor.js';
import { notFound } from '../domain/assignment/access.js';
import { freeze } from '../domain/directive/freeze.js';
import type { GateReport } from '../domain/directive/gate.js';
import { type Refusal, refuse } from '../domain/errors.js';
import type { Instant } from '../domain/instant.js';
import { play, playDirective, type RehearsedAssignment } from '../domain/rehearsal/play.js';
import { linesOf, type RehearsedLine } from '../domain/rehearsal/summary.js';
import { loads, type RehearsalWarning, type WeekLoad, warningsOf } from '../domain/rehearsal/warnings.js';
import { gateOf } from './directive-frame.js';
import type { Engine } from './engine.js';
import { ownCalendars } from './settings.js';

export interface RehearsalRequest {
  /** The instant of issue that is tried; now where none is given. */
  readonly issueAt: Instant | null;
  /** Deadlines of one unit in one week beyond which it is warned. */
  readonly mostPerWeek: number;
  /** Only these assignments are shown; the load counts all. */
  readonly unitId: string | null;
  readonly taskId: string | null;
}

export interface Rehearsal {
  readonly issueAt: Instant;
  readonly policy: string;
  readonly calendar: string;
  readonly ready: boolean;
  readonly counts: GateReport['counts'];
  readonly silent: readonly RehearsedLine[];
  readonly punctual: readonly RehearsedLine[];
  readonly warnings: readonly RehearsalWarning[];
  readonly loads: readonly WeekLoad[];
}

/**
 * Plays a draft under the present policy and calendar, without issuing it: what would be taken, and towards whom, if
 * nobody did anything and if every unit were on time. Rows that fail the gate are left out, as the gate tells.
 */
export async function rehearseDirective(
  engine: Engine,
  actor: Actor,
  id: string,
  request: RehearsalRequest,
): Promise<Rehearsal | Refusal> {
  const stored = await loadDirective(engine.writer, id);
  if (stored === null || actor.kind !== 'person' || actor.workingGroupId !== stored.state.workingGroupId)
    return notFound();
  const { state } = stored.state;
  if (state !== 'draft' && state !== 'awaiting_approval') return alreadyIssued(state);
  const issueAt = request.issueAt ?? Math.floor(await databaseNow(engine.writer));
  const { report, policy, calendar, group } = await gateOf(engine.writer, stored, issueAt);
  const frozen = freeze(stored.content, report, {
    directiveId: id,
    workingGroupId: group.id,
    version: stored.state.frozenVersion + 1,
    issuedAt: issueAt,
    calendar,
    policy,
    standingAgencyId: group.standingAgencyId,
    homeAffairsId: group.homeAffairsId,
  });
  const unitIds = new Set(frozen.tasks.flatMap(({ brings }) => brings));
  const calendars = await ownCalendars(engine.writer, group.id, [...unitIds], calendar);
  const settings = { frozen, calendar, calendars };
  const silent = play(settings, 'silent');
  const shown = (some: readonly RehearsedAssignment[]): readonly RehearsedAssignment[] =>
    some.filter(
      ({ unitId, taskId }) =>
        (request.unitId === null || unitId === request.unitId) &&
        (request.taskId === null || taskId === request.taskId),
    );
  const { mostPerWeek } = request;
  return {
    issueAt,
    policy: `${policy.id} v${policy.version}`,
    calendar: `${calendar.id} v${calendar.version}`,
    ready: report.ready,
    counts: report.counts,
    silent: linesOf(shown(silent), playDirective(settings, report.counts.unclear), calendar),
    punctual: linesOf(shown(play(settings, 'punctual')), [], calendar),
    warnings: warningsOf(silent, calendar, { issuedAt: issueAt, mostPerWeek }),
    loads: loads(silent, calendar),
  };
}

function alreadyIssued(state: string): Refusal {
  return refuse(
    'transition_not_allowed',
    {
      vi: 'Chỉ diễn tập được dự thảo; văn bản đã ban hành có lịch sử đôn đốc thật.',
      en: 'Only a draft is rehearsed; what was issued has its real history of escalations.',
    },
    { extra: { state } },
  );
}
