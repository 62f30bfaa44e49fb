import type { Role } from '../../domain/actor.js';
import type { AssignmentStateName } from '../../domain/assignment/state.js';
import type { DirectiveStateName } from '../../domain/directive/state.js';
import type { Bilingual } from '../../domain/errors.js';
import type { ReferralStateName } from '../../domain/referral/state.js';
import type { ReorganisationKind, ReorganisationState } from '../../domain/reorganisation/plan.js';
import type { ReportStateName } from '../../domain/report/state.js';
import type { Periodicity } from '../../domain/report/windows.js';

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

const { suspended, stopped, carried_over, superseded } = ASSIGNMENT_STATES;

/** Classes of the counts: some are states, the others are judged. */
export const COUNT_CLASSES: Readonly<Record<string, Bilingual>> = {
  suspended,
  stopped,
  carried_over,
  superseded,
  done_on_time: { vi: 'Hoàn thành đúng hạn', en: 'Done on time' },
  done_late: { vi: 'Hoàn thành quá hạn', en: 'Done late' },
  open_in_time: { vi: 'Đang thực hiện, trong hạn', en: 'Open, in time' },
  open_overdue: { vi: 'Đang thực hiện, quá hạn', en: 'Open, overdue' },
  regular: { vi: 'Thường xuyên', en: 'Regular' },
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

export const REPORT_STATES: Readonly<Record<ReportStateName, Bilingual>> = {
  not_due: { vi: 'Chưa đến hạn', en: 'Not due' },
  due: { vi: 'Đến hạn', en: 'Due' },
  received_on_time: { vi: 'Đã nhận đúng hạn', en: 'Received on time' },
  received_late: { vi: 'Đã nhận quá hạn', en: 'Received late' },
  missing: { vi: 'Chưa báo cáo, quá hạn', en: 'Missing' },
  excused: { vi: 'Được miễn', en: 'Excused' },
  lapsed: { vi: 'Hết hiệu lực', en: 'Lapsed' },
};

export const PERIODICITIES: Readonly<Record<Periodicity['kind'] | 'ad_hoc', Bilingual>> = {
  daily: { vi: 'Hằng ngày', en: 'Daily' },
  weekly: { vi: 'Hằng tuần', en: 'Weekly' },
  monthly: { vi: 'Hằng tháng', en: 'Monthly' },
  quarterly: { vi: 'Hằng quý', en: 'Quarterly' },
  half_yearly: { vi: '6 tháng', en: 'Half-yearly' },
  nine_month: { vi: '9 tháng', en: 'Nine months' },
  yearly: { vi: 'Hằng năm', en: 'Yearly' },
  own: { vi: 'Theo lịch riêng', en: 'Own schedule' },
  ad_hoc: { vi: 'Đột xuất', en: 'Ad hoc' },
};

export const ROLES: Readonly<Record<Role, Bilingual>> = {
  standing_agency: { vi: 'Cơ quan thường trực', en: 'Standing agency' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
  supervisor: { vi: 'Lãnh đạo Tổ công tác', en: 'Supervisor' },
  home_affairs: { vi: 'Sở Nội vụ', en: 'Home Affairs' },
  administrator: { vi: 'Quản trị hệ thống', en: 'Administrator' },
};

export const REORGANISATION_KIND_NAMES: Readonly<Record<ReorganisationKind, Bilingual>> = {
  merge: { vi: 'Sáp nhập', en: 'Merger' },
  split: { vi: 'Chia tách', en: 'Division' },
  rename: { vi: 'Đổi tên', en: 'Renaming' },
  abolish: { vi: 'Giải thể', en: 'Abolition' },
};

export const REORGANISATION_STATES: Readonly<Record<ReorganisationState, Bilingual>> = {
  planned: { vi: 'Chờ đến ngày', en: 'Planned' },
  running: { vi: 'Đang chuyển', en: 'Under way' },
  done: { vi: 'Đã xong', en: 'Done' },
  cancelled: { vi: 'Đã hủy', en: 'Cancelled' },
};
