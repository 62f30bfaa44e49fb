import { type Assignment, isEnded } from '../assignment/state.js';
import type { Bilingual } from '../errors.js';
import type { Instant, IsoDate } from '../instant.js';
import { type Outlook, outlookOf, type Target } from './outlook.js';

/** What an assignment's indicator asks for; null where a product is asked for, or a number was never stated. */
export function targetOf({ result }: Pick<Assignment, 'result'>): Target | null {
  if (result.kind !== 'indicator' || result.numerator === null) return null;
  return { numerator: result.numerator, denominator: result.denominator };
}

/** Where the indicator stands, and where it goes, by the first and the latest reported day. */
export function outlookOfAssignment(a: Assignment, dueOn: IsoDate | null): Outlook {
  return outlookOf({ target: targetOf(a), first: a.firstFigure ?? a.figure, latest: a.figure, dueOn });
}

/**
 * Whether the unit is to be warned now: the deadline lies ahead, the work is its own to do, and going on as so far
 * will not reach the target.
 */
export function warns(
  a: Pick<Assignment, 'state' | 'dueAt'>,
  outlook: Pick<Outlook, 'misses'>,
  now: Instant,
): boolean {
  if (isEnded(a.state) || a.state === 'submitted' || a.dueAt === null || now > a.dueAt) return false;
  return outlook.misses === true;
}

const said = (value: number, decimal: ',' | '.'): string => {
  const [whole = '', fraction] = String(Math.round(value * 100) / 100).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, decimal === ',' ? '.' : ',');
  return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`;
};

/** The warning as a sentence, with everything it rests on; null where there is nothing to warn of. */
export function warningText(outlook: Outlook, target: Target): Bilingual | null {
  const { forecast, perDay, neededPerDay } = outlook;
  if (forecast === null || perDay === null) return null;
  const of = (decimal: ',' | '.'): string => {
    const whole =
      target.denominator === null
        ? said(target.numerator, decimal)
        : forecast.denominator === null
          ? '?'
          : said(forecast.denominator, decimal);
    return `${said(forecast.numerator, decimal)}/${whole}`;
  };
  const wanted = (decimal: ',' | '.'): string =>
    target.denominator === null
      ? ''
      : ` (${said(target.numerator, decimal)}/${said(target.denominator, decimal)})`;
  const [day, month, year] = forecast.asOf.split('-').reverse();
  const more = neededPerDay === null ? null : neededPerDay;
  return {
    vi:
      `Theo tiến độ từ báo cáo đầu đến báo cáo gần nhất (${said(perDay, ',')} mỗi ngày), đến ${day}/${month}/${year} ` +
      `dự báo đạt ${of(',')}, chưa đạt chỉ tiêu${wanted(',')}.` +
      (more === null ? '' : ` Cần ${said(more, ',')} mỗi ngày.`),
    en:
      `At the pace between the first and the latest report (${said(perDay, '.')} a day) it will be ` +
      `${of('.')} on ${forecast.asOf}, short of the target${wanted('.')}.` +
      (more === null ? '' : ` It takes ${said(more, '.')} a day.`),
  };
}
