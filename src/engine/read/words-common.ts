import type { Bilingual } from '../../domain/errors.js';
import type { SubjectNote } from '../../domain/note.js';
import { localText } from './view.js';

/** An event as a sentence. Data is read with care: an old event may lack what a newer one has. */
export type Words = (data: Readonly<Record<string, unknown>>) => Bilingual;

export const said =
  (vi: string, en: string): Words =>
  () => ({ vi, en });

export function field(data: Readonly<Record<string, unknown>>, ...path: readonly string[]): unknown {
  let value: unknown = data;
  for (const name of path) {
    value =
      typeof value === 'object' && value !== null && name in value
        ? Object.entries(value).find(([key]) => key === name)?.[1]
        : undefined;
  }
  return value;
}

export function dated(data: Readonly<Record<string, unknown>>, ...path: readonly string[]): string {
  const at = field(data, ...path);
  return typeof at === 'number' ? localText(at) : '–';
}

export const text = (data: Readonly<Record<string, unknown>>, ...path: readonly string[]): string => {
  const value = field(data, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
};

/** Before and after of each correction, as they stand in the record. */
export function correctionsOf(data: Readonly<Record<string, unknown>>): string {
  const list = field(data, 'corrections');
  if (!Array.isArray(list)) return '–';
  const shown = (value: unknown): string =>
    value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  return list
    .map(
      (one: Readonly<Record<string, unknown>>) =>
        `${text(one, 'pointer')}: ${shown(one.from)} → ${shown(one.to)}`,
    )
    .join('; ');
}

/** Every type of event has words; a new one without does not compile. */
export type WordsOf<T extends string> = Readonly<
  Record<Exclude<T, 'step_taken' | SubjectNote['type']>, Words>
>;

export function outageExcused(data: Readonly<Record<string, unknown>>): Bilingual {
  const after = afterThoseBelow(data);
  return {
    vi: `Hệ thống gián đoạn từ ${dated(data, 'from')} đến ${dated(data, 'to')}: hạn chuyển từ ${dated(data, 'previous', 'dueAt')} sang ${dated(data, 'dueAt')}${after.vi}`,
    en: `Commands could not be accepted from ${dated(data, 'from')} to ${dated(data, 'to')}: the deadline moved from ${dated(data, 'previous', 'dueAt')} to ${dated(data, 'dueAt')}${after.en}`,
  };
}

/** Who sums up follows the last of those below. */
function afterThoseBelow(data: Readonly<Record<string, unknown>>): Bilingual {
  if (typeof field(data, 'below') !== 'number') return { vi: '', en: '' };
  return {
    vi: `, sau hạn của đơn vị cấp dưới (${dated(data, 'below')})`,
    en: `, after those below (${dated(data, 'below')})`,
  };
}

export function calendarChanged(data: Readonly<Record<string, unknown>>): Bilingual {
  const calendar = `${text(data, 'calendar', 'id')} v${text(data, 'calendar', 'version')}`;
  const [was, is] = [field(data, 'previous', 'dueAt'), field(data, 'dueAt')];
  const judged = field(data, 'rejudged') !== null && field(data, 'rejudged') !== false;
  const again = judged
    ? { vi: '; kết quả đã nộp được tính lại là đúng hạn', en: '; the result handed in is no longer late' }
    : { vi: '', en: '' };
  const after = afterThoseBelow(data);
  if (was === is) {
    return {
      vi: `Tính lại theo lịch ${calendar}: thời hạn không đổi${again.vi}`,
      en: `Computed again under calendar ${calendar}: the deadline stays${again.en}`,
    };
  }
  return {
    vi: `Tính lại theo lịch ${calendar}: hạn chuyển từ ${dated(data, 'previous', 'dueAt')} sang ${dated(data, 'dueAt')}${after.vi}${again.vi}`,
    en: `Computed again under calendar ${calendar}: the deadline moved from ${dated(data, 'previous', 'dueAt')} to ${dated(data, 'dueAt')}${after.en}${again.en}`,
  };
}

export function calendarApplied(data: Readonly<Record<string, unknown>>): Bilingual {
  const [calendar, version] = [text(data, 'calendar', 'id'), text(data, 'calendar', 'version')];
  return {
    vi: `Áp dụng lịch ${calendar}, phiên bản ${version}`,
    en: `Computed under calendar ${calendar}, version ${version}`,
  };
}
