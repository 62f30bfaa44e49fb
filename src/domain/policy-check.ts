import { isAssignmentAction } from './assignment/table.js';
import type { FieldError } from './errors.js';
import type { DirectivePolicy, LadderStep } from './policy.js';

/** What a shape alone does not say: a ladder that contradicts itself would urge nobody, or for ever. */
export function policyFindings(policy: Omit<DirectivePolicy, 'id' | 'version'>): FieldError[] {
  const found: FieldError[] = [];
  const wrong = (pointer: string, code: string, vi: string, en: string): void => {
    found.push({ pointer, code, detail: { vi, en } });
  };
  ladderFindings('/ladder', policy.ladder, wrong);
  if (policy.reporting !== undefined) ladderFindings('/reporting/ladder', policy.reporting.ladder, wrong);
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

function ladderFindings(
  pointer: string,
  ladder: readonly LadderStep[],
  wrong: (pointer: string, code: string, vi: string, en: string) => void,
): void {
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
  });
}
