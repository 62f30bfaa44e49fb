import { type AccessFilter, type AccessRow, listAccesses } from '../../db/read/access-log.js';
import type { AccessAction } from '../../domain/access-log.js';
import type { Role } from '../../domain/actor.js';
import type { Bilingual } from '../../domain/errors.js';
import type { Engine } from '../engine.js';
import { listName, numberPart, type Page, type PageRequest, pageOf, pageStart } from './page.js';
import { inLocale, iso, type Locale, look, type UnitRef, type Viewer } from './view.js';

/** One line of the access log. */
export interface AccessView {
  readonly number: number;
  readonly at: string;
  readonly person: { readonly id: string; readonly name: string | null } | null;
  readonly role: Role | null;
  readonly unit: UnitRef | null;
  readonly action: AccessAction;
  readonly words: string;
  readonly subject: { readonly kind: string; readonly id: string | null } | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly credential: { readonly kind: 'token' | 'session'; readonly id: string } | null;
  readonly address: string | null;
  readonly agent: string | null;
}

const WORDS: Readonly<Record<AccessAction, Bilingual>> = {
  signed_in: { vi: 'Đăng nhập', en: 'Signed in' },
  sign_in_refused: { vi: 'Đăng nhập bị từ chối', en: 'Sign-in refused' },
  signed_out: { vi: 'Đăng xuất', en: 'Signed out' },
  session_revoked: { vi: 'Kết thúc phiên', en: 'Session ended' },
  token_made: { vi: 'Tạo mã truy cập', en: 'Token made' },
  token_revoked: { vi: 'Thu hồi mã truy cập', en: 'Token revoked' },
  grant_given: { vi: 'Giao vai trò', en: 'Role granted' },
  grant_ended: { vi: 'Kết thúc vai trò', en: 'Grant ended' },
  person_made: { vi: 'Thêm người dùng', en: 'Person entered' },
  person_changed: { vi: 'Sửa người dùng', en: 'Person changed' },
  account_made: { vi: 'Tạo tài khoản', en: 'Account made' },
  password_chosen: { vi: 'Đặt mật khẩu', en: 'Password chosen' },
  head_term_begun: { vi: 'Bổ nhiệm người đứng đầu', en: 'Head appointed' },
  unit_changed: { vi: 'Sửa đơn vị', en: 'Unit changed' },
  group_changed: { vi: 'Sửa Tổ công tác', en: 'Working Group changed' },
  reorganisation_planned: { vi: 'Lập phương án sắp xếp đơn vị', en: 'Reorganisation planned' },
  reorganisation_cancelled: { vi: 'Hủy phương án sắp xếp đơn vị', en: 'Reorganisation cancelled' },
  exported: { vi: 'Xuất dữ liệu', en: 'Exported' },
  viewed: { vi: 'Xem', en: 'Viewed' },
  listed: { vi: 'Xem danh sách', en: 'Listed' },
  uploaded: { vi: 'Tải tệp lên', en: 'Uploaded' },
  webhook_changed: { vi: 'Sửa webhook', en: 'Webhook changed' },
};

function accessView({ detail, ...row }: AccessRow, locale: Locale): AccessView {
  const { credential, ...rest } = detail;
  const { subject_kind: kind, subject_id: id } = row;
  return {
    number: row.number,
    at: iso(row.at),
    person: row.person,
    role: row.role,
    unit: row.unit,
    action: row.action,
    words: inLocale(WORDS[row.action], locale),
    subject: kind === null ? null : { kind, id },
    detail: rest,
    credential: isCredential(credential) ? credential : null,
    address: row.address,
    agent: row.agent,
  };
}

function isCredential(value: unknown): value is AccessView['credential'] & object {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}

/** The access log as its reader may see it, the latest first. */
export async function accessPage(
  engine: Engine,
  viewer: Viewer,
  filter: AccessFilter,
  request: PageRequest,
): Promise<Page<AccessView>> {
  const list = listName('access-log', filter);
  const before = numberPart(await pageStart(engine, list, request.cursor), 0);
  const rows = await look(engine, viewer, (client) =>
    listAccesses(client, filter, before, request.limit + 1),
  );
  return pageOf(
    engine,
    list,
    request.limit,
    rows,
    (row) => [row.number],
    (row) => accessView(row, viewer.locale),
  );
}
