import type { Bilingual } from '../errors.js';

/** Why a phrase gives no deadline. Stable; the gate shows `detail` and never guesses. */
export type DeadlineFindingCode =
  | 'empty'
  | 'no_date'
  | 'not_understood'
  | 'two_dates'
  | 'impossible_date'
  | 'incomplete_date'
  | 'year_missing'
  | 'ambiguous'
  | 'start_not_end'
  | 'as_of_not_end'
  | 'extension'
  | 'window_reversed';

export interface DeadlineFinding {
  readonly ok: false;
  readonly code: DeadlineFindingCode;
  readonly detail: Bilingual;
}

const TEXTS: Readonly<Record<DeadlineFindingCode, (what: string) => Bilingual>> = {
  empty: () => ({ vi: 'Chưa ghi thời hạn.', en: 'No deadline is stated.' }),
  no_date: () => ({
    vi: 'Cụm từ không nêu ngày nào; hãy ghi ngày hoàn thành, hoặc "thường xuyên".',
    en: 'The phrase names no date; give a date, or "regular".',
  }),
  not_understood: (what) => ({
    vi:
      what === '' ? 'Không hiểu thời hạn này; hãy ghi một ngày.' : `Không hiểu "${what}"; hãy ghi một ngày.`,
    en:
      what === ''
        ? 'This deadline is not understood; give a date.'
        : `"${what}" is not understood; give a date.`,
  }),
  two_dates: () => ({
    vi: 'Có nhiều hơn một thời hạn trong một ô; hãy tách thành từng nhiệm vụ.',
    en: 'There is more than one deadline in one cell; split the row.',
  }),
  impossible_date: (what) => ({
    vi: `Không có ngày hoặc giờ ${what} (đọc theo thứ tự ngày/tháng/năm).`,
    en: `There is no such date or time: ${what} (read as day/month/year).`,
  }),
  incomplete_date: (what) => ({
    vi: `Chỉ ghi ${what}: thiếu ngày hoặc tháng.`,
    en: `Only ${what} is stated: the day or the month is missing.`,
  }),
  year_missing: (what) => ({
    vi: `Thiếu năm của ${what}, và văn bản không ghi ngày để suy ra.`,
    en: `The year of ${what} is missing, and the document has no date to find it from.`,
  }),
  ambiguous: (what) => ({
    vi: `Có thể hiểu nhiều cách: ${what}. Hãy ghi một ngày.`,
    en: `This can be read in several ways: ${what}. Give a date.`,
  }),
  start_not_end: (what) => ({
    vi: `${what} là ngày bắt đầu, không phải ngày kết thúc; hãy ghi hạn hoàn thành.`,
    en: `${what} is when it starts, not when it ends; give the date by which it is done.`,
  }),
  as_of_not_end: () => ({
    vi: 'Đây là mốc chốt số liệu, không phải thời hạn.',
    en: 'This is the date of the figures, not a deadline.',
  }),
  extension: () => ({
    vi: 'Đây là việc gia hạn: hãy ghi thời hạn ban đầu, và ghi nhận gia hạn kèm số văn bản.',
    en: 'This is an extension: give the first deadline, and record the extension with its document.',
  }),
  window_reversed: (what) => ({
    vi: `Ngày cuối đứng trước ngày đầu: ${what}.`,
    en: `The last date lies before the first: ${what}.`,
  }),
};

export function finding(code: DeadlineFindingCode, what = ''): DeadlineFinding {
  return { ok: false, code, detail: TEXTS[code](what) };
}
