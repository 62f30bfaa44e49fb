import { type Bilingual, DondocError, isDondocError, refuse } from '../domain/errors.js';
import { sqlState } from './transaction.js';

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** Constraint names that a caller can meet, and what they mean in the product's words. */
const BY_CONSTRAINT: Readonly<Record<string, () => DondocError>> = {
  unit_code_key: () =>
    taken('/code', { vi: 'Mã đơn vị đã được dùng.', en: 'This unit code is already in use.' }),
  person_login_key: () =>
    taken('/login', { vi: 'Tên đăng nhập đã được dùng.', en: 'This login is already in use.' }),
  role_grant_office: () =>
    taken('/office', {
      vi: 'Văn phòng đơn vị đã có một tài khoản; kết thúc tài khoản đó trước.',
      en: 'The unit’s office already has its account; end that one first.',
    }),
};

function taken(pointer: string, detail: Bilingual): DondocError {
  return new DondocError(
    refuse('duplicate_code', detail, { errors: [{ pointer, code: 'duplicate', detail }] }),
  );
}

/** Connection classes and shutdown states in which the same call may succeed later. */
const UNAVAILABLE = /^(08...|57P0[1-3]|53...)$/;
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOENT']);

export function isDatabaseUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null && (UNAVAILABLE.test(state) || NETWORK.has(state))) return true;
  const message = error instanceof Error ? error.message : '';
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
    message,
  );
}

/** Any error of PostgreSQL as an error of the product; the cause stays for the log, never for the caller. */
export function databaseError(error: unknown): unknown {
  if (isDondocError(error)) return error;
  if (isDatabaseUnavailable(error)) {
    return new DondocError(
      refuse('database_unavailable', {
        vi: 'Cơ sở dữ liệu tạm thời không sẵn sàng; hãy thử lại.',
        en: 'The database is not available at the moment; try again.',
      }),
      { cause: error },
    );
  }
  const state = sqlState(error);
  if (state === UNIQUE_VIOLATION || state === FOREIGN_KEY_VIOLATION) {
    const known = BY_CONSTRAINT[constraintOf(error)];
    if (known !== undefined) return known();
  }
  if (state === FOREIGN_KEY_VIOLATION) {
    return new DondocError(
      refuse('reference_unknown', {
        vi: 'Tham chiếu đến bản ghi không tồn tại.',
        en: 'A referenced record does not exist.',
      }),
      { cause: error },
    );
  }
  return error;
}

function constraintOf(error: unknown): string {
  return typeof error === 'object' &&
    error !== null &&
    'constraint' in error &&
    typeof error.constraint === 'string'
    ? error.constraint
    : '';
}
