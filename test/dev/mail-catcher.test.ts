import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type MailCatcher, type MailCatcherOptions, startMailCatcher } from '../../src/mail/catcher.js';

const running: MailCatcher[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dondoc-mail-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (catcher) => await catcher.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<MailCatcherOptions> = {}): Promise<MailCatcher> {
  const catcher = await startMailCatcher({ smtpPort: 0, pagePort: 0, ...options });
  running.push(catcher);
  return catcher;
}

async function send(catcher: MailCatcher, mail: object = {}): Promise<unknown> {
  const transport = createTransport(catcher.smtpUrl, {
    from: 'Dondoc <dondoc@tinh.example>',
    to: 'so-y-te@tinh.example',
    subject: 'Nhắc hạn nộp báo cáo',
    text: 'Còn 3 ngày',
    html: '<p>Còn <b>3 ngày</b></p>',
    messageId: '<step-1@tinh.example>',
    ...mail,
  });
  try {
    return await transport.sendMail({});
  } finally {
    transport.close();
  }
}

async function get(catcher: MailCatcher, path: string): Promise<{ response: Response; body: string }> {
  const response = await fetch(`${catcher.pageUrl}${path}`);
  return { response, body: await response.text() };
}

describe('the mail catcher', () => {
  test('lists a mail as JSON with its id, recipients, subject, both bodies, date and headers', async () => {
    const catcher = await start();
    await send(catcher, { headers: { 'X-Step': 'reminder' } });
    const { body } = await get(catcher, '/api/messages');
    expect(JSON.parse(body)).toEqual([
      expect.objectContaining({
        messageId: '<step-1@tinh.example>',
        to: ['so-y-te@tinh.example'],
        subject: 'Nhắc hạn nộp báo cáo',
        text: 'Còn 3 ngày',
        html: '<p>Còn <b>3 ngày</b></p>',
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        headers: expect.objectContaining({ 'x-step': 'reminder' }),
      }),
    ]);
  });

  test('shows subjects on its page as text, never as markup', async () => {
    const catcher = await start();
    await send(catcher, { subject: '<script>alert(1)</script>' });
    const { response, body } = await get(catcher, '/');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toContain('<script>alert');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('shows the HTML of a mail in a frame that can neither run nor fetch', async () => {
    const catcher = await start();
    await send(catcher);
    const id = catcher.messages()[0]?.id;
    expect((await get(catcher, `/messages/${id}`)).body).toContain('<iframe sandbox ');
    const { response, body } = await get(catcher, `/messages/${id}/html`);
    expect(body).toBe('<p>Còn <b>3 ngày</b></p>');
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
  });

  test('shows when a mail came in local time, the exact instant beside it', async () => {
    const catcher = await start();
    await send(catcher, {});
    const { body } = await get(catcher, '/');
    const shown = /<time datetime="([^"]+)">([^<]+)</.exec(body);
    const local = new Date(Date.parse(shown?.[1] ?? '') + 7 * 3_600_000).toISOString();
    expect(shown?.[2]).toContain(local.slice(11, 19));
    expect(body).not.toContain('UTC');
  });

  test('filters by recipient or subject', async () => {
    const catcher = await start();
    await send(catcher);
    await send(catcher, { to: 'so-noi-vu@tinh.example', subject: 'Chuyển xem xét' });
    const { body } = await get(catcher, '/api/messages?q=NOI-VU');
    expect(JSON.parse(body)).toHaveLength(1);
  });

  test('answers 404 for a mail that is not there', async () => {
    const catcher = await start();
    expect((await get(catcher, '/messages/nothing')).response.status).toBe(404);
    expect((await get(catcher, '/messages/%E0%A4%A')).response.status).toBe(404);
  });

  test('deletes all mails on request, but not for the page of another site', async () => {
    const catcher = await start();
    await send(catcher);
    const remove = async (headers: Record<string, string>) =>
      (await fetch(`${catcher.pageUrl}/api/messages`, { method: 'DELETE', headers })).status;
    expect(await remove({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(catcher.messages()).toHaveLength(1);
    expect(await remove({})).toBe(204);
    expect(catcher.messages()).toHaveLength(0);
  });

  test('keeps the mails of its folder over a restart', async () => {
    const first = await start({ folder });
    await send(first, { bcc: 'chu-tich@tinh.example' });
    const before = first.messages();
    await first.stop();
    const second = await start({ folder });
    expect(second.messages()).toEqual(before);
    expect(second.messages()[0]?.to).toEqual(['so-y-te@tinh.example', 'chu-tich@tinh.example']);
  });

  test('can refuse a mail with a passing error', async () => {
    const catcher = await start();
    catcher.judgeBy(() => ({ code: 451, message: 'try later' }));
    await expect(send(catcher)).rejects.toMatchObject({ responseCode: 451 });
    expect(catcher.messages()).toHaveLength(0);
  });

  test('can keep a mail and hang up before it answers', async () => {
    const catcher = await start();
    catcher.judgeBy(() => 'hang up');
    await expect(send(catcher)).rejects.toThrow();
    expect(catcher.messages()).toHaveLength(1);
  });

  test('can be stopped and started again on the same port', async () => {
    const catcher = await start();
    await catcher.stopSmtp();
    await expect(send(catcher)).rejects.toMatchObject({ code: 'ESOCKET' });
    await catcher.startSmtp();
    await send(catcher);
    expect(catcher.messages()).toHaveLength(1);
  });

  test('tells who waits as soon as the mail comes', async () => {
    const catcher = await start();
    const waiting = catcher.waitFor((mails) => mails.length === 2);
    await send(catcher);
    await send(catcher);
    expect(await waiting).toHaveLength(2);
    await expect(catcher.waitFor((mails) => mails.length === 3, 20)).rejects.toThrow('Nhắc hạn');
  });
});
