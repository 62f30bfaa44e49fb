import { createTransport } from 'nodemailer';

export interface MailTransportOptions {
  /** smtp://user:password@host:port or smtps:// */
  readonly url: string;
  readonly from: string;
  /** Connections kept open to the server. */
  readonly connections: number;
  /** The longest that one mail may take in all, however busily the server answers; then its connection is cut. */
  readonly withinMs?: number;
}

export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * `refused`: the server answered that it will not take this mail. `unreachable`: everything else, also where
 * nobody knows whether it took it; the Message-ID then makes the second sending recognisable.
 */
export type Outcome =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused' | 'unreachable'; readonly reason: string };

export interface MailTransport {
  send(mail: Mail): Promise<Outcome>;
  /** Whether a server answers and would take mail from us. */
  isReachable(): Promise<boolean>;
  close(): void;
}

/**
 * Nothing waits longer than this for one answer of the server. A slow one is waited for, because a sender that
 * gives up between the last byte and the answer sends the same mail again; the pump renews its lease meanwhile.
 */
const TIMEOUTS = {
  connectionTimeout: 10_000,
  greetingTimeout: 30_000,
  socketTimeout: 60_000,
  dnsTimeout: 10_000,
  // A connection that is given up is cut, not ended politely: what it was sending must not go on.
  socketCloseTimeout: 0,
};
const WITHIN_MS = 5 * 60_000;

/** What a mail says is text: it never names a file or an address to be read into it. */
const CLOSED = { disableFileAccess: true, disableUrlAccess: true };

/** A pooled SMTP transport. */
export function createMailTransport({
  url,
  from,
  connections,
  withinMs = WITHIN_MS,
}: MailTransportOptions): MailTransport {
  const settings = {
    url,
    pool: true as const,
    maxConnections: connections,
    maxMessages: 1_000,
    ...CLOSED,
    ...TIMEOUTS,
  };
  const transport = createTransport(settings);
  return {
    send: async ({ messageId, to, subject, text, html }) => {
      try {
        // An auto-reply to what no person wrote would only wander about.
        const headers = { 'Auto-Submitted': 'auto-generated' };
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          headers,
          signal: AbortSignal.timeout(withinMs),
        });
        return { outcome: 'sent' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
    isReachable: async () => {
      // A connection of its own: the pool's may all be busy, and a lost one is no answer.
      const probe = createTransport({
        url,
        ...TIMEOUTS,
        connectionTimeout: 3_000,
        greetingTimeout: 3_000,
        socketTimeout: 5_000,
      });
      try {
        return await probe.verify();
      } catch {
        return false;
      } finally {
        probe.close();
      }
    },
    close: () => transport.close(),
  };
}

function outcomeOf(error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  // Refused for its sender, its receiver or its content; signing in, connecting and the rest are not the mail's.
  const refused = code === 'EENVELOPE' || code === 'EMESSAGE';
  const answered =
    typeof error === 'object' &&
    error !== null &&
    'responseCode' in error &&
    typeof error.responseCode === 'number';
  // 421: the server closes its door, to everybody.
  const closing = answered && error.responseCode === 421;
  return { outcome: refused && !closing ? 'refused' : 'unreachable', reason };
}
