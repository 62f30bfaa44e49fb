import type { AssignmentStateName } from '../../domain/assignment/state.js';
import type { DirectiveStateName } from '../../domain/directive/state.js';
import type { Bilingual } from '../../domain/errors.js';
import type { ReferralStateName } from '../../domain/referral/state.js';
import type { Locale, UnitRef } from '../read/view.js';

/** Names of states in tables, as officials call them. */

export const ASSIGNMENT_STATES: Readonly<Record<AssignmentStateName, Bilingual>> = {
  assigned: { vi: 'Đã giao', en: 'Assigned' },
  acknowledged: { vi: 'Đã tiếp nhận', en: 'Acknowledged' },
  in_progress: { vi: 'Đang thực hiện', en: 'In progress' },
  submitted: { vi: 'Đã nộp kết quả', en: 'Submitted' },
  contested: { vi: 'Có ý kiến về việc giao', en: 'Contested' },
  suspended: { vi: 'Tạm dừng', en: 'Suspended' },
  confirmed: { vi: 'Đã xác nhận hoàn thành', en: 'Confirmed' },
  concluded: { vi: 'Đã kết thúc', en: 'Concluded' },
  stopped: { vi: 'Dừng thực hiện', en: 'Stopped' },
  superseded: { vi: 'Đã chuyển đơn vị khác', en: 'Superseded' },
  carried_over: { vi: 'Chuyển kỳ sau', en: 'Carried over' },
};

export const COUNT_CLASSES: Readonly<Record<string, Bilingual>> = {
  done_on_time: { vi: 'Hoàn thành đúng hạn', en: 'Done on time' },
  done_late: { vi: 'Hoàn thành quá hạn', en: 'Done late' },
  open_in_time: { vi: 'Đang thực hiện, trong hạn', en: 'Open, in time' },
  open_overdue: { vi: 'Đang thực hiện, quá hạn', en: 'Open, overdue' },
  regular: { vi: 'Thường xuyên', en: 'Regular' },
  suspended: { vi: 'Tạm dừng', en: 'Suspended' },
  stopped: { vi: 'Dừng thực hiện', en: 'Stopped' },
  carried_over: { vi: 'Chuyển kỳ sau', en: 'Carried over' },
  superseded: { vi: 'Đã chuyển đơn vị khác', en: 'Superseded' },
};

export const DIRECTIVE_STATES: Readonly<Record<DirectiveStateName, Bilingual>> = {
  draft: { vi: 'Dự thảo', en: 'Draft' },
  awaiting_approval: { vi: 'Chờ phê duyệt', en: 'Awaiting approval' },
  issued: { vi: 'Đã ban hành', en: 'Issued' },
  closed: { vi: 'Đã kết thúc', en: 'Closed' },
  withdrawn: { vi: 'Đã thu hồi', en: 'Withdrawn' },
};

export const REFERRAL_STATES: Readonly<Record<ReferralStateName, Bilingual>> = {
  proposed: { vi: 'Đề xuất', en: 'Proposed' },
  objected: { vi: 'Có ý kiến phản đối', en: 'Objected' },
  rejected: { vi: 'Không chuyển', en: 'Rejected' },
  awaiting_release: { vi: 'Chờ cho chuyển', en: 'Awaiting release' },
  referred: { vi: 'Đã chuyển Sở Nội vụ', en: 'Referred' },
  returned_for_supplement: { vi: 'Trả lại để bổ sung', en: 'Returned for supplement' },
  acknowledged: { vi: 'Sở Nội vụ đã tiếp nhận', en: 'Acknowledged' },
  outcome_recorded: { vi: 'Đã ghi kết quả xử lý', en: 'Outcome recorded' },
  corrected: { vi: 'Đã đính chính', en: 'Corrected' },
  upheld: { vi: 'Giữ nguyên', en: 'Upheld' },
  withdrawn: { vi: 'Đã rút', en: 'Withdrawn' },
  lapsed: { vi: 'Hết hiệu lực', en: 'Lapsed' },
};

const YES = { vi: 'Có', en: 'Yes' };
const NO = { vi: 'Không', en: 'No' };
export const yesNo = (value: boolean, locale: Locale): string => (value ? YES : NO)[locale];

export const unitName = (unit: UnitRef | null, locale: Locale): string | null =>
  unit === null ? null : locale === 'en' ? (unit.nameEn ?? unit.name) : unit.name;
