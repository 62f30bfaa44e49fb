import { causeName } from '../read/matter-words.js';
import type { ListedMatter } from '../read/matters.js';
import type { RegimeView, ReportView } from '../read/reports.js';
import * as column from './columns.js';
import { PERIODICITIES, REPORT_STATES } from './labels.js';
import type { Column, ListTable } from './list.js';

const regimeName = (
  { name, nameEn }: { readonly name: string; readonly nameEn: string | null },
  locale: string,
) => (locale === 'en' ? (nameEn ?? name) : name);

/** What units owe, and what came of it. */
export const REPORTS_TABLE: ListTable<ReportView> = {
  title: { vi: 'Báo cáo định kỳ và đột xuất', en: 'Reports' },
  file: 'reports',
  columns: [
    column.text('Chế độ báo cáo', 'Reporting regime', (r, locale) => regimeName(r.regime, locale), 40),
    column.unit('Đơn vị', 'Unit', (r) => r.unit),
    column.text('Kỳ báo cáo', 'Period', (r) => r.period.key, 12),
    column.named('Trạng thái', 'State', REPORT_STATES, (r) => r.state),
    column.day('Số liệu từ ngày', 'Figures from', (r) => r.period.opensOn),
    column.day('Số liệu đến ngày', 'Figures until', (r) => r.period.closesOn),
    column.instant('Hạn ban đầu', 'First due', (r) => r.firstDueAt),
    column.instant('Hạn gửi', 'Due', (r) => r.dueAt),
    column.instant('Nhận lúc', 'Received', (r) => r.receivedAt),
    column.number('Số lần gửi', 'Times sent', (r) => r.received.length),
    column.number(
      'Số lần trả lại',
      'Returns',
      (r) => r.received.filter(({ returned }) => returned !== null).length,
    ),
    column.number('Số lần đính chính', 'Restatements', (r) => r.restatements),
    column.recordId(),
  ],
};

export const REGIMES_TABLE: ListTable<RegimeView> = {
  title: { vi: 'Chế độ báo cáo', en: 'Reporting regimes' },
  file: 'reporting-regimes',
  columns: [
    column.text('Tên', 'Name', regimeName, 40),
    column.named('Định kỳ', 'Periodicity', PERIODICITIES, (r) => r.periodicity?.kind ?? r.kind),
    column.number('Phiên bản', 'Version', (r) => r.regimeVersion),
    column.day('Từ ngày', 'From', (r) => r.startsOn),
    column.instant('Hạn gửi', 'Due', (r) => r.dueAt),
    column.text('Kỳ gần nhất', 'Latest period', (r) => r.opened?.key ?? null, 12),
    column.instant('Mở kỳ tiếp theo', 'Next opens', (r) => r.nextOpensAt),
    column.instant('Kết thúc', 'Ended', (r) => r.endedAt),
    column.recordId(),
  ],
};

const MATTER: readonly Column<ListedMatter>[] = [
  column.directiveNumber((m) => m.directive.number),
  column.taskCode((m) => m.task.code),
  column.taskTitle((m) => m.task),
  column.unit('Đơn vị', 'Unit', (m) => m.unit),
];
/** What was said, in order. */
const SAID: readonly Column<ListedMatter>[] = [
  column.text(
    'Diễn biến',
    'History',
    (m) =>
      column.list((m.history ?? []).map(({ words, text }) => [words, ...Object.values(text)].join(': '))),
    60,
  ),
  column.text('Mã giao nhiệm vụ', 'Assignment id', (m) => m.assignmentId, 38),
  column.recordId(),
];

export const EXTENSIONS_TABLE: ListTable<ListedMatter> = {
  title: { vi: 'Đề nghị gia hạn', en: 'Extensions' },
  file: 'extensions',
  columns: [
    ...MATTER,
    column.text('Trạng thái', 'State', (m) => m.words, 25),
    column.instant('Ngày đề nghị', 'Requested', (m) => m.openedAt),
    column.yesNo('Đề nghị trong hạn', 'Asked in time', (m) => m.inTime),
    column.text('Thời hạn đề nghị', 'Asked for, as worded', (m) => m.phrase),
    column.instant('Đề nghị đến', 'Asked for', (m) => m.askedFor),
    column.instant('Gia hạn đến', 'Granted to', (m) => m.grantedTo),
    ...SAID,
  ],
};

export const OBSTACLES_TABLE: ListTable<ListedMatter> = {
  title: { vi: 'Vướng mắc', en: 'Obstacles' },
  file: 'obstacles',
  columns: [
    ...MATTER,
    column.text('Trạng thái', 'State', (m) => m.words, 25),
    column.text('Nguyên nhân', 'Cause', (m, locale) => causeName(m.cause, locale), 25),
    column.instant('Ngày nêu', 'Raised', (m) => m.openedAt),
    ...SAID,
  ],
};

export const CONTRIBUTIONS_TABLE: ListTable<ListedMatter> = {
  title: { vi: 'Đề nghị phối hợp', en: 'Contributions' },
  file: 'contributions',
  columns: [
    ...MATTER,
    column.text('Mã đơn vị phối hợp', 'Coordinating unit id', (m) => m.askedUnitId, 38),
    column.text('Trạng thái', 'State', (m) => m.words, 25),
    column.instant('Ngày đề nghị', 'Asked', (m) => m.openedAt),
    column.instant('Hạn phối hợp', 'Due', (m) => m.dueAt),
    ...SAID,
  ],
};
