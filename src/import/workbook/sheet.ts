import type { Archive } from './archive.js';
import type { BookRow, BookSheet, Mark, Merge } from './book.js';
import type { WorkbookLimits } from './limits.js';
import { cellWords, type SheetPart, Words } from './parts.js';
import { columnIndex, rowNumber } from './reference.js';
import { tooLarge, Unfit, unreadable } from './refusals.js';
import { type NumberFormat, numberText, serialDate, timeText } from './values.js';
import { type Attributes, attribute, isOn, xmlSink } from './xml.js';

/** What cells refer to, and what is left of the limits of the whole file. */
export interface SheetContext {
  readonly limits: WorkbookLimits;
  readonly strings: readonly string[];
  readonly formats: readonly NumberFormat[];
  readonly from1904: boolean;
  readonly spent: { cells: number; characters: number };
}

/** The cells of one sheet as people read them, up to the limits. @throws {Unfit} */
export async function readSheet(
  archive: Archive,
  { name, hidden, part }: SheetPart,
  context: SheetContext,
): Promise<{ readonly sheet: BookSheet; readonly asides: readonly string[] }> {
  const reader = new SheetReader(context);
  const whole = await archive.read(part, xmlSink(reader));
  const { rows, merges, marks, hiddenColumns, asides } = reader;
  const beyond = whole ? reader.beyond : 'bytes';
  return { sheet: { name, hidden, rows, merges, marks, hiddenColumns, beyond }, asides };
}

/** What is known of a cell before it ends. */
interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  formula: boolean;
  /** Whether a value stands there at all, empty or not. */
  valued: boolean;
  value: string;
}

const HEADERS_AND_FOOTERS = /^(odd|even|first)(Header|Footer)$/;

class SheetReader {
  readonly rows: BookRow[] = [];
  readonly merges: Merge[] = [];
  readonly marks: Mark[] = [];
  readonly hiddenColumns: number[] = [];
  readonly asides: string[] = [];
  beyond: BookSheet['beyond'] = null;

  private readonly context: SheetContext;
  private readonly words = new Words();
  private rowElements = 0;
  private line = 0;
  private rowHidden = false;
  private column = -1;
  private cells: string[] = [];
  private cell: OpenCell | null = null;
  private inValue = false;
  private aside: string | null = null;

  constructor(context: SheetContext) {
    this.context = context;
  }

  done(): boolean {
    return this.beyond !== null;
  }

  open(tag: string, attributes: Attributes): void {
    if (tag === 'row') this.openRow(attributes);
    else if (tag === 'c') this.openCell(attributes);
    else if (this.cell !== null) this.openInCell(this.cell, tag);
    else if (tag === 'mergeCell') this.merge(attribute(attributes, 'ref') ?? '');
    else if (tag === 'col') this.columnsOf(attributes);
    else if (HEADERS_AND_FOOTERS.test(tag)) this.aside = '';
  }

  text(text: string): void {
    if (this.aside !== null) this.aside += text.slice(0, 1_000);
    else if (this.inValue && this.cell !== null) this.cell.value += text;
    else if (this.cell !== null) this.words.text(text);
  }

  close(tag: string): void {
    if (tag === 'row') this.closeRow();
    else if (tag === 'c') this.closeCell();
    else if (this.cell !== null) {
      if (tag === 'v') this.inValue = false;
      this.words.close(tag);
    } else if (this.aside !== null && HEADERS_AND_FOOTERS.test(tag)) {
      // `&C&"Times,Bold"&12MẬT`: the codes say where and how, not what.
      const said = this.aside.replace(/&"[^"]*"|&[A-Z]|&\d+/g, ' ').trim();
      if (said !== '') this.asides.push(cellWords(said));
      this.aside = null;
    }
  }

  private openRow(attributes: Attributes): void {
    const line = Number(attribute(attributes, 'r') ?? this.line + 1);
    if (!Number.isInteger(line) || line <= this.line) throw new Unfit(unreadable('damaged'));
    this.line = line;
    this.rowHidden = isOn(attribute(attributes, 'hidden'));
    this.column = -1;
    this.cells = [];
    this.rowElements += 1;
    if (this.rowElements > this.context.limits.rowElements) this.beyond = 'rows';
  }

