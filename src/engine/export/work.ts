import type { Result } from '../../domain/assignment/state.js';
import type { FileView } from '../files.js';
import type { AssignmentView } from '../read/assignments.js';
import type { DirectiveView } from '../read/directives.js';
import { causesText } from '../read/matter-words.js';
import * as column from './columns.js';
import { ASSIGNMENT_STATES, COUNT_CLASSES, DIRECTIVE_STATES } from './labels.js';
import type { ListTable } from './list.js';

const FILE_STATES = {
  kept: { vi: 'Đang lưu', en: 'Kept' },
  swept: { vi: 'Đã xóa', en: 'Removed' },
  destroyed: { vi: 'Đã hủy', en: 'Destroyed' },
};

export const FILES_TABLE: ListTable<FileView> = {
  title: { vi: 'Tệp đính kèm', en: 'Files' },
  file: 'files',
  columns: [
    column.text('Tên tệp', 'Name', (f) => f.name, 40),
    column.text('Loại', 'Type', (f) => f.mediaType, 25),
    column.number('Số byte', 'Bytes', (f) => f.size),
    column.named('Trạng thái', 'State', FILE_STATES, (f) => f.state),
    column.instant('Tải lên lúc', 'Uploaded', (f) => f.uploadedAt),
    column.unit('Đơn vị', 'Unit', (f) => f.unit),
    column.text('Mã băm SHA-256', 'SHA-256', (f) => f.sha256, 66),
    column.recordId(),
  ],
};

export const ASSIGNMENTS_TABLE: ListTable<AssignmentView> = {
  title: { vi: 'Nhiệm vụ được giao', en: 'Assignments' },
  file: 'assignments',
  columns: [
    column.directiveNumber((a) => a.directive.number),
    column.taskCode((a) => a.task.code),
    column.taskTitle((a) => a.task),
    column.unit('Đơn vị chủ trì', 'Lead unit', (a) => a.unit),
    column.text(
      'Đơn vị phối hợp',
      'Coordinating units',
      (a, locale) => column.list(a.coordinatingUnits.map((unit) => column.unitName(unit, locale) ?? '')),
      30,
    ),
    column.unit('Đơn vị theo dõi', 'Monitor', (a) => a.monitor),
    column.text('Cán bộ phụ trách', 'Officer', (a) => a.officer?.name ?? null),
    column.text('Kết quả phải đạt', 'Result', (a) => resultText(a.result), 40),
    column.named('Trạng thái', 'State', ASSIGNMENT_STATES, (a) => a.state),
    column.named('Đánh giá', 'Judged as', COUNT_CLASSES, (a) => a.countClass),
    column.text(
      'Nguyên nhân chậm',
      'Cause of lateness',
      (a, locale) =>
        causesText(
          a.matters.filter(({ kind }) => kind === 'cause'),
          locale,
        ),
      30,
    ),
    column.yesNo('Quá hạn', 'Late', (a) => a.late),
    column.text('Thời hạn như đã giao', 'Deadline as worded', (a) => a.deadline.phrase),
    column.instant('Hạn ban đầu', 'First deadline', (a) => a.deadline.firstDeadlineAt),
    column.instant('Hạn hiện tại', 'Due', (a) => a.deadline.dueAt),
    column.instant('Ngày giao', 'Assigned', (a) => a.assignedAt),
    column.instant('Ngày tiếp nhận', 'Acknowledged', (a) => a.acknowledgedAt),
    column.instant('Ngày nộp kết quả', 'Submitted', (a) => a.submission?.at),
    column.instant('Ngày kết thúc', 'Ended', (a) => a.endedAt),
    column.number('Số lần trả lại', 'Returns', (a) => a.returns),
    column.recordId(),
  ],
};

/** Each cause with what became of it; one that nobody has decided says that it is pending. */
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
    column.text('Số, ký hiệu', 'Number', (d) => d.number),
    column.day('Ngày văn bản', 'Date', (d) => d.documentDate),
    column.text('Trích yếu', 'Title', (d) => d.title, 60),
    column.text('Cơ quan ban hành', 'Issuer', (d) => d.issuer, 30),
    column.text('Người ký', 'Signer', (d) => d.signer),
    column.unit('Cơ quan thường trực', 'Standing agency', (d) => d.standingAgency),
    column.named('Trạng thái', 'State', DIRECTIVE_STATES, (d) => d.state),
    column.instant('Ngày ban hành', 'Issued', (d) => d.issuedAt),
    column.instant('Ngày kết thúc', 'Ended', (d) => d.endedAt),
    column.number('Số việc đã giao', 'Assignments', (d) => d.counts.assigned),
    column.number('Đang mở', 'Open', (d) => d.counts.open),
    column.number('Chưa rõ', 'Unclear', (d) => d.counts.unclear),
    column.recordId(),
  ],
};
