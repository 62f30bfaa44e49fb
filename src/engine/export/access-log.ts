import type { AccessView } from '../read/access-log.js';
import * as column from './columns.js';
import { ROLES } from './labels.js';
import type { ListTable } from './list.js';

export const ACCESS_LOG_TABLE: ListTable<AccessView> = {
  title: { vi: 'Nhật ký truy cập', en: 'Access log' },
  file: 'access-log',
  columns: [
    column.number('Số', 'Number', (line) => line.number),
    column.instant('Thời điểm', 'At', (line) => line.at),
    column.text('Người', 'Person', (line) => line.person?.name ?? line.person?.id ?? null, 30),
    column.text('Với vai trò', 'As', (line, locale) =>
      line.role === null ? null : ROLES[line.role][locale],
    ),
    column.unit('Đơn vị', 'Unit', (line) => line.unit),
    column.text('Việc', 'What', (line) => line.words, 30),
    column.text('Đối tượng', 'Subject', (line) => line.subject?.kind ?? null),
    column.text('Mã đối tượng', 'Subject id', (line) => line.subject?.id ?? null, 38),
    column.text('Chi tiết', 'Detail', (line) => JSON.stringify(line.detail), 60),
    column.text('Địa chỉ', 'Address', (line) => line.address, 20),
    column.text('Chương trình', 'Program', (line) => line.agent, 40),
    column.text('Mã truy cập hoặc phiên', 'Token or session', (line) => line.credential?.id ?? null, 38),
  ],
};
