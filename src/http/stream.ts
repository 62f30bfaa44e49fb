import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { GRANT_HEADER } from './caller.js';
import { contextOf } from './context.js';
import type { StreamReply } from './route.js';

/**
 * Sends an answer as it is made, at the pace of whoever takes it: what is not taken is not made. An error on the
 * way cuts the connection, which is the one way left to say that the answer is not whole.
 */
export async function sendStream(
  req: Request,
  res: Response,
  status: number,
  reply: StreamReply,
): Promise<void> {
  res.status(status).set('Cache-Control', 'private, no-cache').vary('Authorization').vary(GRANT_HEADER);
  for (const [name, value] of Object.entries(reply.headers)) res.set(name, value);
  const known = req.fresh;
  if (req.method === 'HEAD' || known) {
    leaveUnread(reply.stream);
    // What the caller has already is not sent again.
    if (known) for (const name of ['Content-Length', 'Content-Type']) res.removeHeader(name);
    res.status(known ? 304 : status).end();
    return;
  }
  const source = Readable.from(reply.stream, { objectMode: false });
  // What is known is sent at once: a reader of events waits for no first event.
  res.flushHeaders();
  try {
    await pipeline(source, res);
  } catch (error) {
    if (!hasLeft(error)) contextOf(req).cause = error;
  }
}

/** What is open already, a file or a socket, is closed; what has not begun has nothing open. */
function leaveUnread(stream: StreamReply['stream']): void {
  if (stream instanceof Readable) stream.destroy();
}

/** The caller closed the connection: their right, and no fault. */
function hasLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
