export type Locale = 'vi' | 'en';

/** The language of the caller by Accept-Language; Vietnamese where neither is asked for. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let best: { locale: Locale; quality: number } = { locale: 'vi', quality: 0 };
  for (const entry of (acceptLanguage ?? '').split(',')) {
    const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
    const locale = tag.split('-')[0];
    if (locale !== 'vi' && locale !== 'en') continue;
    const stated = parameters
      .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
      .find((text) => text !== undefined);
    const quality = stated === undefined ? 1 : Number(stated);
    if (quality > best.quality) best = { locale, quality };
  }
  return best.locale;
}
