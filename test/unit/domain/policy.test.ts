import { describe, expect, test } from '@jest/globals';
import { PolicyBody } from '../../../src/contracts/policies.js';
import { CLOCK } from '../../../src/domain/actor.js';
import { candidates } from '../../../src/domain/assignment/steps.js';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { completePolicy, DEFAULT_POLICY, type DirectivePolicy } from '../../../src/domain/policy.js';
import { policyFindings } from '../../../src/domain/policy-check.js';
import { opensAt } from '../../../src/domain/supervisor-list.js';
import { AGENCY, at, context, GIVEN, PAPER, person, Story, SUPERVISOR } from './story.js';

const text = 'vì sao';
const known = (policy: DirectivePolicy, over: object = {}) =>
  new Story(over, { policy }).act({ action: 'acknowledge', input: {} }, GIVEN + 1000, {
    actor: person('unit', 'unitId' in over ? String(over.unitId) : 'lead'),
  });
const { id: _id, version: _version, ...BODY } = DEFAULT_POLICY;
const codes = (change: Partial<DirectivePolicy>) =>
  policyFindings({ ...DEFAULT_POLICY, ...change }).map(({ code }) => code);

describe('a policy that was stored before some of its parts', () => {
  test('is read back with the default for each of them, and its own for the rest', () => {
    const {
      outage: _o,
      urgingLetter: _u,
      supervisorList: _s,
      urgingsThatCount: _c,
      ...older
    } = DEFAULT_POLICY;
    expect(completePolicy({ ...older, id: 'older' })).toEqual({ ...DEFAULT_POLICY, id: 'older' });
    const own = { ...DEFAULT_POLICY, urgingsThatCount: ['chat' as const] };
    expect(completePolicy(own)).toEqual(own);
  });
});

describe('a policy', () => {
  test('is taken in the shape it is kept in, and nothing unknown beside it', () => {
    expect(PolicyBody.parse(BODY)).toEqual(BODY);
    expect(PolicyBody.safeParse({ ...BODY, more: 1 }).success).toBe(false);
    const seconds = { ...BODY, mend: { atLeast: { value: 1.5, unit: 's' } } };
    expect(PolicyBody.safeParse(seconds).success).toBe(true);
    const halfDay = { ...BODY, mend: { atLeast: { value: 1.5, unit: 'wd' } } };
    expect(PolicyBody.safeParse(halfDay).success).toBe(false);
  });

  test('that contradicts itself is refused with the place', () => {
    const rung = (kind: string) => {
      const found = DEFAULT_POLICY.ladder.find((each) => each.kind === kind);
      if (found === undefined) throw new Error(`The default ladder has no ${kind}`);
      return found;
    };
    const [remind, urge, letter, refer] = ['reminder', 'urge', 'urging_letter', 'referral'].map(rung);
    if (!(remind && urge && letter && refer)) throw new Error('four kinds');
    const soon = { value: 1, unit: 's' } as const;
    expect(codes({})).toEqual([]);
    expect(codes({ ladder: [remind, remind, urge] })).toEqual(['step_twice']);
    expect(codes({ ladder: [{ ...remind, when: 'after' }] })).toEqual(['wrong_side']);
    expect(codes({ documentRequired: ['fly'] })).toEqual(['unknown_action']);
    expect(codes({ urgingLetter: { form: 'signed', sign: soon }, ladder: [urge] })).toEqual([
      'no_letter_rung',
    ]);
    expect(codes({ ladder: [refer, { ...refer, step: 'again' }] })).toEqual(['referral_twice']);
    expect(codes({ ladder: [remind] })).toEqual(['urges_nobody']);
    expect(codes({ ladder: [{ ...urge, offset: { value: 0, unit: 'wd' } }] })).toEqual(['not_late_yet']);
    expect(codes({ ladder: [urge, { ...letter, offset: soon }] })).toEqual(['before_milder']);
    expect(codes({ ladder: [urge, { ...refer, offset: soon }] })).toEqual(['before_milder']);
    expect(codes({ ladder: [{ ...urge, offset: soon }, letter, refer] })).toEqual([]);
    const { referral, reporting } = DEFAULT_POLICY;
    expect(codes({ referral: { ...referral, objectionWindow: { value: 0, unit: 'wd' } } })).toEqual([
      'no_window',
    ]);
    if (reporting === undefined) throw new Error('The default says nothing of reports');
    expect(codes({ reporting: { ...reporting, yearCloses: { month: 2, day: 31 } } })).toEqual([
      'impossible_date',
    ]);
  });
});

