import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../log.js';
import { answerUnreadable } from './unreadable.js';

export interface RunningServer {
  readonly port: number;
  /**
   * Stops accepting, lets requests under way finish, and cuts what is left after the grace.
   */
  close(graceMs: number): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
/** From the first byte to the last one of a request, uploads included. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Longer than proxies keep theirs, so that none writes into a connection that has just been closed. */
const KEEP_ALIVE_MS = 65_000;
const IDLE_SWEEP_MS = 50;

/** @throws where the port is taken or may not be used; the message names it. */
export async function listen(
  app: RequestListener,
  at: { readonly host: string; readonly port: number },
  log: Pick<Logger, 'warn'>,
): Promise<RunningServer> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    app,
  );
  answerUnreadable(server, log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new Error(`Port ${at.port} on ${at.host} cannot be used: ${error.code ?? error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(at.port, at.host, resolve);
  });
  return { port: portOf(server.address()), close: (graceMs) => drain(server, graceMs) };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A kept-alive connection that becomes idle only now would hold the server open until its client leaves.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
