import type { CaughtMail } from './catcher-store.js';

/**
 * The pages on which caught mail is read. Plain HTML made on the server: nothing is fetched from outside,
 * and all of it works without a script; the script only tells of new mail.
 */

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
h1 { font-size: 1.4rem; }
a { color: LinkText; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8888; padding: .4rem .6rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
form { display: inline-flex; gap: .5rem; flex-wrap: wrap; margin: 0 1rem 1rem 0; }
input, button { font: inherit; padding: .3rem .6rem; min-height: 1.75rem; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
iframe { background: #fff; border: 1px solid #888; height: 32rem; width: 100%; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; gap: .2rem 1rem; grid-template-columns: max-content 1fr; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
`;

/** Asks now and then whether there is more than when the page was made, and says so politely. */
const WATCH = `
const known = Number(document.body.dataset.count);
setInterval(async () => {
  try {
    const { count } = await (await fetch('/api/count')).json();
    if (count === known) return;
    document.getElementById('news').innerHTML = '<a href="">Hộp thư đã thay đổi, tải lại · The mailbox has changed, reload</a>';
  } catch { /* The catcher is stopped; the page stays readable. */ }
}, 3000);
`;

/** The policy of the pages: only what they bring along themselves. */
export const PAGE_POLICY = (nonce: string): string =>
  `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** The policy of a mail's own HTML: it may show itself, and neither run nor fetch anything. */
export const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/** The list of mails, the newest first. */
export function listPage(mails: readonly CaughtMail[], total: number, filter: string, nonce: string): string {
  const rows = [...mails].reverse().map(
    (mail) => `<tr>
<td><time datetime="${escaped(mail.receivedAt)}">${escaped(timeText(mail.receivedAt))}</time></td>
<td>${mail.to.map(escaped).join('<br>')}</td>
<td><a href="/messages/${encodeURIComponent(mail.id)}">${escaped(mail.subject) || '(không có tiêu đề · no subject)'}</a></td>
</tr>`,
  );
  const table = `<table>
<caption>${mails.length} / ${total} thư · messages</caption>
<thead><tr><th scope="col">Nhận lúc · Received</th><th scope="col">Người nhận · To</th><th scope="col">Tiêu đề · Subject</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
  const body = `<h1>Hộp thư thử nghiệm · Test mailbox</h1>
<p>Thư gửi đi được giữ lại ở đây, không đến người nhận thật. · Outgoing mail is kept here and reaches nobody.</p>
<form method="get" action="/" role="search">
<label for="q">Lọc theo người nhận hoặc tiêu đề · Filter by recipient or subject</label>
<input id="q" name="q" type="search" value="${escaped(filter)}"><button>Lọc · Filter</button></form>
<form method="post" action="/clear"><button>Xoá tất cả · Delete all</button></form>
<p id="news" role="status"></p>
${mails.length === 0 ? '<p>Chưa có thư nào. · No messages.</p>' : table}
<script nonce="${nonce}">${WATCH}</script>`;
  return page('Hộp thư · Mailbox', body, nonce, total);
}

/** One mail: its headers, its HTML behind glass, its text. */
export function mailPage(mail: CaughtMail, nonce: string): string {
  const shown: [string, string][] = [
    ['Từ · From', mail.from],
    ['Người nhận · To', mail.to.join(', ')],
    ['Ngày · Date', timeText(mail.date ?? '')],
    ['Message-ID', mail.messageId ?? ''],
  ];
  const html =
    mail.html === null
      ? ''
      : `<h2>HTML</h2><iframe sandbox title="Nội dung thư · Message content" src="/messages/${encodeURIComponent(mail.id)}/html"></iframe>`;
  const files = mail.attachments.map(({ name, bytes }) => `<li>${escaped(name)} (${bytes} bytes)</li>`);
  const headers = Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}`);
  const body = `<p><a href="/">← Tất cả thư · All messages</a></p>
<h1>${escaped(mail.subject) || '(không có tiêu đề · no subject)'}</h1>
<dl>${shown.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
${files.length === 0 ? '' : `<h2>Tệp đính kèm · Attachments</h2><ul>${files.join('')}</ul>`}
${html}
<h2>Văn bản · Text</h2><pre>${escaped(mail.text)}</pre>
<details><summary>Tiêu đề kỹ thuật · Headers</summary><pre>${escaped(headers.join('\n'))}</pre></details>`;
  return page(mail.subject, body, nonce, 0);
}

/** A short page for what is not there. */
export function notFoundPage(nonce: string): string {
  const body = `<h1>Không tìm thấy thư · No such message</h1><p><a href="/">Tất cả thư · All messages</a></p>`;
  return page('404', body, nonce, 0);
}

function page(title: string, body: string, nonce: string, count: number): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body data-count="${count}"><main>${body}</main></body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

const LOCAL = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** Local time, as everywhere a person reads it; the exact instant stands in the element's attribute. */
function timeText(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : LOCAL.format(at);
}
