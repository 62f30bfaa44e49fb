import { describe, expect, test } from '@jest/globals';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import type { FrozenDirective } from '../../../src/domain/directive/freeze.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { play, playDirective } from '../../../src/domain/rehearsal/play.js';
import { linesOf } from '../../../src/domain/rehearsal/summary.js';
import { loads, warningsOf, weekOf } from '../../../src/domain/rehearsal/warnings.js';
import { content, frozen, ruleOf, task } from './drafts.js';
import { at } from './story.js';

const calendar = OFFICE_HOURS;
const by = (phrase: string) => ({ phrase, rule: ruleOf(phrase), past: null });
const playOf = (version: FrozenDirective, conduct: 'silent' | 'punctual') =>
  play({ frozen: version, calendar }, conduct);
const shown = (version: FrozenDirective, conduct: 'silent' | 'punctual') =>
  playOf(version, conduct)[0]?.steps.map(({ step, at: due, sends }) => [
    step.split(':')[0],
    new Date(due + 7 * 3_600_000).toISOString().slice(0, 16),
    sends.join(' '),
  ]);

describe('a rehearsal', () => {
  const one = frozen(content([task()]));

  test('of nobody doing anything shows every reminder, urging and the whole way of the case', () => {
    expect(shown(one, 'silent')).toEqual([
      ['acknowledgement', '2026-10-07T17:30', 'unit'],
      ['remind-7', '2026-10-21T08:00', 'officer'],
      ['remind-3', '2026-10-27T08:00', 'officer'],
      ['remind-1', '2026-10-29T08:00', 'officer'],
      ['urge', '2026-11-02T17:30', 'officer head'],
      ['urging-letter', '2026-11-04T17:30', 'head'],
      ['supervisor', '2026-11-06T17:30', 'supervisor'],
      ['refer', '2026-11-13T17:30', 'head standing_agency'],
      ['referred', '2026-11-20T17:30', 'home_affairs head'],
      ['acknowledge', '2026-11-30T17:30', 'home_affairs supervisor'],
    ]);
  });

  test('of everybody on time shows the reminders alone', () => {
    expect(shown(one, 'punctual')?.map(([step]) => step)).toEqual(['remind-7', 'remind-3', 'remind-1']);
  });

  test('of work that is under way shows what is still to come, and nothing of what is done', () => {
    const fact = { unitId: null, document: null, deadline: null, note: null };
    const past = (...kinds: readonly ('acknowledged' | 'submitted' | 'confirmed')[]) => ({
      ...one,
      tasks: one.tasks.map((each) => ({
        ...each,
        underWay: {
          assignedAt: at('2026-09-01 00:00'),
          history: kinds.map((kind, day) => ({ ...fact, kind, at: at(`2026-09-1${day} 00:00`) })),
        },
      })),
    });
    const done = past('acknowledged', 'submitted', 'confirmed');
    expect([shown(done, 'silent'), shown(done, 'punctual')]).toEqual([[], []]);
    const begun = shown(past('acknowledged'), 'silent')?.map(([step]) => step);
    expect(begun?.slice(0, 4)).toEqual(['remind-7', 'remind-3', 'remind-1', 'urge']);
  });

  test('counts the steps of a unit under a calendar of its own by that one', () => {
    const friday = { date: '2026-10-30', kind: 'custom' as const, intervals: [], name: 'Nghỉ', source: 'QĐ' };
    const own = { ...OFFICE_HOURS, id: 'own', days: [...OFFICE_HOURS.days, friday] };
    const two = frozen(
      content([
        task({
          leadUnitIds: ['health', 'justice'],
          severalLeads: 'each_leads',
          deadline: by('20 ngày làm việc'),
        }),
      ]),
    );
    const [common, moved] = play({ frozen: two, calendar, calendars: new Map([['justice', own]]) }, 'silent');
    expect([common?.unitId, moved?.unitId]).toEqual(['health', 'justice']);
    expect((moved?.dueAt ?? 0) - (common?.dueAt ?? 0)).toBeGreaterThan(0);
    const urged = (steps: typeof common) => steps?.steps.find(({ step }) => step === 'urge')?.at ?? 0;
    expect(urged(moved)).toBeGreaterThan(urged(common));
  });

  test('follows the policy: a case that is released waits, a regular task concludes on the end date', () => {
    const released = {
      ...one,
      policy: { ...DEFAULT_POLICY, referral: { ...DEFAULT_POLICY.referral, release: 'released' as const } },
    };
    expect(
      shown(released, 'silent')
        ?.slice(-2)
        .map(([step]) => step),
    ).toEqual(['release_awaited', 'decision']);
    const regular = frozen(content([task({ recurrence: 'regular', deadline: by('hằng tháng') })]));
    expect(shown(regular, 'silent')?.map(([step]) => step)).toEqual(['acknowledgement', 'conclusion']);
    expect(shown(regular, 'punctual')?.map(([step]) => step)).toEqual(['conclusion']);
  });

  test('of a directive with unclear rows shows the clock on the standing agency', () => {
    expect(playDirective({ frozen: one, calendar }, 0)).toEqual([]);
    expect(playDirective({ frozen: one, calendar }, 2)).toMatchObject([
      { step: 'unclear:1', sends: ['standing_agency', 'supervisor'], at: at('2026-10-19 17:30') },
    ]);
  });

  test('joins what is the same of several assignments to one line, with its tasks and units', () => {
    const two = frozen(
      content([
        task({ id: 'a', leadUnitIds: ['health', 'justice'], severalLeads: 'each_leads' }),
        task({ id: 'b' }),
      ]),
    );
    const lines = linesOf(playOf(two, 'punctual'), [], calendar);
    expect(lines).toMatchObject([
      { step: 'remind-7', assignments: 3, taskIds: ['a', 'b'], unitIds: ['health', 'justice'] },
      { step: 'remind-3' },
      { step: 'remind-1' },
    ]);
    const late = linesOf(playOf(two, 'silent'), [], calendar).find(({ step }) => step === 'urge');
    expect(late).toMatchObject({ at: at('2026-11-02 17:30'), messageAt: at('2026-11-03 08:00') });
  });
});

