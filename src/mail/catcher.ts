import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { createMailbox } from './catcher-http.js';
import { type CaughtMail, type Envelope, MailStore } from './catcher-store.js';

export type { CaughtMail } from './catcher-store.js';

/**
 * A mail server that delivers nothing: it keeps what it is given and shows it on a page. For trying out and
 * for tests; it listens on this machine only and asks nobody who they are.
 */
export interface MailCatcher {
  /** What a sender takes as SMTP_URL. */
  readonly smtpUrl: string;
  readonly smtpPort: number;
  /** Address of the page; undefined where none was asked for. */
  readonly pageUrl: string | undefined;
  /** What came, in the order in which it came. */
  readonly messages: () => readonly CaughtMail[];
  readonly clear: () => void;
  /** From now on the judge decides about each mail; undefined accepts all again. */
  readonly judgeBy: (judge: Judge | undefined) => void;
  /** Settles as soon as the mails fulfil the condition, at once where they do. */
  readonly waitFor: (
    condition: (mails: readonly CaughtMail[]) => boolean,
    withinMs?: number,
  ) => Promise<readonly CaughtMail[]>;
  /** Closes the SMTP port as a mail server that is down; mails stay. */
  readonly stopSmtp: () => Promise<void>;
  /** Opens it again, on the same port. */
  readonly startSmtp: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * What a judge may do to a mail: refuse it with an SMTP answer (4xx passing, 5xx for good), or keep it and
 * drop the line before the answer, so that the sender cannot know.
 */
export type Verdict = { readonly code: number; readonly message: string } | 'hang up' | undefined;
export type Judge = (envelope: Envelope) => Verdict;

export interface MailCatcherOptions {
  /** 0 takes a free port. */
  readonly smtpPort: number;
  /** 0 takes a free port; undefined serves no page. */
  readonly pagePort?: number;
  /** Where the mails are kept; undefined keeps them in memory only. */
  readonly folder?: string;
}

const HOST = '127.0.0.1';
const LARGEST_MAIL_BYTES = 25_000_000;

/** Starts the catcher; rejects where a port is taken (code EADDRINUSE). */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const store = await MailStore.open(options.folder);
  const watchers = new Set<() => void>();
  let judge: Judge | undefined;
  const receive = smtpReceiver(
    store,
    (envelope) => judge?.(envelope),
    () => {
      for (const watcher of watchers) watcher();
    },
  );
  let smtp = await listenSmtp(receive, options.smtpPort);
  const smtpPort = portOf(smtp.server);
  const page = options.pagePort === undefined ? undefined : await listenPage(store, options.pagePort);
  const stopSmtp = async () => await new Promise<void>((settle) => smtp.close(settle));
  return {
    smtpUrl: `smtp://${HOST}:${smtpPort}`,
    smtpPort,
    pageUrl: page === undefined ? undefined : `http://${HOST}:${portOf(page)}`,
    messages: () => store.all(),
    clear: () => store.clear(),
    judgeBy: (next) => {
      judge = next;
    },
    waitFor: async (condition, withinMs = 10_000) => await waitFor(store, watchers, condition, withinMs),
    stopSmtp,
    startSmtp: async () => {
      smtp = await listenSmtp(receive, smtpPort);
    },
    stop: async () => {
      page?.close();
      page?.closeAllConnections();
      await stopSmtp();
    },
  };
}

type Receiver = (raw: Buffer, session: SMTPServerSession) => Promise<Verdict>;

function smtpReceiver(store: MailStore, judge: Judge, arrived: () => void): Receiver {
  return async (raw, session) => {
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = {
      from: mailFrom === false ? '' : mailFrom.address,
      to: rcptTo.map(({ address }) => address),
    };
    const verdict = judge(envelope);
    if (verdict === undefined || verdict === 'hang up') {
      await store.add(raw, envelope);
      arrived();
    }
    return verdict;
  };
}

async function listenSmtp(receive: Receiver, port: number): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MAIL_BYTES,
    // A sender that is stopped in the middle must not keep the catcher from ending.
    closeTimeout: 1_000,
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        receive(Buffer.concat(chunks), session).then(
          (verdict) => {
            if (verdict === 'hang up') dropConnection(server, session);
            else if (verdict === undefined) answer();
            else answer(Object.assign(new Error(verdict.message), { responseCode: verdict.code }));
          },
          (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
  // Without a listener a connection that a sender breaks off would end the whole process.
  server.on('error', () => undefined);
  server.listen(port, HOST);
  await once(server.server, 'listening');
  return server;
}

function dropConnection(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.id === session.id) connection.close();
  }
}

async function listenPage(store: MailStore, port: number): Promise<Server> {
  const server = createMailbox(store);
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}

async function waitFor(
  store: MailStore,
  watchers: Set<() => void>,
  condition: (mails: readonly CaughtMail[]) => boolean,
  withinMs: number,
): Promise<readonly CaughtMail[]> {
  if (condition(store.all())) return store.all();
  return await new Promise((settle, fail) => {
    const end = (finish: () => void) => {
      clearTimeout(timer);
      watchers.delete(watcher);
      finish();
    };
    const watcher = () => {
      if (condition(store.all())) end(() => settle(store.all()));
    };
    const timer = setTimeout(() => {
      const got = store.all().map(({ to, subject }) => `${to.join(', ')}: ${subject}`);
      end(() =>
        fail(new Error(`The awaited mail did not come within ${withinMs} ms; there are: ${got.join(' | ')}`)),
      );
    }, withinMs);
    watchers.add(watcher);
  });
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
  return address.port;
}
