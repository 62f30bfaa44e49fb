import { posix } from 'node:path';
import type { Archive } from './archive.js';
import type { WorkbookLimits } from './limits.js';
import { tooLarge, Unfit, unreadable } from './refusals.js';
import { type NumberFormat, numberFormat } from './values.js';
import { attribute, isOn, unescaped, xmlSink } from './xml.js';

interface Relation {
  readonly type: string;
  /** Where the part is in the archive; null: outside of it. */
  readonly target: string | null;
}

/** What a part points at, by the id it uses. */
async function relationsOf(archive: Archive, part: string): Promise<ReadonlyMap<string, Relation>> {
  const { dir, base } = posix.parse(part);
  const name = posix.join(dir, '_rels', `${base}.rels`);
  const relations = new Map<string, Relation>();
  if (!archive.has(name)) return relations;
  const sink = xmlSink({
    open(tag, attributes) {
      if (tag !== 'Relationship') return;
      const target = attribute(attributes, 'Target') ?? '';
      const outside = attribute(attributes, 'TargetMode') === 'External';
      relations.set(attribute(attributes, 'Id') ?? '', {
        type: posix.basename(attribute(attributes, 'Type') ?? ''),
        target: outside ? null : target.startsWith('/') ? target.slice(1) : posix.join(dir, target),
      });
    },
  });
  await whole(archive, name, sink);
  return relations;
}

async function whole(archive: Archive, name: string, sink: (text: string) => boolean): Promise<void> {
  if (!(await archive.read(name, sink))) throw new Unfit(tooLarge('unpacked'));
}

export interface SheetPart {
  readonly name: string;
  readonly hidden: boolean;
  readonly part: string;
}

export interface WorkbookParts {
  readonly sheets: readonly SheetPart[];
  /** Serials count from 1904. */
  readonly from1904: boolean;
  readonly sharedStrings: string | null;
  readonly styles: string | null;
}

/** The list of sheets, and where the rest is. @throws {Unfit} */
export async function workbookParts(archive: Archive, limits: WorkbookLimits): Promise<WorkbookParts> {
  const root = [...(await relationsOf(archive, '')).values()].find(({ type }) => type === 'officeDocument');
  const workbook = root?.target ?? 'xl/workbook.xml';
  const relations = await relationsOf(archive, workbook);
  const listed: { name: string; hidden: boolean; id: string }[] = [];
  let from1904 = false;
  const sink = xmlSink({
    open(tag, attributes) {
      if (tag === 'workbookPr') from1904 = isOn(attribute(attributes, 'date1904'));
      if (tag !== 'sheet') return;
      listed.push({
        name: unescaped(attribute(attributes, 'name') ?? '').normalize('NFC'),
        hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible',
        id: attribute(attributes, 'id') ?? '',
      });
    },
  });
  await whole(archive, workbook, sink);
  if (listed.length > limits.sheets) throw new Unfit(tooLarge('sheets'));
  const sheets = listed.flatMap(({ name, hidden, id }): SheetPart[] => {
    const relation = relations.get(id);
    if (relation?.type === 'xlMacrosheet') throw new Unfit(unreadable('macros'));
    // Sheets of charts and dialogs have no cells.
    if (relation?.type !== 'worksheet' || relation.target === null) return [];
    return [{ name, hidden, part: relation.target }];
  });
  const target = (type: string): string | null =>
    [...relations.values()].find((relation) => relation.type === type)?.target ?? null;
  return { sheets, from1904, sharedStrings: target('sharedStrings'), styles: target('styles') };
}

/** Texts that cells refer to by number; of rich text the words, without the reading aids of East Asia. */
export async function readSharedStrings(
  archive: Archive,
  part: string | null,
  limits: WorkbookLimits,
): Promise<readonly string[]> {
  const strings: string[] = [];
  if (part === null || !archive.has(part)) return strings;
  const words = new Words();
  let characters = 0;
  const sink = xmlSink({
    open(tag) {
      if (tag === 'si') words.begin();
      else words.open(tag);
    },
    text: (text) => words.text(text),
    close(tag) {
      words.close(tag);
      if (tag !== 'si') return;
      const text = words.said;
      characters += text.length;
      strings.push(text);
      if (strings.length > limits.sharedStrings || characters > limits.characters)
        throw new Unfit(tooLarge('texts'));
    },
  });
  await whole(archive, part, sink);
  return strings;
}

/** The longest text that a cell holds. */
const LONGEST_TEXT = 32_767;

/** Gathers the words of a text of one or several runs. */
export class Words {
  private raw = '';
  private inText = false;
  private inReading = false;

  /** What was gathered, as the text of a cell. */
  get said(): string {
    return cellWords(this.raw);
  }

  begin(): void {
    this.raw = '';
    this.inText = false;
    this.inReading = false;
  }

  open(tag: string): void {
    if (tag === 'rPh') this.inReading = true;
    if (tag === 't') this.inText = !this.inReading;
  }

  text(text: string): void {
    if (this.inText && this.raw.length < LONGEST_TEXT) this.raw += text;
  }

  close(tag: string): void {
    if (tag === 'rPh') this.inReading = false;
    if (tag === 't') this.inText = false;
  }
}

/** Text of a cell: NFC, lines ended by one sign, without controls. */
export function cellWords(text: string): string {
  return (
    unescaped(text.slice(0, LONGEST_TEXT))
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: stray controls would hide in names
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
  );
}

/** Excel allows 65,490. */
const MOST_FORMATS = 66_000;

/** The format of numbers, by a cell's style. */
export async function readFormats(archive: Archive, part: string | null): Promise<readonly NumberFormat[]> {
  const formats: NumberFormat[] = [];
  if (part === null || !archive.has(part)) return formats;
  const codes = new Map<number, string>();
  let inCells = false;
  const sink = xmlSink({
    open(tag, attributes) {
      if (tag === 'cellXfs') inCells = true;
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      if (tag === 'numFmt') codes.set(id, attribute(attributes, 'formatCode') ?? '');
      if (tag === 'xf' && inCells) formats.push(numberFormat(id, codes.get(id) ?? null));
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
    done: () => formats.length > MOST_FORMATS,
  });
  await whole(archive, part, sink);
  return formats;
}

/** Words of text boxes: a marking of secrecy is as often stamped there as typed. */
export async function readDrawings(archive: Archive): Promise<readonly string[]> {
  const said: string[] = [];
  for (const name of archive.names.filter((each) => /^xl\/drawings\/[^/]+\.xml$/.test(each))) {
    const words = new Words();
    const sink = xmlSink({
      open(tag) {
        words.open(tag);
      },
      text: (more) => words.text(more),
      close(tag) {
        words.close(tag);
        if (tag !== 'p') return;
        if (words.said !== '') said.push(words.said);
        words.begin();
      },
      done: () => said.length > 1_000,
    });
    await whole(archive, name, sink);
  }
  return said;
}
