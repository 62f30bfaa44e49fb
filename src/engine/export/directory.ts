import type { HeadTermView, PersonView, UnitView } from '../read/directory.js';
import type { GrantView } from '../read/people.js';
import type { ReorganisationView } from '../read/reorganisations.js';
import type { Locale, UnitRef } from '../read/view.js';
import * as column from './columns.js';
import { REORGANISATION_KIND_NAMES, REORGANISATION_STATES, ROLES } from './labels.js';
import type { ListTable } from './list.js';

const unitNames = (units: readonly UnitRef[], locale: Locale): string | null =>
  column.list(units.flatMap((unit) => column.unitName(unit, locale) ?? []));

export const UNITS_TABLE: ListTable<UnitView> = {
  title: { vi: 'Đơn vị', en: 'Units' },
  file: 'units',
  columns: [
    column.text('Mã', 'Code', (u) => u.code),
    column.text('Tên đơn vị', 'Name', (u) => u.name, 40),
    column.text('Tên tiếng Anh', 'English name', (u) => u.nameEn, 40),
    column.text('Tên khác', 'Other names', (u) => column.list(u.aliases), 40),
    column.text('Nhóm', 'Group', (u) => u.group.name),
    column.text('Thư điện tử', 'E-mail', (u) => u.email, 30),
    column.day('Từ ngày', 'From', (u) => u.validFrom),
    column.day('Đến trước ngày', 'Until', (u) => u.validTo),
    column.recordId(),
  ],
};

export const REORGANISATIONS_TABLE: ListTable<ReorganisationView> = {
  title: { vi: 'Sắp xếp đơn vị', en: 'Reorganisations' },
  file: 'reorganisations',
  columns: [
    column.named('Hình thức', 'Kind', REORGANISATION_KIND_NAMES, (r) => r.kind),
    column.named('Trạng thái', 'State', REORGANISATION_STATES, (r) => r.state),
    column.day('Từ ngày', 'From', (r) => r.effectiveOn),
    column.text('Văn bản', 'Document', (r) => r.document.number),
    column.text('Lý do', 'Reason', (r) => r.reason, 40),
    column.text('Đơn vị cũ', 'Former units', (r, locale) => unitNames(r.from, locale), 40),
    column.text('Đơn vị tiếp nhận', 'Successors', (r, locale) => unitNames(r.to, locale), 40),
    column.unit('Đơn vị tạm nhận', 'Caretaker', (r) => r.caretaker),
    column.text('Tên mới', 'New name', (r) => r.newName, 40),
    column.number('Nhiệm vụ đã chuyển', 'Assignments moved', (r) => r.moved),
    column.instant('Hoàn thành', 'Done', (r) => r.doneAt),
    column.recordId(),
  ],
};

export const PEOPLE_TABLE: ListTable<PersonView> = {
  title: { vi: 'Người và vai trò', en: 'People and their grants' },
  file: 'people',
  columns: [
    column.text('Họ và tên', 'Name', (p) => p.name, 30),
    column.text('Thư điện tử', 'E-mail', (p) => p.email, 30),
    column.text(
      'Vai trò',
      'Grants',
      (p, locale) =>
        column.list(
          p.grants.map(({ role, unit }) =>
            [ROLES[role][locale], column.unitName(unit, locale)].filter((part) => part !== null).join(', '),
          ),
        ),
      50,
    ),
    column.recordId(),
  ],
};

export const HEADS_TABLE: ListTable<HeadTermView> = {
  title: { vi: 'Người đứng đầu', en: 'Heads' },
  file: 'heads',
  columns: [
    column.text('Họ và tên', 'Name', (h) => h.person.name, 30),
    column.day('Từ ngày', 'From', (h) => h.validFrom),
    column.day('Đến trước ngày', 'Until', (h) => h.validTo),
    column.recordId(),
  ],
};

export const GRANTS_TABLE: ListTable<GrantView> = {
  title: { vi: 'Vai trò đã giao', en: 'Grants' },
  file: 'grants',
  columns: [
    column.text('Họ và tên', 'Name', (g) => g.person.name, 30),
    column.named('Vai trò', 'Role', ROLES, (g) => g.role),
    column.unit('Đơn vị', 'Unit', (g) => g.unit),
    column.text('Ủy quyền của', 'Deputy of', (g) => g.deputyOf?.name ?? null, 30),
    column.yesNo('Tài khoản văn phòng', 'Office account', (g) => g.office),
    column.instant('Từ', 'From', (g) => g.validFrom),
    column.instant('Đến', 'Until', (g) => g.validTo),
    column.recordId(),
  ],
};
