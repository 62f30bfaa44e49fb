import type { Matter, ObstacleCause } from '../../domain/assignment/state.js';
import type { Bilingual } from '../../domain/errors.js';
import type { Locale } from './view.js';

type WordsFor<K extends Matter['kind']> = Readonly<Record<Extract<Matter, { kind: K }>['state'], Bilingual>>;

const LAPSED: Bilingual = { vi: 'Hết hiệu lực', en: 'Lapsed' };
const MOVED: Bilingual = { vi: 'Chuyển theo nhiệm vụ', en: 'Moved with the assignment' };
const REFUSED: Bilingual = { vi: 'Không chấp nhận', en: 'Refused' };
const WITHDRAWN: Bilingual = { vi: 'Đã rút', en: 'Withdrawn' };

/** What each state of a matter is called; what is pending says so. */
const STATES: { readonly [K in Matter['kind']]: WordsFor<K> } = {
  extension: {
    requested: { vi: 'Đang chờ trả lời', en: 'Pending' },
    granted: { vi: 'Đồng ý gia hạn', en: 'Granted' },
    refused: REFUSED,
    withdrawn: WITHDRAWN,
    lapsed: LAPSED,
    moved: MOVED,
  },
  obstacle: {
    raised: { vi: 'Đang chờ trả lời', en: 'Pending' },
    accepted: { vi: 'Được ghi nhận, đang chờ tháo gỡ', en: 'Accepted, not yet resolved' },
    refused: REFUSED,
    forwarded: { vi: 'Đã chuyển, đang chờ nơi nhận trả lời', en: 'Forwarded, pending' },
    resolved: { vi: 'Đã tháo gỡ', en: 'Resolved' },
    withdrawn: WITHDRAWN,
    lapsed: LAPSED,
    moved: MOVED,
  },
  cause: {
    stated: { vi: 'Đang chờ xác nhận', en: 'Pending' },
    confirmed_objective: { vi: 'Xác nhận là khách quan', en: 'Confirmed as objective' },
    refused: { vi: 'Không xác nhận là khách quan', en: 'Not confirmed as objective' },
  },
  contribution: {
    asked: { vi: 'Đang chờ phối hợp', en: 'Pending' },
    given: { vi: 'Đã phối hợp', en: 'Given' },
    declined: { vi: 'Từ chối', en: 'Declined' },
    overdue: { vi: 'Quá hạn phối hợp', en: 'Overdue' },
    lapsed: LAPSED,
    moved: MOVED,
  },
  explanation: {
    asked: { vi: 'Đang chờ giải trình', en: 'Pending' },
    answered: { vi: 'Đã giải trình', en: 'Answered' },
    overdue: { vi: 'Quá hạn giải trình', en: 'Overdue' },
    lapsed: LAPSED,
    moved: MOVED,
  },
  contest: {
    contested: { vi: 'Đang chờ trả lời', en: 'Pending' },
    upheld: { vi: 'Chấp nhận', en: 'Upheld' },
    rejected: { vi: 'Không chấp nhận', en: 'Rejected' },
    lapsed: LAPSED,
  },
};

/** The state of a matter in words. */
export function matterWords(matter: Matter): Bilingual {
  const words: Readonly<Record<string, Bilingual>> = STATES[matter.kind];
  return words[matter.state] ?? { vi: matter.state, en: matter.state };
}

/** A cause as it stands in the facts of a case. */
export function causeWords(state: 'pending' | 'confirmed_objective' | 'refused'): Bilingual {
  return STATES.cause[state === 'pending' ? 'stated' : state];
}

/** The fixed list of causes, of obstacles and of lateness. */
export const CAUSES: Readonly<Record<ObstacleCause, Bilingual>> = {
  legal_basis: { vi: 'Cơ sở pháp lý', en: 'Legal basis' },
  funding: { vi: 'Kinh phí', en: 'Funding' },
  technical: { vi: 'Kỹ thuật, hạ tầng', en: 'Technical' },
  coordination: { vi: 'Phối hợp', en: 'Coordination' },
  data: { vi: 'Dữ liệu', en: 'Data' },
  personnel: { vi: 'Nhân lực', en: 'Personnel' },
  force_majeure: { vi: 'Bất khả kháng', en: 'Force majeure' },
  other: { vi: 'Nguyên nhân khác', en: 'Other' },
};

/** A cause from the list, by its name. */
export function causeName(cause: string | null, locale: Locale): string {
  const causes: Readonly<Record<string, Bilingual>> = CAUSES;
  return cause === null ? '' : (causes[cause]?.[locale] ?? cause);
}

/** Stated causes with what has become of each, one after the other. */
export function causesText(
  causes: readonly { readonly cause: string | null; readonly words: string }[],
  locale: Locale,
): string {
  return causes.map(({ cause, words }) => `${causeName(cause, locale)}: ${words}`).join('; ');
}
