import type { getOutages } from '../outages.js';
import type { getCalendarDays, getCalendarEdits, getCalendarUses } from '../read/calendars.js';
import * as column from './columns.js';
import { ROLES } from './labels.js';
import type { ListTable } from './list.js';

type ItemsOf<F extends (...given: never[]) => Promise<unknown>> = Extract<
  Awaited<ReturnType<F>>,
  readonly unknown[]
>[number];
type Day = Extract<Awaited<ReturnType<typeof getCalendarDays>>, { items: unknown }>['items'][number];

const DAY_KINDS = {
  holiday: { vi: 'Nghỉ lễ, Tết', en: 'Holiday' },
  swap_off: { vi: 'Nghỉ hoán đổi', en: 'Day off by a swap' },
  swap_work: { vi: 'Làm bù', en: 'Make-up working day' },
  custom: { vi: 'Ngày riêng', en: 'Of its own' },
};
const USES = {
  working_group: { vi: 'Tổ công tác', en: 'Working Group' },
  group: { vi: 'Nhóm đơn vị', en: 'Group of units' },
  unit: { vi: 'Đơn vị', en: 'Unit' },
};
const EDITS = {
  created: { vi: 'Lập lịch', en: 'Made' },
  days: { vi: 'Sửa ngày', en: 'Days' },
  week: { vi: 'Sửa giờ trong tuần', en: 'Weekly hours' },
  used: { vi: 'Áp dụng', en: 'Used' },
};

/** Minutes of a day as people write them; 24:00 is one of them. */
const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0')).join(':');

export const CALENDAR_DAYS_TABLE: ListTable<Day> = {
  title: { vi: 'Ngày nghỉ và ngày làm bù', en: 'Days off and make-up days' },
  file: 'calendar-days',
  columns: [
    column.day('Ngày', 'Date', (d) => d.date),
    column.named('Loại', 'Kind', DAY_KINDS, (d) => d.kind),
    column.text('Tên', 'Name', (d, locale) => (locale === 'en' ? (d.nameEn ?? d.name) : d.name), 40),
    column.text('Giờ làm việc', 'Hours', (d) =>
      column.list(d.intervals.map(({ from, to }) => `${clock(from)}–${clock(to)}`)),
    ),
    column.text('Văn bản', 'Source', (d) => d.source, 40),
    column.yesNo('Tạm tính', 'Provisional', (d) => d.provisional),
  ],
};

export const CALENDAR_USES_TABLE: ListTable<ItemsOf<typeof getCalendarUses>> = {
  title: { vi: 'Áp dụng lịch làm việc', en: 'Who is judged by which calendar' },
  file: 'calendar-uses',
  columns: [
    column.text('Lịch', 'Calendar', (u) => u.calendarId),
    column.named('Phạm vi', 'Scope', USES, (u) => u.scope),
    column.unit('Đơn vị', 'Unit', (u) => u.unit),
    column.text('Nhóm', 'Group', (u) => u.groupCode),
  ],
};

export const CALENDAR_EDITS_TABLE: ListTable<ItemsOf<typeof getCalendarEdits>> = {
  title: { vi: 'Các lần sửa lịch', en: 'Calendar edits' },
  file: 'calendar-edits',
  columns: [
    column.instant('Thời điểm', 'Recorded', (e) => e.recordedAt),
    column.named('Loại', 'Kind', EDITS, (e) => e.kind),
    column.number('Phiên bản', 'Version', (e) => e.version),
    column.text('Lý do', 'Reason', (e) => e.reason, 40),
    column.text('Văn bản', 'Source', (e) => e.source, 40),
    column.text('Người sửa', 'By', (e) => e.by?.name ?? null, 30),
    column.text('Với vai trò', 'As', (e, locale) => (e.by === null ? null : ROLES[e.by.role][locale])),
    column.instant('Tính lại xong lúc', 'Done', (e) => e.doneAt),
    column.number('Đã xem', 'Looked at', (e) => e.looked),
    column.number('Lùi thời hạn', 'Moved', (e) => e.moved),
    column.number('Xét lại', 'Judged again', (e) => e.rejudged),
    column.number('Để riêng', 'Set aside', (e) => e.setAside),
    column.recordId(),
  ],
};

export const OUTAGES_TABLE: ListTable<ItemsOf<typeof getOutages>> = {
  title: { vi: 'Các lần hệ thống gián đoạn', en: 'Outages' },
  file: 'outages',
  columns: [
    column.instant('Từ', 'From', (o) => o.from),
    column.instant('Đến', 'To', (o) => o.to),
    column.number('Lùi thời hạn', 'Moved', (o) => o.moved),
    column.number('Xét lại', 'Judged again', (o) => o.rejudged),
    column.instant('Xong lúc', 'Done', (o) => o.closedAt),
    column.recordId(),
  ],
};