  private closeRow(): void {
    if (this.cells.length === 0 || this.beyond !== null) return;
    const { limits, spent } = this.context;
    if (this.rows.length >= limits.rows) {
      this.beyond = 'rows';
      return;
    }
    spent.cells += this.cells.length;
    if (spent.cells > limits.cells) throw new Unfit(tooLarge('cells'));
    this.rows.push({ line: this.line, cells: this.cells, hidden: this.rowHidden });
  }

  private openCell(attributes: Attributes): void {
    const reference = attribute(attributes, 'r');
    const column = reference === null ? this.column + 1 : columnIndex(reference);
    if (column === null || column <= this.column) throw new Unfit(unreadable('damaged'));
    this.column = column;
    this.words.begin();
    this.cell = {
      column,
      type: attribute(attributes, 't') ?? 'n',
      style: Number(attribute(attributes, 's') ?? 0),
      formula: false,
      valued: false,
      value: '',
    };
  }

  private openInCell(cell: OpenCell, tag: string): void {
    if (tag === 'f') cell.formula = true;
    if (tag === 'v') {
      cell.valued = true;
      this.inValue = true;
    }
    this.words.open(tag);
  }

  private closeCell(): void {
    const { cell, context } = this;
    this.cell = null;
    if (cell === null || this.beyond !== null) return;
    const text = this.shown(cell);
    if (text.trim() === '') return;
    if (cell.column >= context.limits.columns) {
      this.beyond = 'columns';
      return;
    }
    context.spent.characters += text.length;
    if (context.spent.characters > context.limits.characters) throw new Unfit(tooLarge('texts'));
    while (this.cells.length < cell.column) this.cells.push('');
    this.cells.push(text);
  }

  /** What the cell shows; what it does not show though its author may think so is marked. */
  private shown(cell: OpenCell): string {
    const { value } = cell;
    const empty = value === '' && !(cell.type === 'str' && cell.valued);
    if (cell.formula && empty) return this.marked(cell, 'no_value', null);
    switch (cell.type) {
      case 's':
        return value === '' ? '' : this.sharedString(Number(value));
      case 'inlineStr':
        return this.words.said;
      case 'b':
        return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : cellWords(value);
      case 'e':
        return this.marked(cell, 'error', cellWords(value));
      case 'str':
        return cellWords(value);
      case 'd':
        return isoDate(value);
      default:
        return value === '' ? '' : this.number(cell, Number(value));
    }
  }

  private sharedString(index: number): string {
    const text = this.context.strings[index];
    if (text === undefined) throw new Unfit(unreadable('damaged'));
    return text;
  }

  private number(cell: OpenCell, value: number): string {
    if (!Number.isFinite(value)) throw new Unfit(unreadable('damaged'));
    const format = this.context.formats[cell.style] ?? { kind: 'plain' };
    if (format.kind === 'time' && value >= 0 && value < 1) return timeText(value);
    if (format.kind !== 'date' && format.kind !== 'time') return numberText(value, format);
    const day = serialDate(value, this.context.from1904);
    return day ?? this.marked(cell, 'not_a_date', String(value));
  }

  private marked({ column }: OpenCell, kind: Mark['kind'], value: string | null): string {
    if (this.marks.length < this.context.limits.cells) {
      this.marks.push({ line: this.line, column, kind, value });
    }
    return '';
  }

  private merge(reference: string): void {
    if (this.merges.length >= this.context.limits.merges) throw new Unfit(tooLarge('merges'));
    const [, from = '', to = ''] = /^([A-Z]+\d+):([A-Z]+\d+)$/.exec(reference) ?? [];
    const [left, right] = [columnIndex(from), columnIndex(to)];
    if (left === null || right === null) return;
    this.merges.push({ top: rowNumber(from), bottom: rowNumber(to), left, right });
  }

  private columnsOf(attributes: Attributes): void {
    if (!isOn(attribute(attributes, 'hidden'))) return;
    const from = Number(attribute(attributes, 'min') ?? 0);
    const to = Math.min(Number(attribute(attributes, 'max') ?? 0), this.context.limits.columns);
    for (let at = Math.max(1, from); at <= to; at += 1) this.hiddenColumns.push(at - 1);
  }
}

/** Some writers keep days as text: `2025-06-20T17:00:00`. */
function isoDate(value: string): string {
  const [, y, m, d, time] = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/.exec(value) ?? [];
  if (y === undefined) return cellWords(value);
  const day = `${d}/${m}/${y}`;
  return time === undefined || time === '00:00' ? day : `${day} ${time}`;
}