describe('an urging letter that wants a signature', () => {
  const policy: DirectivePolicy = {
    ...DEFAULT_POLICY,
    urgingLetter: { form: 'signed', sign: { value: 3, unit: 'wd' } },
  };
  const send = { action: 'send_letter', input: {} } as const;
  const DRAFTED = at('2026-11-04 17:30');

  test('is drafted by the ladder and told to nobody but the standing agency, which has a clock', () => {
    const story = known(policy);
    expect(story.until(DRAFTED).at(-1)).toBe('urging-letter');
    expect(story.events.at(-1)).toMatchObject({ data: { sends: [], unsigned: true } });
    expect(story.until(at('2026-11-09 17:30'))).toEqual(['supervisor', 'letter:1']);
    expect(story.events.at(-1)).toMatchObject({ data: { to: ['standing_agency', 'supervisor'] } });
  });

  test('holds the referral until its number and date are entered', () => {
    const story = known(policy);
    expect(story.until(at('2026-12-30 08:00'))).not.toContain('refer');
    expect(story.try(send, at('2026-12-30 09:00'), { actor: AGENCY })?.code).toBe('document_required');
    story.act(send, at('2026-12-30 09:00'), { actor: AGENCY, document: PAPER });
    expect(story.state.letter).toMatchObject({ sentAt: at('2026-12-30 09:00') });
    expect(story.until(at('2026-12-30 10:00'))).toEqual(['refer']);
    expect(story.try(send, at('2026-12-30 11:00'), { actor: AGENCY, document: PAPER })?.code).toBe(
      'transition_not_allowed',
    );
  });

  test('is not asked for where the policy sends it as drafted', () => {
    const story = known(DEFAULT_POLICY);
    story.until(DRAFTED);
    expect(story.events.at(-1)).toMatchObject({ data: { sends: ['head'] } });
    expect(story.state.letter).toBeNull();
  });

  test('to the standing agency itself is the supervisor’s', () => {
    const story = known(policy, { unitId: 'agency' });
    story.until(at('2026-11-10 08:00'));
    expect(story.events.at(-1)).toMatchObject({ data: { step: 'letter:1', to: ['supervisor'] } });
    expect(story.try(send, at('2026-11-10 09:00'), { actor: AGENCY, document: PAPER })?.code).toBe(
      'own_cause',
    );
    story.act(send, at('2026-11-10 09:00'), { actor: SUPERVISOR, document: PAPER });
  });

  test('of an earlier cycle does not serve a later one', () => {
    const story = known(policy);
    story.until(DRAFTED);
    story.act(send, DRAFTED + 1000, { actor: AGENCY, document: PAPER });
    story.agency(
      {
        action: 'adjust_deadline',
        input: { deadline: 'trước 20/11/2026', latenessStands: false, reason: text },
      },
      at('2026-11-06 09:00'),
    );
    expect(story.state.letter).toBeNull();
  });
});

describe('an urging outside of the system', () => {
  const URGE = at('2026-11-02 17:30');
  const call = (policy: DirectivePolicy, now: number) => {
    const story = known(policy);
    story.until(now - 1);
    story.act({ action: 'urge', input: { channel: 'telephone', text } }, now, { actor: AGENCY });
    story.until(URGE);
    return story.events.findLast((event) => event.type === 'step_taken' && event.data.step === 'urge');
  };
  const counting: DirectivePolicy = { ...DEFAULT_POLICY, urgingsThatCount: ['telephone'] };

  test('counts in place of the ladder’s where the policy says so: it is recorded and sends nothing', () => {
    expect(call(counting, at('2026-11-02 09:00'))).toMatchObject({ data: { sends: [] } });
  });

  test('counts for nothing where the policy does not, or before the deadline', () => {
    expect(call(DEFAULT_POLICY, at('2026-11-02 09:00'))).toMatchObject({
      data: { sends: ['officer', 'head'] },
    });
    expect(call(counting, at('2026-10-28 09:00'))).toMatchObject({ data: { sends: ['officer', 'head'] } });
  });
});

