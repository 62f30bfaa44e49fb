import type { Bilingual } from '../../domain/errors.js';
import { ROLES } from '../../engine/export/labels.js';
import { SHORTEST_PASSWORD } from '../../engine/password-rules.js';
import type { DemoPerson } from '../../engine/sign-in.js';
import type { Locale } from '../locale.js';

/** The pages of signing in: plain forms that work without scripts. */

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

export const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 34rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
label { display: block; margin: .75rem 0; } input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; }
button, .button { font: inherit; padding: .5rem 1rem; cursor: pointer; }
.button { display: inline-block; border: 1px solid; border-radius: .25rem; text-decoration: none; }
.notice { border-left: .25rem solid #b00020; padding: .5rem 1rem; }
ul { list-style: none; padding: 0; } li { margin: .5rem 0; } li form { display: flex; gap: .75rem; align-items: baseline; }
footer { margin-top: 3rem; font-size: .9rem; }
`;

const TEXT = {
  title: { vi: 'Đăng nhập Dondoc', en: 'Sign in to Dondoc' },
  provider: { vi: 'Đăng nhập bằng tài khoản cơ quan', en: 'Sign in with your office account' },
  local: { vi: 'Bằng tên đăng nhập và mật khẩu', en: 'With a user name and password' },
  login: { vi: 'Tên đăng nhập', en: 'User name' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  enter: { vi: 'Đăng nhập', en: 'Sign in' },
  choose: { vi: 'Đặt hoặc đổi mật khẩu', en: 'Choose or change your password' },
  code: { vi: 'Mã thiết lập, hoặc mật khẩu hiện tại', en: 'Set-up code, or the password so far' },
  fresh: {
    vi: `Mật khẩu mới (ít nhất ${SHORTEST_PASSWORD} ký tự)`,
    en: `New password (at least ${SHORTEST_PASSWORD} characters)`,
  },
  save: { vi: 'Lưu mật khẩu', en: 'Save the password' },
  demo: { vi: 'Bản trình diễn: chọn một người', en: 'Demonstration: choose somebody' },
  as: { vi: 'Vào', en: 'Enter' },
  none: {
    vi: 'Bản cài này chưa có cách đăng nhập nào; hãy báo quản trị viên.',
    en: 'This installation has no way to sign in yet; tell your administrator.',
  },
  back: { vi: 'Về trang đăng nhập', en: 'Back to sign-in' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** What the page offers, and what it has to say. */
export interface SignInView {
  readonly locale: Locale;
  readonly returnTo: string;
  readonly provider: boolean;
  readonly local: boolean;
  readonly demo: readonly DemoPerson[];
  readonly notice: Bilingual | null;
}

export function signInPage(view: SignInView): string {
  const { locale } = view;
  const parts = [
    view.provider ? providerPart(view) : '',
    view.local ? localPart(view) : '',
    view.demo.length > 0 ? demoPart(view) : '',
  ].filter((part) => part !== '');
  const body = parts.length === 0 ? `<p>${TEXT.none[locale]}</p>` : parts.join('\n');
  return layout(locale, TEXT.title, view.notice, body);
}

function providerPart({ locale, returnTo }: SignInView): string {
  const href = `/sign-in/provider?return=${encodeURIComponent(returnTo)}`;
  return `<p><a class="button" href="${escaped(href)}">${TEXT.provider[locale]}</a></p>`;
}

const hidden = (returnTo: string): string =>
  `<input type="hidden" name="return" value="${escaped(returnTo)}">`;

function localPart({ locale, returnTo }: SignInView): string {
  return `<h2>${TEXT.local[locale]}</h2>
<form method="post" action="/sign-in/local">
${hidden(returnTo)}
<label>${TEXT.login[locale]}<input name="login" autocomplete="username" required maxlength="200"></label>
<label>${TEXT.password[locale]}<input type="password" name="password" autocomplete="current-password" required maxlength="200"></label>
<button>${TEXT.enter[locale]}</button>
</form>
<p><a href="/sign-in/password">${TEXT.choose[locale]}</a></p>`;
}

function demoPart({ locale, returnTo, demo }: SignInView): string {
  const rows = demo.map(
    ({ id, name, role, unit, workingGroup }) => `<li><form method="post" action="/sign-in/demo">
${hidden(returnTo)}<input type="hidden" name="person" value="${escaped(id)}">
<button>${TEXT.as[locale]}</button> <span>${escaped(name)} · ${escaped(ROLES[role][locale])} · ${escaped(unit ?? workingGroup)}</span>
</form></li>`,
  );
  return `<h2>${TEXT.demo[locale]}</h2>\n<ul>\n${rows.join('\n')}\n</ul>`;
}

export function passwordPage(locale: Locale, notice: Bilingual | null): string {
  const body = `<form method="post" action="/sign-in/password">
<label>${TEXT.login[locale]}<input name="login" autocomplete="username" required maxlength="200"></label>
<label>${TEXT.code[locale]}<input type="password" name="code" autocomplete="current-password" required maxlength="200"></label>
<label>${TEXT.fresh[locale]}<input type="password" name="password" autocomplete="new-password" required minlength="${SHORTEST_PASSWORD}" maxlength="200"></label>
<button>${TEXT.save[locale]}</button>
</form>`;
  return layout(locale, TEXT.choose, notice, body);
}

/** Something to be told and nothing to be filled in. */
export function noticePage(locale: Locale, title: Bilingual, notice: Bilingual): string {
  return layout(locale, title, notice, `<p><a href="/sign-in">${TEXT.back[locale]}</a></p>`);
}

function layout(locale: Locale, title: Bilingual, notice: Bilingual | null, body: string): string {
  const said = notice === null ? '' : `<p class="notice" role="alert">${escaped(notice[locale])}</p>`;
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<title>${title[locale]}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/sign-in/style.css">
<main>
<h1>${title[locale]}</h1>
${said}
${body}
</main>
<footer><a href="?lang=vi" lang="vi">Tiếng Việt</a> · <a href="?lang=en" lang="en">English</a></footer>
</html>
`;
}
