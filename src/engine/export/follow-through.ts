import type { Bilingual } from '../../domain/errors.js';
import type { Counts, CountsView } from '../read/counts.js';
import type { EscalationView } from '../read/escalations.js';
import type { ReferralView } from '../read/referrals.js';
import { REFERRAL_STATES, unitName, yesNo } from './labels.js';
import { at, type Column, type ListTable, list } from './list.js';

export const ESCALATIONS_TABLE: ListTable<EscalationView> = {
  title: { vi: 'Lịch sử đôn đốc', en: 'Escalations' },
  file: 'escalations',
  columns: [
    { name: { vi: 'Thời điểm', en: 'Taken' }, kind: 'instant', of: (e) => at(e.takenAt) },
    { name: { vi: 'Đến hạn lúc', en: 'Planned' }, kind: 'instant', of: (e) => at(e.plannedAt) },
    { name: { vi: 'Bước', en: 'Step' }, kind: 'text', width: 40, of: (e) => e.words },
    { name: { vi: 'Văn bản', en: 'Directive' }, kind: 'text', of: (e) => e.directive?.number ?? null },
    {
      name: { vi: 'Mã nhiệm vụ', en: 'Task code' },
      kind: 'text',
      width: 12,
      of: (e) => e.assignment?.code ?? null,
    },
    { name: { vi: 'Nhiệm vụ', en: 'Task' }, kind: 'text', width: 60, of: (e) => e.assignment?.title ?? null },
    {
      name: { vi: 'Đơn vị', en: 'Unit' },
      kind: 'text',
      width: 30,
      of: (e, locale) => unitName(e.unit, locale),
    },
    { name: { vi: 'Người nhận', en: 'Recipients' }, kind: 'text', width: 30, of: (e) => list(e.recipients) },
    {
      name: { vi: 'Đã gửi', en: 'Sent' },
      kind: 'number',
      width: 10,
      of: (e) => e.deliveries.filter((delivery) => delivery.state === 'sent').length,
    },
    { name: { vi: 'Xác nhận lúc', en: 'Acknowledged' }, kind: 'instant', of: (e) => at(e.acknowledged?.at) },
    { name: { vi: 'Hủy lúc', en: 'Voided' }, kind: 'instant', of: (e) => at(e.voided?.at) },
    { name: { vi: 'Lý do hủy', en: 'Reason' }, kind: 'text', width: 30, of: (e) => e.voided?.reason ?? null },
    { name: { vi: 'Theo quy định', en: 'Under' }, kind: 'text', width: 40, of: (e) => e.policyText },
    { name: { vi: 'Mã bản ghi', en: 'Record id' }, kind: 'text', width: 38, of: (e) => e.id },
  ],
};