describe('the supervisor’s list', () => {
  const step = { to: 'supervisor', template: 'supervisor' } as const;
  const when = (list: Partial<DirectivePolicy['supervisorList']>, local = '2026-11-06 17:30') =>
    opensAt(step, at(local), OFFICE_HOURS, {
      supervisorList: { ...DEFAULT_POLICY.supervisorList, ...list },
    });

  test('is made once a working day, before each meeting, or not at all', () => {
    expect(when({ when: 'daily' })).toBe(at('2026-11-09 08:00'));
    expect(when({ when: 'daily' }, '2026-11-09 07:00')).toBe(at('2026-11-10 08:00'));
    expect(when({ when: 'each' }, '2026-11-09 10:00')).toBe(at('2026-11-09 10:00'));
    const meetings = ['2026-11-05', '2026-11-18', '2026-12-02'];
    expect(when({ when: 'meetings', meetings })).toBe(at('2026-11-17 08:00'));
    expect(when({ when: 'meetings', meetings, before: { value: 0, unit: 'wd' } })).toBe(
      at('2026-11-18 08:00'),
    );
    // Once no meeting is known any more, nobody waits for one.
    expect(when({ when: 'meetings', meetings }, '2026-12-03 09:00')).toBe(at('2026-12-04 08:00'));
  });

  test('takes up steps and overdue answers, while what the supervisor decides is told at once', () => {
    const now = at('2026-11-09 10:00');
    const opens = (template: string, to: 'supervisor' | 'head') =>
      opensAt({ template, to }, now, OFFICE_HOURS, DEFAULT_POLICY);
    expect(opens('clock_overdue', 'supervisor')).toBe(at('2026-11-10 08:00'));
    expect(opens('objected', 'supervisor')).toBe(now);
    expect(opens('urging_letter', 'head')).toBe(now);
  });
});

describe('every clock of the policy', () => {
  test('changes an instant in the plan of somebody who must answer', () => {
    const plan = (policy: DirectivePolicy): string => {
      const states = [
        new Story({}, { policy }),
        new Story({}, { policy }).act({ action: 'submit', input: { text } }, GIVEN + 1),
        new Story({}, { policy }).act({ action: 'contest', input: { reason: 'other', text } }, GIVEN + 1),
        new Story({}, { policy }).act(
          { action: 'request_extension', input: { deadline: 'trước 20/11/2026', reason: text } },
          GIVEN + 1,
        ),
        new Story({}, { policy }).act(
          { action: 'raise_obstacle', input: { cause: 'data', text } },
          GIVEN + 1,
        ),
        new Story({}, { policy }).act(
          { action: 'state_cause', input: { cause: 'data', objective: true, text } },
          at('2026-11-03 09:00'),
        ),
      ];
      return JSON.stringify(
        states.map(({ state }) =>
          candidates(state, context(GIVEN, { policy, actor: CLOCK })).map((one) => one.at),
        ),
      );
    };
    const clocks = [
      'acknowledge',
      'confirm',
      'contestAnswer',
      'extensionAnswer',
      'obstacleAnswer',
      'causeAnswer',
    ];
    for (const name of clocks) {
      const changed = {
        ...DEFAULT_POLICY,
        clocks: { ...DEFAULT_POLICY.clocks, [name]: { value: 77, unit: 's' } },
      } as DirectivePolicy;
      expect([name, plan(changed) === plan(DEFAULT_POLICY)]).toEqual([name, false]);
    }
  });
});
