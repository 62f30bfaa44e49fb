import { describe, expect, test } from '@jest/globals';
import { type Actor, CLOCK, SYSTEM } from '../../../src/domain/actor.js';
import { isRefusal } from '../../../src/domain/errors.js';
import type { Instant } from '../../../src/domain/instant.js';
import { decideReport, type PersonReportCommand } from '../../../src/domain/report/decide.js';
import { evolveReport } from '../../../src/domain/report/evolve.js';
import {
  type Obligation,
  REPORT_STATES,
  type ReportStateName,
  stateAt,
} from '../../../src/domain/report/state.js';
import { allowedReportActions, REPORT_ACTIONS, type ReportAction } from '../../../src/domain/report/table.js';
import { DUE_AT, Owing, obligation, reportContext } from './owing.js';
import { AGENCY, at, FACTS, LEAD, outcome, PAPER, person, SUPERVISOR } from './story.js';

const ASKABLE = 'not_due due missing received_late';

/**
 * Design §2 by hand: from, by whom, to. `R` the unit; `D` the standing agency with a document for the unit; `S` the
 * standing agency; `P` the standing agency with a document of its own. `=` stays; `~` what the instant says of a
 * report that is owed again.
 */
const BY_HAND: Readonly<Record<ReportAction, readonly [from: string, by: string, to: string]>> = {
  submit: ['not_due due missing', 'RD', 'received_on_time received_late'],
  restate: ['received_on_time received_late', 'RD', '='],
  return: ['received_on_time received_late', 'S', 'not_due due missing'],
  ask_excuse: [ASKABLE, 'RD', '='],
  excuse: [ASKABLE, 'P', 'excused'],
  refuse_excuse: [ASKABLE, 'S', '='],
};

const progress = [{ assignmentId: 'a', percent: 50, figure: null }];
const COMMANDS: { readonly [A in ReportAction]: Extract<PersonReportCommand, { action: A }> } = {
  submit: { action: 'submit', input: { text: 'Báo cáo', progress } },
  restate: { action: 'restate', input: { reason: 'Nhập sai', progress } },
  return: { action: 'return', input: { reason: 'Thiếu số liệu', formOnly: false } },
  ask_excuse: { action: 'ask_excuse', input: { reason: 'Mất điện' } },
  excuse: { action: 'excuse', input: { reason: 'Bất khả kháng' } },
  refuse_excuse: { action: 'refuse_excuse', input: { reason: 'Không đủ căn cứ' } },
};

const CLOSED = at('2026-10-15 09:00');
const AFTER = at('2026-10-16 09:00');

/** A report in each state, with the instant at which it is in it. */
const IN: Readonly<Record<ReportStateName, readonly [() => Owing, Instant]>> = {
  not_due: [() => new Owing(), at('2026-10-10 09:00')],
  due: [() => new Owing(), CLOSED],
  missing: [() => new Owing().until(AFTER), AFTER],
  received_on_time: [() => new Owing().submit(CLOSED), AFTER],
  received_late: [() => new Owing().submit(AFTER - 1000), AFTER],
  excused: [() => new Owing().act(COMMANDS.excuse, CLOSED, { actor: AGENCY, document: PAPER }), AFTER],
  lapsed: [
    () =>
      new Owing().act({ action: 'lapse' }, CLOSED, {
        actor: SYSTEM,
        grounds: [{ reason: 'unit_abolished', since: CLOSED }],
      }),
    AFTER,
  ],
};

/** What is asked and not answered yet waits where an answer is tried. */
function inState(state: ReportStateName, action: ReportAction): { before: Obligation; now: Instant } {
  const [make, now] = IN[state];
  const { state: before } = make();
  expect(stateAt(before, now)).toBe(state);
  const waits = action === 'refuse_excuse' && before.settled === null;
  return { before: waits ? { ...before, excuse: { askedAt: now - 2, state: 'asked' } } : before, now };
}

/** A paper that came a millisecond before it is recorded. */
const arrived = (document: typeof PAPER | undefined, now: number) =>
  document === undefined ? { document: null } : { document, happenedAt: now - 1 };

const RELATIONS: Readonly<Record<string, { actor: Actor; letters: string; document?: typeof PAPER }>> = {
  'the unit': { actor: LEAD, letters: 'R' },
  'the standing agency': { actor: AGENCY, letters: 'S' },
  'the standing agency with a document': { actor: AGENCY, letters: 'SDP', document: PAPER },
  'the supervisor': { actor: SUPERVISOR, letters: '-' },
  'another unit': { actor: person('unit', 'stranger'), letters: '' },
  'Home Affairs': { actor: person('home_affairs', 'affairs'), letters: '' },
  'an administrator': { actor: person('administrator'), letters: '' },
  'the same unit in another Working Group': { actor: person('unit', 'lead', 'another'), letters: '' },
  'the standing agency of another Working Group': {
    actor: person('standing_agency', 'agency', 'another'),
    letters: '',
  },
  'the supervisor of another Working Group': { actor: person('supervisor', null, 'another'), letters: '' },
  'the clock': { actor: CLOCK, letters: '' },
};

