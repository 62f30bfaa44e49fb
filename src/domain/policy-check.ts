import { isAssignmentAction } from './assignment/table.js';
import { OFFICE_HOURS } from './calendars/office-hours.js';
import { isRealDate } from './civil-date.js';
import { addDuration } from './duration.js';
import type { FieldError } from './errors.js';
import type { Instant } from './instant.js';
import { DEFAULT_REPORTING_POLICY, type DirectivePolicy, type LadderStep } from './policy.js';

/** Without a leap day, and with the calendar of offices: what durations of different units are compared by. */
const ORDINARY_YEAR = 2026;
const ORDINARY_DUE: Instant = Date.parse('2026-10-05T17:30:00+07:00');

type Wrong = (pointer: string, code: string, vi: string, en: string) => void;

/** What a shape alone does not say: a ladder that contradicts itself would urge nobody, or for ever. */
export function policyFindings(policy: Omit<DirectivePolicy, 'id' | 'version'>): FieldError[] {
  const found: FieldError[] = [];
  const wrong: Wrong = (pointer, code, vi, en) => {
    found.push({ pointer, code, detail: { vi, en } });
  };
  ladderFindings('/ladder', policy.ladder, wrong);
  if (policy.reporting !== undefined) ladderFindings('/reporting/ladder', policy.reporting.ladder, wrong);
  orderFindings(policy.ladder, wrong);
  if (policy.referral.objectionWindow.value === 0) {
    wrong(
      '/referral/objectionWindow',
      'no_window',
      'Đơn vị phải có thời gian phản hồi trước khi hồ sơ được chuyển.',
      'A unit needs time to object before its case goes.',
    );
  }
  const { month, day } = policy.reporting?.yearCloses ?? DEFAULT_REPORTING_POLICY.yearCloses;
  if (!isRealDate(ORDINARY_YEAR, month, day)) {
    wrong('/reporting/yearCloses', 'impossible_date', 'Không có ngày này.', 'There is no such day.');
  }
  if (policy.ladder.filter(({ kind }) => kind === 'referral').length > 1) {
    wrong(
      '/ladder',
      'referral_twice',
      'Chỉ một bậc đề xuất chuyển hồ sơ.',
      'Only one rung proposes a referral.',
    );
  }
  const letters = policy.ladder.some(({ kind }) => kind === 'urging_letter');
  if (policy.urgingLetter.form === 'signed' && !letters) {
    wrong(
      '/urgingLetter/form',
      'no_letter_rung',
      'Văn bản đôn đốc phải ký nhưng thang đôn đốc không có bậc văn bản.',
      'A signed urging letter is asked for, but no rung of the ladder drafts one.',
    );
  }
  policy.documentRequired.forEach((action, index) => {
    if (!isAssignmentAction(action))
      wrong(
        `/documentRequired/${index}`,
        'unknown_action',
        'Không có thao tác này.',
        'There is no such action.',
      );
  });
  return found;
}

function ladderFindings(pointer: string, ladder: readonly LadderStep[], wrong: Wrong): void {
  const names = new Set<string>();
  ladder.forEach((rung, index) => {
    const at = `${pointer}/${index}`;
    if (names.has(rung.step))
      wrong(`${at}/step`, 'step_twice', 'Tên bậc bị trùng.', 'Two rungs have one name.');
    names.add(rung.step);
    if ((rung.kind === 'reminder') !== (rung.when === 'before')) {
      wrong(
        `${at}/when`,
        'wrong_side',
        'Nhắc việc đứng trước thời hạn, các bậc khác đứng sau.',
        'Reminders lie before the deadline, every other rung after it.',
      );
    }
    if (rung.when === 'after' && rung.offset.value === 0) {
      wrong(
        `${at}/offset`,
        'not_late_yet',
        'Đúng thời hạn thì chưa chậm: bậc sau thời hạn cần một khoảng thời gian.',
        'At the deadline itself nobody is late: a rung after it needs some time.',
      );
    }
  });
}

/** A letter is no milder than an urging, and a case is the last of all. */
function orderFindings(ladder: readonly LadderStep[], wrong: Wrong): void {
  const after = ladder.filter(({ when }) => when === 'after');
  if (after.length === 0) {
    wrong(
      '/ladder',
      'urges_nobody',
      'Cần ít nhất một bậc sau thời hạn.',
      'A rung after the deadline is needed.',
    );
  }
  const at = ({ offset }: LadderStep): Instant => addDuration(OFFICE_HOURS, ORDINARY_DUE, offset);
  ladder.forEach((rung, index) => {
    const milder = after.filter(({ kind }) =>
      rung.kind === 'referral' ? kind !== 'referral' : rung.kind === 'urging_letter' && kind === 'urge',
    );
    if (milder.every((one) => at(one) <= at(rung))) return;
    wrong(
      `/ladder/${index}/offset`,
      'before_milder',
      'Bậc này đứng trước bậc nhẹ hơn nó.',
      'This rung lies before a milder one.',
    );
  });
}
