import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import { type DirectiveContent, type DraftTask, EMPTY_CONTENT } from '../../../src/domain/directive/draft.js';
import {
  assignedEvent,
  assignmentSeeds,
  type FrozenDirective,
  freeze,
} from '../../../src/domain/directive/freeze.js';
import { type GateReport, gate } from '../../../src/domain/directive/gate.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { at } from './story.js';

export const NOW = at('2026-10-05 09:00');
const GROUPS = new Map([
  ['commune', ['c1', 'c2', 'c3']],
  ['department', ['health', 'justice']],
  ['empty', []],
]);
const UNITS = new Set(['health', 'justice', 'office', 'c1', 'c2', 'c3']);

export function ruleOf(phrase: string) {
  const parsed = parseDeadline(phrase, { documentDate: '2026-10-01' });
  return parsed.ok ? parsed.rule : null;
}

export function task(over: Partial<DraftTask> = {}): DraftTask {
  return {
    id: 't1',
    code: '1',
    title: 'Rà soát dữ liệu',
    titleEn: null,
    nature: 'specific',
    recurrence: 'one_off',
    kind: 'task',
    leadUnitIds: ['health'],
    severalLeads: null,
    groupCodes: [],
    coordinatingUnitIds: [],
    monitorUnitId: null,
    deadline: { phrase: 'trước ngày 30/10/2026', rule: null, past: null },
    result: { kind: 'deliverable', text: 'Báo cáo' },
    targets: [],
    source: null,
    importRow: null,
    asTyped: { leads: null, coordinating: null, result: null },
    keepUnclear: false,
    previousTaskId: null,
    ...over,
  };
}

export function content(tasks: readonly DraftTask[], over: Partial<DirectiveContent> = {}): DirectiveContent {
  return {
    ...EMPTY_CONTENT,
    number: '12/KH-UBND',
    title: 'Kế hoạch',
    documentDate: '2026-10-01',
    endsOn: '2026-12-31',
    tasks,
    ...over,
  };
}

export function judge(draft: DirectiveContent): GateReport {
  return gate(draft, {
    now: NOW,
    calendar: OFFICE_HOURS,
    policy: DEFAULT_POLICY.deadline,
    unitIds: UNITS,
    groups: GROUPS,
  });
}

/** The clears that a task fails. */
export function fails(over: Partial<DraftTask>, head: Partial<DirectiveContent> = {}): string[] {
  return judge(content([task(over)], head)).rows.flatMap((row) =>
    row.findings.map((finding) => finding.clear),
  );
}

export function frozen(draft: DirectiveContent): FrozenDirective {
  return freeze(draft, judge(draft), {
    ...{ directiveId: 'd', workingGroupId: 'g', version: 1, issuedAt: NOW, calendar: OFFICE_HOURS },
    ...{ policy: DEFAULT_POLICY, standingAgencyId: 'agency', homeAffairsId: 'affairs' },
  });
}

export function firstAssigned(draft: DirectiveContent) {
  const version = frozen(draft);
  const [seed] = assignmentSeeds(version, 0, 1);
  if (seed === undefined) throw new Error('Nothing is assigned');
  return assignedEvent(version, seed, 'a').data;
}
