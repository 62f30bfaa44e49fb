import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { icalFeed } from '../../../src/documents/ical.js';
import { type FeedEntry, whenOf } from '../../../src/domain/deadline-feed.js';

const ENTRY: FeedEntry = {
  uid: '019aa@dondoc',
  sequence: 3,
  modifiedAt: Date.parse('2025-06-01T03:04:05.678Z'),
  when: { at: Date.parse('2025-06-20T10:30:00Z') },
  status: 'CONFIRMED',
  summary: 'Rà soát; làm sạch, bổ sung',
  description: 'Đơn vị: Sở Tư pháp\nHạn: 17:30 20/06/2025\\',
  category: 'Nhiệm vụ',
};

async function written(...entries: readonly FeedEntry[]): Promise<string> {
  const pages = (async function* () {
    yield await Promise.resolve(entries);
  })();
  let text = '';
  for await (const part of icalFeed({ name: 'Thời hạn, tất cả', locale: 'vi', entries: pages })) text += part;
  return text;
}
/** As another program reads it. */
function read(text: string): ICAL.Component[] {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');
}
const shownAs = (event: ICAL.Component | undefined, name: string): string =>
  String(event?.getFirstPropertyValue(name));

describe('a feed of deadlines', () => {
  test('is read by another program as it was meant', async () => {
    const [event] = read(await written(ENTRY));
    expect(shownAs(event, 'uid')).toBe(ENTRY.uid);
    expect(shownAs(event, 'summary')).toBe(ENTRY.summary);
    expect(shownAs(event, 'description')).toBe(ENTRY.description);
    expect(shownAs(event, 'dtstart')).toBe('2025-06-20T10:30:00Z');
    expect(shownAs(event, 'dtstamp')).toBe('2025-06-01T03:04:05Z');
    expect(shownAs(event, 'last-modified')).toBe('2025-06-01T03:04:05Z');
    expect([shownAs(event, 'sequence'), shownAs(event, 'status')]).toEqual(['3', 'CONFIRMED']);
  });

  test('has a whole day where the deadline is its end, and the instant of any other', async () => {
    // 23:59:59 on 20 June in Vietnam.
    const end = whenOf(Date.parse('2025-06-20T16:59:59Z'));
    expect(end).toEqual({ day: '2025-06-20' });
    expect(whenOf(Date.parse('2025-06-20T16:59:58Z'))).toEqual({ at: Date.parse('2025-06-20T16:59:58Z') });
    const [event] = read(await written({ ...ENTRY, when: end }));
    expect(shownAs(event, 'dtstart')).toBe('2025-06-20');
    expect(event?.getFirstProperty('dtstart')?.type).toBe('date');
  });

  test('has lines of at most 75 octets that end in CRLF and are cut between characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (words) => {
        const text = await written({ ...ENTRY, summary: `a${words}`, description: words });
        expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
        for (const line of text.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
          expect(Buffer.from(line).toString('utf8')).toBe(line);
        }
        const [event] = read(text);
        expect(shownAs(event, 'summary')).toBe(shown(`a${words}`));
      }),
    );
  });

  test('cannot be given lines of its own by a title', async () => {
    const events = read(await written({ ...ENTRY, summary: 'a\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:x' }));
    expect(events).toHaveLength(1);
    expect(shownAs(events[0], 'uid')).toBe(ENTRY.uid);
  });

  test('is the same to the byte where nothing changed', async () => {
    expect(await written(ENTRY)).toBe(await written(ENTRY));
  });
});

/** What is left of a text: NFC, lines ended by one sign, without what no line holds. */
const shown = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/[^\n\P{Cc}]|[\ufffe\uffff]/gu, '');
