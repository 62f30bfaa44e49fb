import { expect, test } from '@jest/globals';
import { CLOCK } from '../../../src/domain/actor.js';
import { DEFAULT_POLICY, DEFAULT_REPORTING_POLICY } from '../../../src/domain/policy.js';
import { decideReport, type ReportCommand } from '../../../src/domain/report/decide.js';
import { evolveReport } from '../../../src/domain/report/evolve.js';
import type { Obligation } from '../../../src/domain/report/state.js';
import { nextReportStep } from '../../../src/domain/report/steps.js';
import { obligation } from './owing.js';
import { AGENCY, at, context, PAPER } from './story.js';

/** A Friday evening. */
const DUE = at('2026-11-06 17:00');
const RECORDED = at('2026-11-14 09:00');
const planning = {
  reporting: DEFAULT_REPORTING_POLICY,
  policy: DEFAULT_POLICY,
  calendar: context(DUE).calendar,
  officeCalendar: context(DUE).officeCalendar,
};

function act(o: Obligation, command: ReportCommand, now: number, over = {}): Obligation {
  const result = decideReport(o, command, {
    ...context(now, over),
    reporting: DEFAULT_REPORTING_POLICY,
    grounds: [],
  });
  if ('refused' in result) throw new Error(result.detail.en);
  return result.events.reduce((state, event) => evolveReport(state, event, now), o);
}

/** What a unit owes that let everything pass. */
function missing(): Obligation {
  let o = obligation({
    period: { key: '2026-10', opensOn: '2026-10-01', closesOn: '2026-10-31' },
    opensAt: at('2026-10-01 00:00'),
    closesAt: at('2026-10-31 23:59:59'),
    dueAt: DUE,
    rule: null,
  });
  for (;;) {
    const next = nextReportStep(o, planning);
    if (next === null || next.at >= RECORDED) return o;
    o = act(o, { action: 'take_steps' }, next.at, { actor: CLOCK });
  }
}

const voidedIn = (o: Obligation): string[] => o.taken.filter(({ voided }) => voided).map(({ step }) => step);
const paperOf = (arrived: string) => ({ actor: AGENCY, document: PAPER, happenedAt: at(arrived) });
const submit = { action: 'submit', input: { text: 'Báo cáo', progress: [] } } as const;
const ask = { action: 'ask_excuse', input: { reason: 'Mất điện toàn xã' } } as const;

test('a late report makes void the steps taken between its coming on paper and its recording, and no judgement', () => {
  const o = act(missing(), submit, RECORDED, paperOf('2026-11-10 09:00'));
  expect(voidedIn(o)).toEqual(['urging-letter', 'supervisor']);
});

test('a report that had come in time makes the judgement void as well', () => {
  const o = act(missing(), submit, RECORDED, paperOf('2026-11-05 09:00'));
  expect(voidedIn(o)).toEqual(['judge', 'urge', 'urging-letter', 'supervisor']);
});

test('a request to be excused on paper makes void what was taken above urging since, which comes again when it is refused', () => {
  const o = act(missing(), ask, RECORDED, paperOf('2026-11-05 09:00'));
  expect(voidedIn(o)).toEqual(['urging-letter', 'supervisor']);
  const refused = act(o, { action: 'refuse_excuse', input: { reason: 'Không thuộc diện' } }, RECORDED + 1, {
    actor: AGENCY,
  });
  expect(nextReportStep(refused, planning)?.step).toBe('urging-letter');
});

test('a refusal on paper cannot have come before the request to be excused', () => {
  const o = act(missing(), ask, RECORDED, paperOf('2026-11-10 09:00'));
  const refuse = { action: 'refuse_excuse', input: { reason: 'Không thuộc diện' } } as const;
  expect(() => act(o, refuse, RECORDED + 1, paperOf('2026-11-10 08:00'))).toThrow('before');
  expect(act(o, refuse, RECORDED + 1, paperOf('2026-11-10 10:00')).excuse?.state).toBe('refused');
});
