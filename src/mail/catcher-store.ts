import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';

/** A mail as it arrived, taken apart for reading. */
export interface CaughtMail {
  readonly id: string;
  readonly messageId: string | null;
  readonly from: string;
  /** Whom the server was told to deliver to; the header `To` may say something else. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** What the sender wrote as date, ISO 8601. */
  readonly date: string | null;
  readonly receivedAt: string;
  /** Header lines as sent, by name in small letters; the values of a repeated header are joined by line ends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly {
    readonly name: string;
    readonly contentType: string;
    readonly bytes: number;
  }[];
}

/** Sender and recipients as told to the server, outside the mail itself. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** The oldest mails give way beyond this many: the catcher is for looking, not for keeping. */
const MOST_MAILS = 5_000;

const RECEIVED = 'x-caught-at';
const DELIVERED = 'delivered-to';
const RETURN_PATH = 'return-path';
const OWN_HEADERS = new Set([RECEIVED, DELIVERED, RETURN_PATH]);

/**
 * The caught mails, in the order in which they came. With a folder they are also files, one `.eml` each that
 * any mail program opens, and are there again after a restart.
 */
export class MailStore {
  readonly #folder: string | undefined;
  #mails: CaughtMail[] = [];

  private constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Opens the store, reading what a folder holds; a file that is no mail is left alone. */
  static async open(folder?: string): Promise<MailStore> {
    const store = new MailStore(folder);
    if (folder === undefined) return store;
    mkdirSync(folder, { recursive: true });
    const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
    for (const file of files.sort()) {
      store.#mails.push(await parse(file.slice(0, -'.eml'.length), readFileSync(join(folder, file))));
    }
    return store;
  }

  /** Keeps a mail; it is on disk when the promise settles. */
  async add(raw: Buffer, envelope: Envelope): Promise<CaughtMail> {
    const now = new Date().toISOString();
    const id = `${now.replace(/\D/g, '')}-${randomUUID()}`;
    const own = [
      `Return-Path: <${envelope.from}>`,
      ...envelope.to.map((address) => `Delivered-To: ${address}`),
    ];
    const whole = Buffer.concat([Buffer.from(`${[...own, `X-Caught-At: ${now}`].join('\r\n')}\r\n`), raw]);
    const mail = await parse(id, whole);
    if (this.#folder !== undefined) {
      const draft = join(this.#folder, `${id}.draft`);
      writeFileSync(draft, whole);
      renameSync(draft, this.#file(this.#folder, id));
    }
    this.#mails.push(mail);
    for (const old of this.#mails.splice(0, this.#mails.length - MOST_MAILS)) this.#remove(old.id);
    return mail;
  }

  all(): readonly CaughtMail[] {
    return this.#mails;
  }

  find(id: string): CaughtMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  clear(): void {
    for (const { id } of this.#mails) this.#remove(id);
    this.#mails = [];
  }

  #remove(id: string): void {
    if (this.#folder !== undefined) rmSync(this.#file(this.#folder, id), { force: true });
  }

  #file(folder: string, id: string): string {
    return join(folder, `${id}.eml`);
  }
}

async function parse(id: string, raw: Buffer): Promise<CaughtMail> {
  const mail = await simpleParser(raw);
  const lines = mail.headerLines.map(({ key, line }) => ({ key, value: headerValue(line) }));
  const own = (name: string) => lines.filter(({ key }) => key === name).map(({ value }) => value);
  const headers: Record<string, string> = {};
  for (const { key, value } of lines) {
    if (OWN_HEADERS.has(key)) continue;
    headers[key] = headers[key] === undefined ? value : `${headers[key]}\n${value}`;
  }
  const to = own(DELIVERED);
  return {
    id,
    messageId: mail.messageId ?? null,
    from: mail.from?.text ?? own(RETURN_PATH)[0] ?? '',
    to: to.length > 0 ? to : addressesOf(mail.to),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html === false ? null : mail.html,
    date: dateOf(mail),
    receivedAt: own(RECEIVED)[0] ?? dateOf(mail) ?? '',
    headers,
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({
      name: filename ?? '',
      contentType,
      bytes: size,
    })),
  };
}

/** A header's value; a long one goes over several lines that start with a space. */
const headerValue = (line: string): string =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n\s+/g, ' ')
    .trim();

function dateOf(mail: ParsedMail): string | null {
  return mail.date === undefined || Number.isNaN(mail.date.getTime()) ? null : mail.date.toISOString();
}

function addressesOf(field: AddressObject | AddressObject[] | undefined): string[] {
  const groups = field === undefined ? [] : Array.isArray(field) ? field : [field];
  return groups
    .flatMap(({ value }) => value.map(({ address }) => address ?? ''))
    .filter((address) => address !== '');
}
