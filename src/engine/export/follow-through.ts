import type { Bilingual } from '../../domain/errors.js';
import type { ContributionCounts } from '../read/contributions.js';
import type { Counts, CountsView } from '../read/counts.js';
import type { EscalationView } from '../read/escalations.js';
import { causesText } from '../read/matter-words.js';
import type { ReferralListView } from '../read/referral-lists.js';
import type { ReferralView } from '../read/referrals.js';
import type { TimelineEntry } from '../read/timeline.js';
import * as column from './columns.js';
import { REFERRAL_STATES, ROLES } from './labels.js';
import type { Column, ListTable } from './list.js';

export const ESCALATIONS_TABLE: ListTable<EscalationView> = {
  title: { vi: 'Lịch sử đôn đốc', en: 'Escalations' },
  file: 'escalations',
  columns: [
    column.instant('Thời điểm', 'Taken', (e) => e.takenAt),
    column.instant('Đến hạn lúc', 'Planned', (e) => e.plannedAt),
    column.text('Bước', 'Step', (e) => e.words, 40),
    column.directiveNumber((e) => e.directive?.number),
    column.taskCode((e) => e.assignment?.code),
    column.taskTitle((e) => e.assignment),
    column.unit('Đơn vị', 'Unit', (e) => e.unit),
    column.text('Người nhận', 'Recipients', (e) => column.list(e.recipients), 30),
    column.number('Đã gửi', 'Sent', (e) => e.deliveries.filter(({ state }) => state === 'sent').length),
    column.instant('Xác nhận lúc', 'Acknowledged', (e) => e.acknowledged?.at),
    column.instant('Hủy lúc', 'Voided', (e) => e.voided?.at),
    column.text('Lý do hủy', 'Reason', (e) => e.voided?.reason ?? null, 30),
    column.text('Theo quy định', 'Under', (e) => e.policyText, 40),
    column.recordId(),
  ],
};

export const REFERRALS_TABLE: ListTable<ReferralView> = {
  title: { vi: 'Hồ sơ chuyển Sở Nội vụ', en: 'Referrals' },
  file: 'referrals',
  columns: [
    column.unit('Đơn vị', 'Unit', (r) => r.unit),
    column.named('Trạng thái', 'State', REFERRAL_STATES, (r) => r.state),
    column.directiveNumber((r) => r.directive?.number),
    column.taskCode((r) => r.task?.code),
    column.taskTitle((r) => r.task),
    column.text(
      'Chế độ báo cáo',
      'Reporting regime',
      ({ regime }, locale) => (locale === 'en' ? (regime?.nameEn ?? regime?.name) : regime?.name) ?? null,
      30,
    ),
    column.instant('Dữ kiện tính đến', 'Facts as of', (r) => r.facts.asOf),
    column.yesNo('Quá hạn', 'Late', (r) => r.facts.late),
    column.text(
      'Nguyên nhân chậm',
      'Cause of lateness',
      (r, locale) => (r.facts.about === 'reporting' ? null : causesText(r.facts.causes ?? [], locale)),
      30,
    ),
    column.number('Phối hợp quá hạn', 'Overdue contributions', (r) =>
      r.facts.about === 'reporting' ? null : (r.facts.overdueContributions?.length ?? null),
    ),
    column.instant('Ngày đề xuất', 'Proposed', (r) => r.proposedAt),
    column.instant('Hạn ý kiến', 'Window ends', (r) => r.window.endsAt),
    column.number('Số ý kiến phản đối', 'Objections', (r) => r.objections),
    column.instant('Ngày chuyển', 'Referred', (r) => r.referredAt),
    column.instant('Ngày kết thúc', 'Ended', (r) => r.endedAt),
    column.text('Mã băm dữ kiện', 'Digest of the facts', (r) => r.facts.digest, 66),
    column.recordId(),
  ],
};

/** A case with the closing date of the list it stands in. */
interface ListedCase extends ReferralView {
  readonly closingOn: string;
}

export const REFERRAL_LISTS_TABLE: ListTable<ListedCase> = {
  title: { vi: 'Danh sách hồ sơ đề xuất', en: 'Lists of proposals' },
  file: 'referral-lists',
  columns: [column.day('Danh sách ngày', 'List of', (c) => c.closingOn), ...REFERRALS_TABLE.columns],
};

export const listedCases = (lists: readonly ReferralListView[]): ListedCase[] =>
  lists.flatMap(({ closingOn, cases }) => cases.map((one) => ({ ...one, closingOn })));