function expectedOf(action: ReportAction, state: ReportStateName, name: string): string {
  const { letters = '', document } = RELATIONS[name] ?? {};
  const [from, by] = BY_HAND[action];
  if (letters === '') return 'not_found';
  const agency = letters.startsWith('S');
  const may = [...letters].some((letter) => by.includes(letter)) || (agency && by.includes('P'));
  if (!may) return agency && by.includes('D') ? 'document_required' : 'forbidden';
  if (!from.split(' ').includes(state)) return 'transition_not_allowed';
  return by.includes('P') && document === undefined ? 'document_required' : 'allowed';
}

const NAMES = Object.keys(RELATIONS);

describe('the table of reports', () => {
  test('has a row in this test for every action, and a report for every state', () => {
    expect(Object.keys(BY_HAND).sort()).toEqual([...REPORT_ACTIONS].sort());
    expect(Object.keys(IN).sort()).toEqual([...REPORT_STATES].sort());
  });

  test.each(REPORT_ACTIONS)('%s is judged as the design says for every state and relation', (action) => {
    const wrong: string[] = [];
    for (const state of REPORT_STATES) {
      for (const name of NAMES) {
        const { actor, document } = RELATIONS[name] ?? { actor: SYSTEM };
        const { before, now } = inState(state, action);
        const ctx = reportContext(now, { actor, ...arrived(document, now) });
        const result = decideReport(before, COMMANDS[action], ctx);
        const expected = expectedOf(action, state, name);
        if (outcome(result) !== expected)
          wrong.push(`${state}, ${name}: ${outcome(result)}, not ${expected}`);
        if (isRefusal(result)) continue;
        const after = result.events.reduce((o, event) => evolveReport(o, event, now), before);
        const to = BY_HAND[action][2];
        const leads = to === '=' ? [state] : to.split(' ');
        if (!leads.includes(stateAt(after, now)))
          wrong.push(`${state}, ${name}: becomes ${stateAt(after, now)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(NAMES)(
    '%s is offered exactly what the deciders allow, and a reason in both languages',
    (name) => {
      const { actor } = RELATIONS[name] ?? { actor: SYSTEM };
      const wrong: string[] = [];
      for (const state of REPORT_STATES) {
        for (const action of REPORT_ACTIONS) {
          const { before, now } = inState(state, action);
          const offered = allowedReportActions(actor, before, FACTS, now).find(
            (each) => each.action === action,
          );
          const result = decideReport(
            before,
            COMMANDS[action],
            reportContext(now, { actor, ...arrived(PAPER, now) }),
          );
          if (offered?.allowed !== !isRefusal(result))
            wrong.push(`${action} when ${state}: ${outcome(result)}`);
          const { vi, en } = offered?.reason?.detail ?? { vi: 'x', en: 'y' };
          if (vi === '' || en === '' || vi === en) wrong.push(`${action} when ${state}: "${vi}", "${en}"`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test('a refused transition names the state, and what is possible in it', () => {
    const { before, now } = inState('received_on_time', 'submit');
    const result = decideReport(before, COMMANDS.submit, reportContext(now));
    expect(isRefusal(result) && result.extra).toEqual({
      state: 'received_on_time',
      action: 'submit',
      allowedFrom: ['not_due', 'due', 'missing'],
      possible: ['restate', 'return'],
    });
  });
});

describe('the standing agency’s own report', () => {
  const own = obligation({ unitId: 'agency' });
  const came = new Owing({ unitId: 'agency' }).submit(CLOSED, { actor: person('unit', 'agency') }).state;
  const judged = (before: Obligation, action: ReportAction, actor: Actor): string =>
    outcome(
      decideReport(before, COMMANDS[action], reportContext(AFTER, { actor, ...arrived(PAPER, AFTER) })),
    );

  test('is judged by the supervisor, and not by itself', () => {
    expect(judged(came, 'return', AGENCY)).toBe('own_cause');
    expect(judged(own, 'excuse', AGENCY)).toBe('own_cause');
    expect(judged(came, 'return', SUPERVISOR)).toBe('allowed');
    expect(judged(own, 'excuse', SUPERVISOR)).toBe('allowed');
  });

  test('is sent by its office as a unit, and never dated by a paper of its own', () => {
    expect(judged(own, 'submit', person('unit', 'agency'))).toBe('allowed');
    expect(judged(own, 'submit', AGENCY)).toBe('own_cause');
    expect(judged(own, 'excuse', person('unit', 'agency'))).toBe('forbidden');
  });
});

describe('what the table says beside', () => {
  test('only the clock takes steps', () => {
    for (const actor of [LEAD, AGENCY, SUPERVISOR, SYSTEM])
      expect(
        outcome(decideReport(obligation(), { action: 'take_steps' }, reportContext(AFTER, { actor }))),
      ).toBe('forbidden');
  });

  test('the due instant itself is in time, the second after it is not', () => {
    expect(new Owing().submit(DUE_AT).at(AFTER)).toBe('received_on_time');
    expect(new Owing().submit(DUE_AT + 999).at(AFTER)).toBe('received_on_time');
    expect(new Owing().submit(DUE_AT + 1000).at(AFTER)).toBe('received_late');
    const silent = new Owing().until(DUE_AT);
    expect([silent.state.taken.some(({ step }) => step === 'judge'), silent.at(DUE_AT)]).toEqual([
      false,
      'due',
    ]);
    silent.until(DUE_AT + 1000);
    expect([silent.state.taken.some(({ step }) => step === 'judge'), silent.at(DUE_AT + 1000)]).toEqual([
      true,
      'missing',
    ]);
  });

  test('a paper that had come in time undoes the judgement; one from the future, or before the period, is refused', () => {
    const silent = new Owing().until(AFTER);
    const paper = (happenedAt: Instant) => ({ actor: AGENCY, document: PAPER, happenedAt });
    expect(silent.try(COMMANDS.submit, AFTER, paper(AFTER + 1000))?.code).toBe('happened_in_future');
    expect(silent.try(COMMANDS.submit, AFTER, paper(silent.state.opensAt - 1000))?.code).toBe(
      'happened_in_future',
    );
    silent.submit(AFTER, paper(DUE_AT - 1000));
    expect(silent.at(AFTER)).toBe('received_on_time');
    expect(silent.state.taken.filter(({ step, voided }) => step === 'judge' && !voided)).toEqual([]);
    // As of an instant before it had come, the list says what was so.
    expect(silent.at(DUE_AT - 2000)).toBe('due');
  });

  test('returned for its form only it is judged by its first coming, else by the second', () => {
    const back = (formOnly: boolean) =>
      new Owing()
        .submit(CLOSED)
        .act({ action: 'return', input: { reason: 'x', formOnly } }, DUE_AT - 1000, { actor: AGENCY });
    const mendUntil = at('2026-10-16 17:30');
    for (const formOnly of [true, false]) {
      const owing = back(formOnly);
      expect([owing.at(DUE_AT + 1), owing.at(mendUntil), owing.at(mendUntil + 1000)]).toEqual([
        'due',
        'due',
        'missing',
      ]);
      owing.until(mendUntil + 1000).submit(mendUntil + 5000);
      expect(owing.at(mendUntil + 5000)).toBe(formOnly ? 'received_on_time' : 'received_late');
    }
  });

  test('who had been late gets no time to mend', () => {
    const owing = new Owing().submit(AFTER).act(COMMANDS.return, AFTER + 1000, { actor: AGENCY });
    expect([owing.state.mend, owing.at(AFTER + 2000)]).toEqual([null, 'missing']);
  });

  test('a second request to be excused waits for the first, and an answer needs a request', () => {
    const owing = new Owing().act(COMMANDS.ask_excuse, CLOSED);
    expect(owing.try(COMMANDS.ask_excuse, CLOSED + 1)?.code).toBe('matter_already_open');
    owing.act(COMMANDS.refuse_excuse, CLOSED + 2, { actor: AGENCY });
    expect(owing.try(COMMANDS.refuse_excuse, CLOSED + 3, { actor: AGENCY })?.code).toBe(
      'transition_not_allowed',
    );
    expect(owing.try(COMMANDS.ask_excuse, CLOSED + 4)).toBeNull();
  });

  test('a correction keeps both values of each figure, and counts', () => {
    const owing = new Owing().act(COMMANDS.submit, CLOSED);
    const after = { percent: 40, figure: { numerator: 4, denominator: 10, asOf: '2026-10-14' } };
    const more = { assignmentId: 'b', percent: 5, figure: null };
    owing.act(
      { action: 'restate', input: { reason: 'Nhập sai', progress: [{ assignmentId: 'a', ...after }, more] } },
      AFTER,
    );
    expect(owing.events.at(-1)).toMatchObject({
      type: 'restated',
      data: {
        changes: [
          { assignmentId: 'a', before: { percent: 50, figure: null }, after },
          { assignmentId: 'b', before: null, after: { percent: 5, figure: null } },
        ],
      },
      text: { reason: 'Nhập sai' },
    });
    expect([owing.state.restatements, owing.state.progress]).toEqual([
      1,
      [{ assignmentId: 'a', ...after }, more],
    ]);
    // When it came is not corrected.
    expect(owing.at(AFTER)).toBe('received_on_time');
  });
});