export const REFERRALS_TABLE: ListTable<ReferralView> = {
  title: { vi: 'Hồ sơ chuyển Sở Nội vụ', en: 'Referrals' },
  file: 'referrals',
  columns: [
    {
      name: { vi: 'Đơn vị', en: 'Unit' },
      kind: 'text',
      width: 30,
      of: (r, locale) => unitName(r.unit, locale),
    },
    {
      name: { vi: 'Trạng thái', en: 'State' },
      kind: 'text',
      width: 25,
      of: (r, locale) => REFERRAL_STATES[r.state][locale],
    },
    { name: { vi: 'Văn bản', en: 'Directive' }, kind: 'text', of: (r) => r.directive?.number ?? null },
    {
      name: { vi: 'Mã nhiệm vụ', en: 'Task code' },
      kind: 'text',
      width: 12,
      of: (r) => r.task?.code ?? null,
    },
    {
      name: { vi: 'Nhiệm vụ', en: 'Task' },
      kind: 'text',
      width: 60,
      of: (r, locale) => (locale === 'en' ? (r.task?.titleEn ?? r.task?.title) : r.task?.title) ?? null,
    },
    {
      name: { vi: 'Chế độ báo cáo', en: 'Reporting regime' },
      kind: 'text',
      width: 30,
      of: (r, locale) => (locale === 'en' ? (r.regime?.nameEn ?? r.regime?.name) : r.regime?.name) ?? null,
    },
    { name: { vi: 'Dữ kiện tính đến', en: 'Facts as of' }, kind: 'instant', of: (r) => at(r.facts.asOf) },
    {
      name: { vi: 'Quá hạn', en: 'Late' },
      kind: 'text',
      width: 10,
      of: (r, locale) => yesNo(r.facts.late, locale),
    },
    { name: { vi: 'Ngày đề xuất', en: 'Proposed' }, kind: 'instant', of: (r) => at(r.proposedAt) },
    { name: { vi: 'Hạn ý kiến', en: 'Window ends' }, kind: 'instant', of: (r) => at(r.window.endsAt) },
    {
      name: { vi: 'Số ý kiến phản đối', en: 'Objections' },
      kind: 'number',
      width: 12,
      of: (r) => r.objections,
    },
    { name: { vi: 'Ngày chuyển', en: 'Referred' }, kind: 'instant', of: (r) => at(r.referredAt) },
    { name: { vi: 'Ngày kết thúc', en: 'Ended' }, kind: 'instant', of: (r) => at(r.endedAt) },
    {
      name: { vi: 'Mã băm dữ kiện', en: 'Digest of the facts' },
      kind: 'text',
      width: 66,
      of: (r) => r.facts.digest,
    },
    { name: { vi: 'Mã bản ghi', en: 'Record id' }, kind: 'text', width: 38, of: (r) => r.id },
  ],
};

/** A row of the counts: a group, or the total, which comes last. */
export interface CountLine {
  readonly label: string;
  readonly counts: Counts;
  readonly percent: string | null;
  readonly said: string;
  readonly asOf: string;
}

const number = (vi: string, en: string, field: keyof Counts): Column<CountLine> => ({
  name: { vi, en },
  kind: 'number',
  width: 14,
  of: ({ counts }) => counts[field],
});

export const COUNTS_TABLE: ListTable<CountLine> = {
  title: { vi: 'Số liệu', en: 'Counts' },
  file: 'counts',
  columns: [
    { name: { vi: 'Nhóm', en: 'Group' }, kind: 'text', width: 40, of: (line) => line.label },
    number('Tổng số', 'Total', 'total'),
    number('Hoàn thành đúng hạn', 'Done on time', 'doneOnTime'),
    number('Hoàn thành quá hạn', 'Done late', 'doneLate'),
    number('Đang thực hiện, trong hạn', 'Open, in time', 'openInTime'),
    number('Đang thực hiện, quá hạn', 'Open, overdue', 'openOverdue'),
    number('Trong đó chờ xác nhận', 'Of these awaiting confirmation', 'awaitingConfirmation'),
    number('Thường xuyên', 'Regular', 'regular'),
    number('Tạm dừng', 'Suspended', 'suspended'),
    number('Dừng thực hiện', 'Stopped', 'stopped'),
    number('Chuyển kỳ sau', 'Carried over', 'carriedOver'),
    number('Chưa rõ', 'Unclear', 'unclear'),
    number('Đã chuyển đơn vị khác', 'Superseded', 'superseded'),
    { name: { vi: 'Tỷ lệ (%)', en: 'Percent' }, kind: 'text', width: 12, of: (line) => line.percent },
    { name: { vi: 'Cách tính', en: 'Made of' }, kind: 'text', width: 40, of: (line) => line.said },
    { name: { vi: 'Tính đến', en: 'As of' }, kind: 'instant', of: (line) => at(line.asOf) },
  ],
};

const TOTAL: Bilingual = { vi: 'Tổng cộng', en: 'Total' };

/** What the counts show, as rows: each group, then all of it. */
export function countLines(view: CountsView, locale: 'vi' | 'en'): readonly CountLine[] {
  const { asOf } = view;
  return [...view.groups, { ...view, label: TOTAL[locale], counts: view.total }].map(
    ({ label, counts, completion }) => ({
      label,
      counts,
      percent: completion.ratio.percent,
      said: completion.text,
      asOf,
    }),
  );
}
