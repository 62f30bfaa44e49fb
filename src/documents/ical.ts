import type { DeadlineFeed, FeedEntry } from '../domain/deadline-feed.js';
import { cellText } from './cells.js';

/**
 * Deadlines as iCalendar (RFC 5545), made while they are read. Without METHOD, so DTSTAMP is when the entry was last
 * changed: a feed in which nothing changed stays the same to the byte.
 */
export async function* icalFeed(feed: DeadlineFeed): AsyncGenerator<string> {
  yield lines([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//Dondoc//Deadlines//${feed.locale.toUpperCase()}`,
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(feed.name)}`,
    `X-WR-CALNAME:${escaped(feed.name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
  ]);
  for await (const entries of feed.entries) yield lines(entries.flatMap((entry) => eventOf(entry)));
  yield lines(['END:VCALENDAR']);
}

function eventOf(entry: FeedEntry): readonly string[] {
  const { when } = entry;
  const changed = utc(entry.modifiedAt);
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(entry.uid)}`,
    `DTSTAMP:${changed}`,
    `LAST-MODIFIED:${changed}`,
    `SEQUENCE:${entry.sequence}`,
    // Without an end: a date lasts its day, an instant no time at all.
    'day' in when ? `DTSTART;VALUE=DATE:${when.day.replaceAll('-', '')}` : `DTSTART:${utc(when.at)}`,
    `SUMMARY:${escaped(entry.summary)}`,
    `DESCRIPTION:${escaped(entry.description)}`,
    `CATEGORIES:${escaped(entry.category)}`,
    `STATUS:${entry.status}`,
    // A deadline takes nobody's time.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** `20250620T103000Z` */
const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** TEXT of RFC 5545, 3.3.11. */
const escaped = (text: string): string =>
  cellText(text)
    .replaceAll('\t', ' ')
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n');

const LONGEST_LINE = 75;

const lines = (all: readonly string[]): string => all.map((line) => `${folded(line)}\r\n`).join('');

/** Lines of at most 75 octets, cut between characters; what goes on begins with a space, which counts. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= LONGEST_LINE) return line;
  let text = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > LONGEST_LINE) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}