export const TIMELINE_TABLE: ListTable<TimelineEntry> = {
  title: { vi: 'Diễn biến', en: 'Timeline' },
  file: 'timeline',
  columns: [
    column.number('Thứ tự', 'Number', (e) => e.seq),
    column.instant('Xảy ra lúc', 'Happened', (e) => e.at),
    column.instant('Ghi nhận lúc', 'Recorded', (e) => e.recordedAt),
    column.text('Việc', 'What happened', (e) => e.words, 60),
    column.text('Người thực hiện', 'By', (e) => e.actor.name, 30),
    column.text('Với vai trò', 'As', (e, locale) =>
      e.actor.role === null ? null : ROLES[e.actor.role][locale],
    ),
    column.text('Đơn vị', 'Unit', (e) => e.actor.unit, 30),
    column.text('Số văn bản', 'Document', (e) => e.document?.number ?? null),
    column.day('Ngày văn bản', 'Dated', (e) => e.document?.date ?? null),
    column.text('Nội dung', 'Text', (e) => column.list(Object.values(e.text)), 60),
    column.text('Đơn vị trước đây', 'Former unit', (e) => e.formerUnit, 30),
    column.text('Đối tượng', 'Subject', (e) => e.subject.kind),
    column.text('Mã đối tượng', 'Subject id', (e) => e.subject.id, 38),
  ],
};

export const CONTRIBUTION_COUNTS_TABLE: ListTable<ContributionCounts & { readonly asOf: string }> = {
  title: { vi: 'Số liệu phối hợp', en: 'How coordinating units answer' },
  file: 'contribution-counts',
  columns: [
    column.unit('Đơn vị phối hợp', 'Coordinating unit', (c) => c.unit),
    column.number('Được đề nghị', 'Asked', (c) => c.asked),
    column.number('Chưa trả lời', 'Open', (c) => c.open),
    column.number('Quá hạn', 'Overdue', (c) => c.overdue),
    column.number('Đóng góp đúng hạn', 'Given in time', (c) => c.givenInTime),
    column.number('Đóng góp quá hạn', 'Given late', (c) => c.givenLate),
    column.number('Từ chối', 'Declined', (c) => c.declined),
    column.number('Không còn hiệu lực', 'Lapsed', (c) => c.lapsed),
    column.instant('Tính đến', 'As of', (c) => c.asOf),
  ],
};

/** A row of the counts: a group, or the total, which comes last. */
export interface CountLine {
  readonly label: string;
  readonly counts: Counts;
  readonly percent: string | null;
  readonly said: string;
  readonly asOf: string;
  readonly knownAt: string;
}

const counted = (vi: string, en: string, field: keyof Counts): Column<CountLine> =>
  column.number(vi, en, ({ counts }) => counts[field], 14);

export const COUNTS_TABLE: ListTable<CountLine> = {
  title: { vi: 'Số liệu', en: 'Counts' },
  file: 'counts',
  columns: [
    column.text('Nhóm', 'Group', (line) => line.label, 40),
    counted('Tổng số', 'Total', 'total'),
    counted('Hoàn thành đúng hạn', 'Done on time', 'doneOnTime'),
    counted('Hoàn thành quá hạn', 'Done late', 'doneLate'),
    counted('Đang thực hiện, trong hạn', 'Open, in time', 'openInTime'),
    counted('Đang thực hiện, quá hạn', 'Open, overdue', 'openOverdue'),
    counted('Trong đó chờ xác nhận', 'Of these awaiting confirmation', 'awaitingConfirmation'),
    counted('Thường xuyên', 'Regular', 'regular'),
    counted('Tạm dừng', 'Suspended', 'suspended'),
    counted('Dừng thực hiện', 'Stopped', 'stopped'),
    counted('Chuyển kỳ sau', 'Carried over', 'carriedOver'),
    counted('Chưa rõ', 'Unclear', 'unclear'),
    counted('Đã chuyển đơn vị khác', 'Superseded', 'superseded'),
    column.text('Tỷ lệ (%)', 'Percent', (line) => line.percent, 12),
    column.text('Cách tính', 'Made of', (line) => line.said, 40),
    column.instant('Tính đến', 'As of', (line) => line.asOf),
    column.instant('Theo dữ liệu có lúc', 'Known at', (line) => line.knownAt),
  ],
};

const TOTAL: Bilingual = { vi: 'Tổng cộng', en: 'Total' };

/** What the counts show, as rows: each group, then all of it. */
export function countLines(view: CountsView, locale: 'vi' | 'en'): readonly CountLine[] {
  const { asOf, knownAt } = view;
  return [...view.groups, { ...view, label: TOTAL[locale], counts: view.total }].map(
    ({ label, counts, completion }) => ({
      label,
      counts,
      percent: completion.ratio.percent,
      said: completion.text,
      asOf,
      knownAt,
    }),
  );
}
