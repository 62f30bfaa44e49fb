import type { ErrorRequestHandler, Request, Response } from 'express';
import { PROBLEM_MEDIA_TYPE, problemType, statusOf } from '../contracts/problem.js';
import { ERROR_CODES, type ErrorCode, isDondocError, type Refusal, refuse } from '../domain/errors.js';
import { knownError } from '../engine/failure.js';
import { contextOf } from './context.js';
import type { Locale } from './locale.js';

/** After how many seconds a repeat makes sense, for the codes where it does. */
const RETRY_AFTER: Partial<Readonly<Record<ErrorCode, number>>> = {
  database_unavailable: 2,
  shutting_down: 2,
  idempotency_in_flight: 1,
};

/** A refusal in the caller's language, as Problem Details (RFC 9457). */
export function problemBody(refusal: Refusal, locale: Locale, traceId: string): Record<string, unknown> {
  return {
    // Facts come first, so that none of them can stand in for a member of the standard.
    ...inLocale(refusal.extra, locale),
    type: problemType(refusal.code),
    title: ERROR_CODES[refusal.code].title[locale],
    status: statusOf(refusal.code),
    detail: refusal.detail[locale],
    code: refusal.code,
    traceId,
    ...(refusal.errors === undefined
      ? {}
      : {
          errors: refusal.errors.map((error) => ({
            pointer: error.pointer,
            code: error.code,
            detail: error.detail[locale],
          })),
        }),
  };
}

/** What is said in both languages goes out in the caller's, however deep it lies. */
function inLocale(value: unknown, locale: Locale): object {
  const said = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(said);
    if (typeof inner !== 'object' || inner === null) return inner;
    const fields = Object.entries(inner);
    const isBilingual = fields.length === 2 && fields.every(([name]) => name === 'vi' || name === 'en');
    if (isBilingual) return fields.find(([name]) => name === locale)?.[1];
    return Object.fromEntries(fields.map(([name, field]) => [name, said(field)]));
  };
  const result = said(value);
  return typeof result === 'object' && result !== null ? result : {};
}

/** Answers with a Problem; the only place that does. */
export function sendProblem(req: Request, res: Response, refusal: Refusal): void {
  const { locale, traceId } = contextOf(req);
  const retryAfter = RETRY_AFTER[refusal.code] ?? refusal.extra?.retryAfter;
  if (typeof retryAfter === 'number') res.set('Retry-After', String(retryAfter));
  if (refusal.code === 'unauthenticated') res.append('WWW-Authenticate', 'Bearer realm="dondoc"');
  if (refusal.code === 'insufficient_scope') {
    const scope = String(refusal.extra?.scope);
    res.set('WWW-Authenticate', `Bearer realm="dondoc", error="insufficient_scope", scope="${scope}"`);
  }
  res
    .status(statusOf(refusal.code))
    .set('Cache-Control', 'no-store')
    .set('Content-Language', locale)
    .vary('Accept-Language')
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemBody(refusal, locale, traceId)));
}

/** The last middleware: every error that was thrown becomes a Problem, and its cause goes to the log only. */
export const handleError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) {
    // Half an answer is out: the connection is cut, so that nobody takes it for a whole one.
    next(error);
    return;
  }
  const refusal = refusalOf(error);
  if (statusOf(refusal.code) >= 500) contextOf(req).cause = error;
  sendProblem(req, res, refusal);
};

/** What an error says to the caller. Whatever is not known to be theirs is ours, and says nothing. */
export function refusalOf(error: unknown): Refusal {
  const known = knownError(error);
  if (isDondocError(known)) return known.refusal;
  return (
    parserRefusal(error) ??
    refuse('internal', {
      vi: 'Đã xảy ra lỗi của hệ thống. Hãy gửi mã traceId cho quản trị viên.',
      en: 'Something went wrong on our side. Give the traceId to your administrator.',
    })
  );
}

/** Errors that Express and its body parser throw name themselves by `type` and `status`. */
function parserRefusal(error: unknown): Refusal | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const type = 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.parse.failed':
    case 'entity.verify.failed':
      return refuse('malformed_json', {
        vi: 'Nội dung không phải JSON hợp lệ, mã hóa UTF-8.',
        en: 'The body is not valid JSON in UTF-8.',
      });
    case 'entity.too.large':
      return tooLarge('limit' in error && typeof error.limit === 'number' ? error.limit : null);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return unsupportedMedia('application/json; charset=utf-8');
    case 'request.aborted':
    case 'request.size.invalid':
      return refuse('malformed_json', {
        vi: 'Nội dung gửi lên bị cắt ngang.',
        en: 'The body ended before its time.',
      });
    default:
      break;
  }
  if (error instanceof URIError || error.status === 400) {
    return refuse('invalid_body', {
      vi: 'Địa chỉ chứa ký tự mã hóa sai.',
      en: 'The address has a broken percent-encoding.',
    });
  }
  return null;
}

export function tooLarge(limitBytes: number | null): Refusal {
  const limit = limitBytes === null ? '' : ` ${Math.floor(limitBytes / 1024)} KiB`;
  return refuse(
    'payload_too_large',
    {
      vi: `Dữ liệu vượt quá giới hạn${limit}.`,
      en: `The body is larger than the limit${limit === '' ? '' : ` of${limit}`}.`,
    },
    { extra: { limitBytes } },
  );
}

export function unsupportedMedia(expected: string): Refusal {
  return refuse(
    'unsupported_media_type',
    { vi: `Nội dung phải có kiểu ${expected}.`, en: `The body must be ${expected}.` },
    { extra: { expected } },
  );
}
