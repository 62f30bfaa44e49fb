/** A text in the two languages of the product. */
export interface Bilingual {
  readonly vi: string;
  readonly en: string;
}

/**
 * Whose fault an error is, which decides its HTTP status at the edge:
 * `input` 400, `anonymous` 401, `rights` 403, `unknown` 404, `state` 409, `stale` 412, `missing_condition` 428,
 * `content` 422, `too_large` 413, `media` 415, `busy` 429, `slow` 408, `head_too_large` 431, `ours` 500,
 * `unavailable` 503.
 */
export type Fault =
  | 'input'
  | 'anonymous'
  | 'rights'
  | 'unknown'
  | 'method'
  | 'slow'
  | 'state'
  | 'stale'
  | 'too_large'
  | 'media'
  | 'content'
  | 'missing_condition'
  | 'busy'
  | 'head_too_large'
  | 'ours'
  | 'unavailable';

interface CatalogueEntry {
  readonly fault: Fault;
  readonly retry: boolean;
  readonly title: Bilingual;
}

/** Every error the product can answer with. Codes are stable and never translated; `docs/errors.md` has a line each. */
export const ERROR_CODES = {
  invalid_body: {
    fault: 'input',
    retry: false,
    title: { vi: 'Nội dung yêu cầu không hợp lệ', en: 'The request is not valid' },
  },
  malformed_json: {
    fault: 'input',
    retry: false,
    title: { vi: 'JSON không đọc được', en: 'The body is not valid JSON' },
  },
  unreadable_request: {
    fault: 'input',
    retry: false,
    title: { vi: 'Yêu cầu không đọc được', en: 'The request cannot be read' },
  },
  header_too_large: {
    fault: 'head_too_large',
    retry: false,
    title: { vi: 'Tiêu đề yêu cầu quá lớn', en: 'The request’s headers are too large' },
  },
  request_timeout: {
    fault: 'slow',
    retry: true,
    title: { vi: 'Yêu cầu đến quá chậm', en: 'The request came too slowly' },
  },
  unauthenticated: { fault: 'anonymous', retry: false, title: { vi: 'Chưa đăng nhập', en: 'Not signed in' } },
  forbidden: { fault: 'rights', retry: false, title: { vi: 'Không có quyền', en: 'Not allowed' } },
  own_cause: {
    fault: 'rights',
    retry: false,
    title: { vi: 'Không ai quyết định việc của chính mình', en: 'Nobody decides in their own cause' },
  },
  not_found: { fault: 'unknown', retry: false, title: { vi: 'Không tìm thấy', en: 'Not found' } },
  method_not_allowed: {
    fault: 'method',
    retry: false,
    title: { vi: 'Phương thức không được hỗ trợ', en: 'Method not allowed' },
  },
  transition_not_allowed: {
    fault: 'state',
    retry: false,
    title: { vi: 'Trạng thái hiện tại không cho phép', en: 'The current state does not allow this' },
  },
  directive_not_ready: {
    fault: 'state',
    retry: false,
    title: { vi: 'Văn bản chưa giao xong nhiệm vụ', en: 'The directive is not ready for this' },
  },
  gate_refused: {
    fault: 'content',
    retry: false,
    title: { vi: 'Chưa đủ bốn rõ', en: 'The issuing gate refuses' },
  },
  document_required: {
    fault: 'content',
    retry: false,
    title: { vi: 'Cần số văn bản', en: 'A document number is required' },
  },
  deadline_not_understood: {
    fault: 'content',
    retry: false,
    title: { vi: 'Không hiểu thời hạn', en: 'The deadline was not understood' },
  },
  deadline_in_past: {
    fault: 'content',
    retry: false,
    title: { vi: 'Thời hạn đã qua', en: 'The deadline is in the past' },
  },
  beyond_parent_deadline: {
    fault: 'content',
    retry: false,
    title: {
      vi: 'Vượt thời hạn của nhiệm vụ cấp trên',
      en: 'Beyond the deadline of the superior assignment',
    },
  },
  targets_do_not_sum: {
    fault: 'content',
    retry: false,
    title: { vi: 'Các phần chỉ tiêu không khớp', en: 'The shares do not sum to the target' },
  },
  happened_in_future: {
    fault: 'content',
    retry: false,
    title: { vi: 'Thời điểm ở tương lai', en: 'It cannot have happened in the future' },
  },
  reference_unknown: {
    fault: 'content',
    retry: false,
    title: { vi: 'Tham chiếu không tồn tại', en: 'A referenced record does not exist' },
  },
  matter_already_open: {
    fault: 'state',
    retry: false,
    title: { vi: 'Đã có đề nghị đang chờ', en: 'There already is a pending one' },
  },
  duplicate_code: {
    fault: 'state',
    retry: false,
    title: { vi: 'Mã đã được dùng', en: 'The code is already in use' },
  },
  regime_invalid: {
    fault: 'content',
    retry: false,
    title: { vi: 'Chế độ báo cáo không thực hiện được', en: 'The reporting regime cannot be followed' },
  },
  reorganisation_invalid: {
    fault: 'content',
    retry: false,
    title: { vi: 'Phương án sắp xếp đơn vị chưa hợp lệ', en: 'The reorganisation cannot be so' },
  },
  reorganisation_overlaps: {
    fault: 'state',
    retry: false,
    title: {
      vi: 'Đơn vị thuộc một phương án sắp xếp khác',
      en: 'The unit is part of another reorganisation',
    },
  },
  secret_content: {
    fault: 'content',
    retry: false,
    title: { vi: 'Không nhập nội dung mật', en: 'Classified content is refused' },
  },
  import_unreadable: {
    fault: 'content',
    retry: false,
    title: { vi: 'Không đọc được tệp', en: 'The file could not be read' },
  },
  import_not_ready: {
    fault: 'content',
    retry: false,
    title: { vi: 'Bản nhập chưa đủ điều kiện', en: 'The import is not ready to be applied' },
  },
  idempotency_key_missing: {
    fault: 'input',
    retry: false,
    title: { vi: 'Thiếu Idempotency-Key', en: 'Idempotency-Key is required' },
  },
  idempotency_key_reused: {
    fault: 'content',
    retry: false,
    title: {
      vi: 'Idempotency-Key đã dùng cho yêu cầu khác',
      en: 'Idempotency-Key was used for another request',
    },
  },
  idempotency_in_flight: {
    fault: 'state',
    retry: true,
    title: { vi: 'Yêu cầu trước chưa xong', en: 'The first request is still in flight' },
  },
  precondition_missing: {
    fault: 'missing_condition',
    retry: false,
    title: { vi: 'Thiếu If-Match', en: 'If-Match is required' },
  },
  version_changed: {
    fault: 'stale',
    retry: false,
    title: { vi: 'Bản ghi đã thay đổi', en: 'The record has changed meanwhile' },
  },
  payload_too_large: {
    fault: 'too_large',
    retry: false,
    title: { vi: 'Dữ liệu quá lớn', en: 'The body is too large' },
  },
  unsupported_media_type: {
    fault: 'media',
    retry: false,
    title: { vi: 'Kiểu dữ liệu không được hỗ trợ', en: 'Unsupported media type' },
  },
  file_type_refused: {
    fault: 'media',
    retry: false,
    title: { vi: 'Loại tệp không được nhận', en: 'This type of file is not taken' },
  },
  file_infected: {
    fault: 'content',
    retry: false,
    title: { vi: 'Tệp có mã độc', en: 'The file is harmful' },
  },
  file_destroyed: {
    fault: 'content',
    retry: false,
    title: { vi: 'Nội dung đã bị hủy theo quyết định', en: 'The content was destroyed by decision' },
  },
  scanner_unavailable: {
    fault: 'unavailable',
    retry: true,
    title: { vi: 'Chưa kiểm tra được vi-rút', en: 'The virus scanner does not answer' },
  },
  quota_exceeded: {
    fault: 'busy',
    retry: true,
    title: { vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  },
  insufficient_scope: {
    fault: 'rights',
    retry: false,
    title: { vi: 'Token không có quyền này', en: 'The token has not this scope' },
  },
  cross_site_request: {
    fault: 'rights',
    retry: false,
    title: { vi: 'Yêu cầu đến từ trang khác', en: 'The request came from another site' },
  },
  database_unavailable: {
    fault: 'unavailable',
    retry: true,
    title: { vi: 'Cơ sở dữ liệu tạm thời không sẵn sàng', en: 'The database is not available' },
  },
  shutting_down: {
    fault: 'unavailable',
    retry: true,
    title: { vi: 'Máy chủ đang dừng', en: 'The server is stopping' },
  },
  internal: { fault: 'ours', retry: false, title: { vi: 'Lỗi của hệ thống', en: 'A fault of ours' } },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One wrong field: `pointer` is a JSON Pointer (RFC 6901) into the request. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: Bilingual;
}

export const fieldError = (pointer: string, code: string, vi: string, en: string): FieldError => ({
  pointer,
  code,
  detail: { vi, en },
});

/**
 * A business "no". It is a result, not an exception: deciders return it, nothing is written, and the
 * same command is judged anew when it comes again.
 */
export interface Refusal {
  readonly refused: true;
  readonly code: ErrorCode;
  readonly detail: Bilingual;
  readonly errors?: readonly FieldError[];
  /** Further facts that a program may read, such as the state or the unclear rows. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export function refuse(
  code: ErrorCode,
  detail: Bilingual,
  more: { errors?: readonly FieldError[]; extra?: Readonly<Record<string, unknown>> } = {},
): Refusal {
  return { refused: true, code, detail, ...more };
}

/** One field of a body is wrong; `code` is for programs, `detail` says what to do. */
export function wrongField(pointer: string, code: string, detail: Bilingual): Refusal {
  return refuse('invalid_body', detail, { errors: [{ pointer, code, detail }] });
}

/** An edit must be of the version that was read. */
export function versionChanged(what: Bilingual, currentVersion: number): Refusal {
  return refuse(
    'version_changed',
    {
      vi: `${what.vi} đã được sửa sau khi bạn mở; tải lại rồi sửa tiếp.`,
      en: `The ${what.en} has been changed since you read it; load it again.`,
    },
    { extra: { currentVersion } },
  );
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && value.refused === true;
}

/** An error that crosses layers. Compare by `code`, not `instanceof` (module realms differ in tests). */
export class DondocError extends Error {
  readonly code: ErrorCode;
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: { cause?: unknown }) {
    super(`${refusal.code}: ${refusal.detail.en}`, options);
    this.name = 'DondocError';
    this.code = refusal.code;
    this.refusal = refusal;
  }

  /** Whether the same call may succeed later without being changed. */
  get retry(): boolean {
    return ERROR_CODES[this.code].retry;
  }
}

export function isDondocError(error: unknown): error is DondocError {
  return error instanceof Error && error.name === 'DondocError' && 'refusal' in error;
}

/** Closes an exhaustive switch: a new kind that nobody handles does not compile. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
