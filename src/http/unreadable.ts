import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_MEDIA_TYPE, statusOf } from '../contracts/problem.js';
import { type Bilingual, type ErrorCode, refuse } from '../domain/errors.js';
import type { Logger } from '../log.js';
import { newTraceId } from './context.js';
import { problemBody } from './problem.js';

/** Why Node's parser gave up, by the code of its error. */
const REASONS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/**
 * What is no HTTP request never reaches the app. It is answered here, as the Problem that every refusal is, in the
 * language of the product: nobody has read which one the caller wants. Then the connection ends. Bytes behind a request
 * whose answer is still to come only end it: another answer would be taken for that one.
 */
export function answerUnreadable(server: Server, log: Pick<Logger, 'warn'>): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req, res) => latest.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = latest.get(socket);
    const owed = answer !== undefined && !answer.writableFinished;
    if (!socket.writable || (owed && (answer.headersSent || answer.req.complete))) {
      socket.destroy();
      return;
    }
    const code = REASONS[error.code ?? ''] ?? 'unreadable_request';
    const traceId = newTraceId();
    log.warn({ status: statusOf(code), traceId, why: error.code }, code);
    socket.end(answerOf(code, traceId));
  });
}

function answerOf(code: ErrorCode, traceId: string): string {
  const status = statusOf(code);
  const body = JSON.stringify(problemBody(refuse(code, DETAILS[code] ?? UNREADABLE), 'vi', traceId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    'Content-Language: vi',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const UNREADABLE: Bilingual = {
  vi: 'Không đọc được yêu cầu HTTP.',
  en: 'This is no HTTP request that can be read.',
};

const DETAILS: Partial<Readonly<Record<ErrorCode, Bilingual>>> = {
  header_too_large: {
    vi: 'Địa chỉ và tiêu đề của yêu cầu dài quá 16 KB; hãy rút ngắn.',
    en: 'The address and headers of the request are longer than 16 KB; shorten them.',
  },
  request_timeout: {
    vi: 'Yêu cầu không đến đủ trong thời gian cho phép; hãy gửi lại.',
    en: 'The request did not arrive whole in the time there is; send it again.',
  },
};
