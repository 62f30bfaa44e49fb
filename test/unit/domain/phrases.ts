import { parseDeadline } from '../../../src/domain/deadline/parse.js';
import type { DeadlineRule } from '../../../src/domain/deadline/rule.js';

/** The rule in one short line, so that a table can be read: `date 2025-06-20 17:00 before`. */
export function short(rule: DeadlineRule): string {
  switch (rule.kind) {
    case 'date': {
      const time = typeof rule.minute === 'number' ? clock(rule.minute) : (rule.minute ?? '');
      return ['date', rule.date, time, rule.before ? 'before' : ''].filter(Boolean).join(' ');
    }
    case 'end_of':
      return `end of ${rule.period.unit} ${rule.period.year}/${rule.period.index}`;
    case 'part_of':
      return `${rule.part} of ${rule.period.year}/${rule.period.index}${rule.before ? ' before' : ''}`;
    case 'count': {
      const from = typeof rule.from === 'object' ? rule.from.date : rule.from;
      return `count ${rule.count.value} ${rule.count.unit}${rule.bare ? '?' : ''} from ${from}`;
    }
    case 'months':
      return `months ${rule.months} from ${typeof rule.from === 'object' ? rule.from.date : rule.from}`;
    case 'window':
      return `window ${rule.from} ${rule.to}${rule.toPeriod ? ' period' : ''}`;
    case 'regular': {
      const days = rule.reportDays.map((each) =>
        each.every === 'once'
          ? each.date
          : [each.every, each.month, each.day].filter((x) => x !== null).join('-'),
      );
      return ['regular', ...days, rule.until === null ? '' : `until ${rule.until}`].filter(Boolean).join(' ');
    }
  }
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export function read(phrase: string, documentDate: string | null = '2025-06-02'): string {
  const parsed = parseDeadline(phrase, { documentDate });
  return parsed.ok ? short(parsed.rule) : `✗ ${parsed.code}`;
}
