import { Eta } from 'eta';
import { HTML_LAYOUT, TEXT_LAYOUT } from './render-layout.js';
import { type LocalTime, type Words, wordingOf, wordsOf } from './templates.js';

/** One thing that a letter tells; what is not known is null and is left out. */
export interface LineContent {
  readonly template: string;
  readonly params: Readonly<Record<string, string | number | null>>;
  readonly code: string | null;
  readonly title: string | null;
  readonly deadline: number | null;
  readonly directiveNumber: string | null;
  readonly directiveTitle: string | null;
  readonly unitName: string | null;
  readonly assignmentId: string | null;
  readonly directiveId: string | null;
}

export interface LetterContent {
  readonly locale: 'vi' | 'en';
  readonly receiverName: string | null;
  readonly workingGroupName: string | null;
  readonly lines: readonly LineContent[];
  readonly further: number;
}

export interface RenderedLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Longer subjects are cut by mail programs anyway. */
const SUBJECT_LENGTH = 150;
/** The zone of the offices; it has no summer time. */
const OFFSET_MS = 7 * 3_600_000;
const OFFSET = '+07:00';

const html = new Eta({ autoEscape: true, autoTrim: false });
const text = new Eta({ autoEscape: false, autoTrim: [false, 'nl'] });
html.loadTemplate('@letter', HTML_LAYOUT);
text.loadTemplate('@letter', TEXT_LAYOUT);

/**
 * Writes letters in the receiver's language. Total: a missing title, an unknown kind of message or an
 * impossible instant makes a shorter letter, never none, because a letter that is not written is not sent.
 */
export function createLetterWriter({ publicUrl }: { publicUrl: string }): {
  write(letter: LetterContent): RenderedLetter;
  /** The words of one line by itself, for what is told without a letter. */
  line(
    line: LineContent,
    locale: 'vi' | 'en',
  ): Pick<LineView, 'text' | 'rows'> & { readonly subject: string };
} {
  const base = publicUrl.replace(/\/+$/, '');
  return {
    line: (line, locale) => {
      const { heading, text: said, rows } = viewOf(line, wordsOf(locale), base);
      return { subject: heading, text: said, rows };
    },
    write: (letter) => {
      const words = wordsOf(letter.locale);
      const lines = letter.lines.map((line) => viewOf(line, words, base));
      const view = {
        greeting: letter.receiverName === null ? words.greetingNobody : words.greeting(letter.receiverName),
        intro: words.intro(lines.length + letter.further),
        lines,
        further: letter.further > 0 ? words.further(letter.further) : null,
        open: words.open,
        link: words.labels.link,
        home: base,
        signature: letter.workingGroupName,
        footer: words.footer,
        locale: letter.locale,
        subject: subjectOf(lines, letter.further, words),
      };
      return {
        subject: view.subject,
        text: `${text.render('@letter', view).trim()}\n`,
        html: html.render('@letter', view).trim(),
      };
    },
  };
}

export interface LineView {
  readonly heading: string;
  readonly text: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly url: string;
  readonly task: string;
}

function viewOf(line: LineContent, words: Words, base: string): LineView {
  const wording = wordingOf(words, line.template);
  const { answer, reason } = line.params;
  const task = join(line.code, line.title);
  const rows = [
    { label: words.labels.task, value: task },
    { label: words.labels.unit, value: oneLine(line.unitName) },
    { label: wording.deadline ?? words.labels.deadline, value: instant(line.deadline, words) },
    { label: words.labels.objectUntil, value: instant(numberOf(line.params.objectUntil), words) },
    { label: words.labels.directive, value: join(line.directiveNumber, line.directiveTitle) },
    { label: words.labels.letter, value: oneLine(stringOf(line.params.letter)) },
    {
      label: words.labels.reason,
      value: oneLine(reason === undefined || reason === null ? null : String(reason)),
    },
  ];
  return {
    heading: wording.subject,
    text:
      (answer === undefined || answer === null ? undefined : wording.answers?.[String(answer)]) ??
      wording.text,
    rows: rows.filter(({ value }) => value !== ''),
    url: `${base}/${pathOf(line)}`,
    task,
  };
}

function pathOf({ assignmentId, directiveId }: LineContent): string {
  if (assignmentId !== null) return `assignments/${assignmentId}`;
  return directiveId === null ? 'reports' : `directives/${directiveId}`;
}

function subjectOf(lines: readonly LineView[], further: number, words: Words): string {
  const [first] = lines;
  const about =
    first === undefined
      ? words.unknown.subject
      : [first.heading, first.task].filter((part) => part !== '').join(': ');
  const count = lines.length + further;
  const subject = `[${words.prefix}] ${count > 1 ? words.several(count, about) : about}`;
  return subject.length <= SUBJECT_LENGTH ? subject : `${subject.slice(0, SUBJECT_LENGTH - 1).trimEnd()}…`;
}

/** A line break in a subject would be a header of the sender's choosing. */
function oneLine(value: string | null): string {
  return value === null ? '' : value.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function join(...parts: (string | null)[]): string {
  return parts
    .map(oneLine)
    .filter((part) => part !== '')
    .join(' – ');
}

const stringOf = (value: string | number | null | undefined): string | null =>
  typeof value === 'string' ? value : null;

const numberOf = (value: string | number | null | undefined): number | null =>
  typeof value === 'number' ? value : null;

function instant(at: number | null, words: Words): string {
  if (at === null || !Number.isFinite(at) || Math.abs(at) > 8e15) return '';
  return words.instant(localTime(at));
}

function localTime(at: number): LocalTime {
  const iso = new Date(at + OFFSET_MS).toISOString();
  const [date = '', time = ''] = iso.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hour = '', minute = ''] = time.split(':');
  return { year, month, day, hour, minute, offset: OFFSET };
}
