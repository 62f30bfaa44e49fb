import { lookup } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { addressRule, bare } from './address.js';

export interface SenderOptions {
  /** Ranges inside that receivers may have. */
  readonly allowedRanges: readonly string[];
  /** From the first byte to the answer's last. */
  readonly timeoutMs: number;
  /** The addresses of a name; for tests of names that change. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Certificates that are trusted beside the system's; for tests. */
  readonly ca?: string;
}

export interface Message {
  readonly id: string;
  readonly url: string;
  readonly body: string;
  readonly secrets: readonly string[];
}

type Told = { readonly status: number } | { readonly error: string };

const resolveAll = async (host: string): Promise<readonly string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Sends signed messages to receivers outside, and to none inside that the configuration does not name. */
export function createWebhookSender(options: SenderOptions) {
  return {
    /** Never throws: whatever happens is an outcome. */
    send: async (message: Message): Promise<Told> => {
      try {
        return { status: await post(message, options) };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/**
 * The name is resolved once, every address of it is checked, and the connection goes to the one that was checked:
 * a name that changes between the two leads nowhere else. Redirects are answers like any other, never followed.
 */
async function post(message: Message, options: SenderOptions): Promise<number> {
  const url = new URL(message.url);
  const rule = addressRule(options.allowedRanges);
  const host = bare(url.hostname);
  const addresses = isIP(host) !== 0 ? [host] : await (options.resolve ?? resolveAll)(host);
  const refused = addresses.find((address) => !rule.isAllowed(address));
  if (refused !== undefined) throw new Error(`The address ${refused} is not one that may be asked`);
  const [address] = addresses;
  if (address === undefined) throw new Error('The name has no address');
  if (url.protocol !== 'https:' && !rule.isInside(address)) throw new Error('Only https is taken outside');
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: headersOf(message),
    agent: false,
    signal: AbortSignal.timeout(options.timeoutMs),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    lookup: (_name, asked, done) => {
      const family = isIP(address);
      if (asked.all === true) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  });
  request.end(message.body);
  return await statusOf(request);
}

function headersOf({ id, body, secrets }: Message): Record<string, string> {
  const at = new Date();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Dondoc-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    // Two while a secret is being changed: the receiver is content with the one it knows.
    'webhook-signature': signatures.join(' '),
  };
}

async function statusOf(request: ClientRequest): Promise<number> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
  });
  // Nothing of the answer is read: a receiver could send without end.
  answer.destroy();
  return answer.statusCode ?? 0;
}
