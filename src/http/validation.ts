import type { z } from 'zod';
import { type Bilingual, type FieldError, type Refusal, refuse } from '../domain/errors.js';

interface Shapes<P, Q, B> {
  readonly params: z.ZodType<P>;
  readonly query: z.ZodType<Q>;
  readonly body: z.ZodType<B>;
}

interface Raw {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Parses the parts of a request by their shapes; every wrong field of all of them is named at once. Pointers
 * of the body start at its root; those of the others with `/path` and `/query`.
 */
export function parseInput<P, Q, B>(
  shapes: Shapes<P, Q, B>,
  raw: Raw,
): Refusal | { params: P; query: Q; body: B } {
  const params = shapes.params.safeParse(raw.params);
  const query = shapes.query.safeParse(raw.query);
  const body = shapes.body.safeParse(raw.body);
  if (params.success && query.success && body.success) {
    return { params: params.data, query: query.data, body: body.data };
  }
  return invalid([
    ...(params.success ? [] : fieldErrors(params.error, '/path')),
    ...(query.success ? [] : fieldErrors(query.error, '/query')),
    ...(body.success ? [] : fieldErrors(body.error, '')),
  ]);
}

/** So many wrong fields are told of; who sends more has made one mistake many times. */
export const MOST_ERRORS = 100;

/** The one Problem for wrong fields. */
export function invalid(errors: readonly FieldError[]): Refusal {
  const count = errors.length;
  return refuse(
    'invalid_body',
    {
      vi: count === 1 ? 'Có 1 trường chưa đúng.' : `Có ${count} trường chưa đúng.`,
      en: count === 1 ? '1 field is not right.' : `${count} fields are not right.`,
    },
    { errors: errors.slice(0, MOST_ERRORS) },
  );
}

type Issue = z.core.$ZodIssue;

/** zod's issues as JSON Pointers (RFC 6901), each with a stable code and words in both languages. */
function fieldErrors(error: z.core.$ZodError, under: string): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = under + issue.path.map((key) => `/${escapePointer(String(key))}`).join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer: path, ...explain(issue) }];
    return issue.keys.map((key) => ({
      pointer: `${path}/${escapePointer(key)}`,
      code: 'unknown_field',
      detail: { vi: 'Trường này không tồn tại.', en: 'There is no such field.' },
    }));
  });
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

type Explained = Pick<FieldError, 'code' | 'detail'>;

const said = (code: string, vi: string, en: string): Explained => ({ code, detail: { vi, en } });

function explain(issue: Issue): Explained {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined && issue.message.endsWith('received undefined')) {
        return said('required', 'Thiếu trường này.', 'This field is required.');
      }
      return said(
        'wrong_type',
        `Phải là ${TYPE_VI[issue.expected] ?? issue.expected}.`,
        `Must be of type ${issue.expected}.`,
      );
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return wrongFormat(issue.format);
    case 'invalid_value':
      return said(
        'not_allowed',
        `Phải là một trong: ${issue.values.map(String).join(', ')}.`,
        `Must be one of: ${issue.values.map(String).join(', ')}.`,
      );
    case 'not_multiple_of':
      return said(
        'not_multiple_of',
        `Phải là bội của ${issue.divisor}.`,
        `Must be a multiple of ${issue.divisor}.`,
      );
    case 'invalid_union':
      return said('no_variant', 'Không khớp dạng nào được phép.', 'Matches none of the allowed forms.');
    case 'custom':
      return custom(issue.params, issue.message);
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
      return said('invalid', 'Giá trị không hợp lệ.', 'The value is not valid.');
  }
}

const TYPE_VI: Readonly<Record<string, string>> = {
  string: 'chuỗi',
  number: 'số',
  int: 'số nguyên',
  boolean: 'đúng hoặc sai (true, false)',
  array: 'danh sách',
  object: 'đối tượng',
  date: 'ngày',
  null: 'rỗng (null)',
};

function tooSmall(issue: z.core.$ZodIssueTooSmall): Explained {
  const least = String(issue.minimum);
  if (issue.origin === 'string') {
    return least === '1'
      ? said('empty', 'Không được để trống.', 'Must not be empty.')
      : said('too_short', `Ít nhất ${least} ký tự.`, `At least ${least} characters.`);
  }
  if (issue.origin === 'array' || issue.origin === 'set')
    return said('too_few', `Ít nhất ${least} mục.`, `At least ${least} items.`);
  return issue.inclusive === false
    ? said('too_small', `Phải lớn hơn ${least}.`, `Must be greater than ${least}.`)
    : said('too_small', `Phải từ ${least} trở lên.`, `Must be ${least} or more.`);
}

function tooBig(issue: z.core.$ZodIssueTooBig): Explained {
  const most = String(issue.maximum);
  if (issue.origin === 'string')
    return said('too_long', `Nhiều nhất ${most} ký tự.`, `At most ${most} characters.`);
  if (issue.origin === 'array' || issue.origin === 'set')
    return said('too_many', `Nhiều nhất ${most} mục.`, `At most ${most} items.`);
  return issue.inclusive === false
    ? said('too_big', `Phải nhỏ hơn ${most}.`, `Must be less than ${most}.`)
    : said('too_big', `Phải từ ${most} trở xuống.`, `Must be ${most} or less.`);
}

const FORMATS: Readonly<Record<string, Bilingual>> = {
  uuid: { vi: 'Phải là UUID.', en: 'Must be a UUID.' },
  email: { vi: 'Phải là địa chỉ thư điện tử.', en: 'Must be an e-mail address.' },
  url: { vi: 'Phải là địa chỉ web.', en: 'Must be a web address.' },
  date: { vi: 'Phải là ngày dạng NNNN-TT-NN (ví dụ 2026-01-31).', en: 'Must be a date as YYYY-MM-DD.' },
  datetime: {
    vi: 'Phải là thời điểm ISO 8601 có múi giờ (ví dụ 2026-01-31T17:00:00+07:00).',
    en: 'Must be an ISO 8601 instant with its offset (for example 2026-01-31T17:00:00+07:00).',
  },
};

function wrongFormat(format: string): Explained {
  const detail = FORMATS[format] ?? {
    vi: 'Không đúng dạng yêu cầu.',
    en: 'Not of the form that is asked for.',
  };
  return { code: 'wrong_format', detail };
}

/** A refinement of ours carries its words in `params`: `{ code, vi, en }`. */
function custom(params: Readonly<Record<string, unknown>> | undefined, message: string): Explained {
  const { code, vi, en } = params ?? {};
  if (typeof code === 'string' && typeof vi === 'string' && typeof en === 'string') return said(code, vi, en);
  return said('invalid', 'Giá trị không hợp lệ.', message);
}