describe('its warnings', () => {
  const warned = (phrase: string, mostPerWeek = 5) => {
    const version = frozen(content([task({ deadline: by(phrase) })], { endsOn: '2027-12-31' }));
    return warningsOf(playOf(version, 'silent'), calendar, { issuedAt: version.issuedAt, mostPerWeek });
  };
  const codes = (phrase: string) => warned(phrase).map(({ code }) => code);

  test('name deadlines in Tết, on a weekend, on a provisional day and too near for a reminder', () => {
    expect(codes('trước ngày 30/10/2026')).toEqual([]);
    expect(codes('trước ngày 31/10/2026')).toEqual(['deadline_on_day_off']);
    expect(codes('trước ngày 06/10/2026')).toEqual(['no_reminder']);
    expect(codes('trước ngày 08/02/2027')).toEqual(['deadline_on_holiday', 'deadline_provisional']);
    expect(warned('trước ngày 08/02/2027')[0]?.detail.vi).toMatch(/Tết/);
  });

  test('name a unit with more deadlines in one week than are bearable', () => {
    const many = ['26/10/2026', '28/10/2026', '30/10/2026', '02/11/2026'].map((date, index) =>
      task({ id: `t${index}`, deadline: by(`trước ngày ${date}`) }),
    );
    const version = frozen(content(many));
    const played = playOf(version, 'silent');
    expect(loads(played, calendar)).toEqual([
      { unitId: 'health', week: '2026-10-26', deadlines: 3 },
      { unitId: 'health', week: '2026-11-02', deadlines: 1 },
    ]);
    const options = { issuedAt: version.issuedAt, mostPerWeek: 2 };
    expect(warningsOf(played, calendar, options)).toMatchObject([
      { code: 'too_many_in_week', week: '2026-10-26', unitIds: ['health'] },
    ]);
    expect(warningsOf(played, calendar, { ...options, mostPerWeek: 3 })).toEqual([]);
  });

  test('count a week from its Monday', () => {
    expect(weekOf(calendar, at('2026-10-25 23:59'))).toBe('2026-10-19');
    expect(weekOf(calendar, at('2026-10-26 00:00'))).toBe('2026-10-26');
  });
});
