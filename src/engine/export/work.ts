import type { Result } from '../../domain/assignment/state.js';
import type { AssignmentView } from '../read/assignments.js';
import type { DirectiveView } from '../read/directives.js';
import type { UnitView } from '../read/directory.js';
import { ASSIGNMENT_STATES, COUNT_CLASSES, DIRECTIVE_STATES, unitName, yesNo } from './labels.js';
import { at, type ListTable, list } from './list.js';

export const ASSIGNMENTS_TABLE: ListTable<AssignmentView> = {
  title: { vi: 'Nhiệm vụ được giao', en: 'Assignments' },
  file: 'assignments',
  columns: [
    { name: { vi: 'Văn bản', en: 'Directive' }, kind: 'text', of: (a) => a.directive.number },
    { name: { vi: 'Mã nhiệm vụ', en: 'Task code' }, kind: 'text', width: 12, of: (a) => a.task.code },
    {
      name: { vi: 'Nhiệm vụ', en: 'Task' },
      kind: 'text',
      width: 60,
      of: (a, locale) => (locale === 'en' ? (a.task.titleEn ?? a.task.title) : a.task.title),
    },
    {
      name: { vi: 'Đơn vị chủ trì', en: 'Lead unit' },
      kind: 'text',
      width: 30,
      of: (a, locale) => unitName(a.unit, locale),
    },
    {
      name: { vi: 'Đơn vị phối hợp', en: 'Coordinating units' },
      kind: 'text',
      width: 30,
      of: (a, locale) => list(a.coordinatingUnits.map((unit) => unitName(unit, locale) ?? '')),
    },
    {
      name: { vi: 'Đơn vị theo dõi', en: 'Monitor' },
      kind: 'text',
      width: 30,
      of: (a, locale) => unitName(a.monitor, locale),
    },
    { name: { vi: 'Cán bộ phụ trách', en: 'Officer' }, kind: 'text', of: (a) => a.officer?.name ?? null },
    {
      name: { vi: 'Kết quả phải đạt', en: 'Result' },
      kind: 'text',
      width: 40,
      of: (a) => resultText(a.result),
    },
    {
      name: { vi: 'Trạng thái', en: 'State' },
      kind: 'text',
      of: (a, locale) => ASSIGNMENT_STATES[a.state][locale],
    },
    {
      name: { vi: 'Đánh giá', en: 'Judged as' },
      kind: 'text',
      of: (a, locale) => COUNT_CLASSES[a.countClass]?.[locale] ?? a.countClass,
    },
    {
      name: { vi: 'Quá hạn', en: 'Late' },
      kind: 'text',
      width: 10,
      of: (a, locale) => yesNo(a.late, locale),
    },
    {
      name: { vi: 'Thời hạn như đã giao', en: 'Deadline as worded' },
      kind: 'text',
      of: (a) => a.deadline.phrase,
    },
    {
      name: { vi: 'Hạn ban đầu', en: 'First deadline' },
      kind: 'instant',
      of: (a) => at(a.deadline.firstDeadlineAt),
    },
    { name: { vi: 'Hạn hiện tại', en: 'Due' }, kind: 'instant', of: (a) => at(a.deadline.dueAt) },
    { name: { vi: 'Ngày giao', en: 'Assigned' }, kind: 'instant', of: (a) => at(a.assignedAt) },
    { name: { vi: 'Ngày tiếp nhận', en: 'Acknowledged' }, kind: 'instant', of: (a) => at(a.acknowledgedAt) },
    { name: { vi: 'Ngày nộp kết quả', en: 'Submitted' }, kind: 'instant', of: (a) => at(a.submission?.at) },
    { name: { vi: 'Ngày kết thúc', en: 'Ended' }, kind: 'instant', of: (a) => at(a.endedAt) },
    { name: { vi: 'Số lần trả lại', en: 'Returns' }, kind: 'number', width: 10, of: (a) => a.returns },
    { name: { vi: 'Mã bản ghi', en: 'Record id' }, kind: 'text', width: 38, of: (a) => a.id },
  ],
};

function resultText(result: Result): string {
  if (result.kind === 'deliverable') return result.text;
  const { name, numerator, denominator } = result;
  if (numerator === null) return name;
  return `${name}: ${numerator}${denominator === null ? '' : `/${denominator}`}`;
}

export const DIRECTIVES_TABLE: ListTable<DirectiveView> = {
  title: { vi: 'Văn bản', en: 'Directives' },
  file: 'directives',
  columns: [
    { name: { vi: 'Số, ký hiệu', en: 'Number' }, kind: 'text', of: (d) => d.number },
    { name: { vi: 'Ngày văn bản', en: 'Date' }, kind: 'date', width: 12, of: (d) => d.documentDate },
    { name: { vi: 'Trích yếu', en: 'Title' }, kind: 'text', width: 60, of: (d) => d.title },
    { name: { vi: 'Cơ quan ban hành', en: 'Issuer' }, kind: 'text', width: 30, of: (d) => d.issuer },
    { name: { vi: 'Người ký', en: 'Signer' }, kind: 'text', of: (d) => d.signer },
    {
      name: { vi: 'Cơ quan thường trực', en: 'Standing agency' },
      kind: 'text',
      width: 30,
      of: (d, locale) => unitName(d.standingAgency, locale),
    },
    {
      name: { vi: 'Trạng thái', en: 'State' },
      kind: 'text',
      of: (d, locale) => DIRECTIVE_STATES[d.state][locale],
    },
    { name: { vi: 'Ngày ban hành', en: 'Issued' }, kind: 'instant', of: (d) => at(d.issuedAt) },
    { name: { vi: 'Ngày kết thúc', en: 'Ended' }, kind: 'instant', of: (d) => at(d.endedAt) },
    {
      name: { vi: 'Số việc đã giao', en: 'Assignments' },
      kind: 'number',
      width: 12,
      of: (d) => d.counts.assigned,
    },
    { name: { vi: 'Đang mở', en: 'Open' }, kind: 'number', width: 12, of: (d) => d.counts.open },
    { name: { vi: 'Chưa rõ', en: 'Unclear' }, kind: 'number', width: 12, of: (d) => d.counts.unclear },
    { name: { vi: 'Mã bản ghi', en: 'Record id' }, kind: 'text', width: 38, of: (d) => d.id },
  ],
};

export const UNITS_TABLE: ListTable<UnitView> = {
  title: { vi: 'Đơn vị', en: 'Units' },
  file: 'units',
  columns: [
    { name: { vi: 'Mã', en: 'Code' }, kind: 'text', of: (u) => u.code },
    { name: { vi: 'Tên đơn vị', en: 'Name' }, kind: 'text', width: 40, of: (u) => u.name },
    { name: { vi: 'Tên tiếng Anh', en: 'English name' }, kind: 'text', width: 40, of: (u) => u.nameEn },
    { name: { vi: 'Tên khác', en: 'Other names' }, kind: 'text', width: 40, of: (u) => list(u.aliases) },
    { name: { vi: 'Nhóm', en: 'Group' }, kind: 'text', of: (u) => u.group.name },
    { name: { vi: 'Thư điện tử', en: 'E-mail' }, kind: 'text', width: 30, of: (u) => u.email },
    { name: { vi: 'Từ ngày', en: 'From' }, kind: 'date', width: 12, of: (u) => u.validFrom },
    { name: { vi: 'Đến trước ngày', en: 'Until' }, kind: 'date', width: 12, of: (u) => u.validTo },
    { name: { vi: 'Mã bản ghi', en: 'Record id' }, kind: 'text', width: 38, of: (u) => u.id },
  ],
};
