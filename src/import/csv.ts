import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRow {
  /** 1-based line on which the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type Separator = ',' | ';' | '\t' | '|';
export const SEPARATORS: readonly Separator[] = [',', ';', '\t', '|'];

export interface CsvProblem {
  readonly problem: 'quote_not_closed' | 'quote_in_cell' | 'row_too_long' | 'malformed';
  readonly line: number;
}

export interface CsvRecords {
  readonly records: readonly CsvRow[];
  /** Quotes were found inside cells that are not quoted, and kept as they stand. */
  readonly strayQuotes: boolean;
  /** There were more rows than were asked for. */
  readonly cut: boolean;
}

/** A row of a plan is a page at most; a quote that swallows the file, or a file of separators, is more. */
const LONGEST_ROW = 200_000;

interface Attempt {
  readonly records: readonly CsvRow[];
  readonly error: CsvProblem | null;
}

function attempt(text: string, separator: Separator, most: number, relaxQuotes: boolean): Attempt {
  const records: CsvRow[] = [];
  let line = 1;
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: relaxQuotes,
      to: most,
      max_record_size: LONGEST_ROW,
      // Rows are kept here and not by the parser: its own list would hold each of them twice.
      on_record: (cells: string[], context) => {
        records.push({ line, cells });
        line = context.lines + 1;
        return null;
      },
    });
    return { records, error: null };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const code: string = error.code;
    // An open quote swallows the rest of the file: where it began helps, where the file ends does not.
    if (code === 'CSV_QUOTE_NOT_CLOSED') return { records, error: { problem: 'quote_not_closed', line } };
    if (code === 'CSV_MAX_RECORD_SIZE') return { records, error: { problem: 'row_too_long', line } };
    const at = typeof error.lines === 'number' ? error.lines : line;
    const problem = code.endsWith('_QUOTE') ? 'quote_in_cell' : 'malformed';
    return { records, error: { problem, line: at } };
  }
}

/** No table is so wide; a line of separators only costs a cell each. */
const MOST_SEPARATORS = 5_000;

/** The first line that has far too many separators, or null. */
export function absurdlyWideLine(text: string): number | null {
  let line = 1;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\n') {
      line += 1;
      count = 0;
    } else if (char === ',' || char === ';' || char === '\t' || char === '|') {
      count += 1;
      if (count > MOST_SEPARATORS) return line;
    }
  }
  return null;
}

/** Rows of a text; strictly at first, then with quotes allowed inside cells that are not quoted. */
export function readCsv(text: string, separator: Separator, most: number): CsvRecords | CsvProblem {
  const strict = attempt(text, separator, most + 1, false);
  if (strict.error === null) return { ...cut(strict.records, most), strayQuotes: false };
  if (strict.error.problem !== 'quote_in_cell') return strict.error;
  const relaxed = attempt(text, separator, most + 1, true);
  // A quoted cell that goes on after its closing quote is a mistake, not a manner of writing.
  const broken = relaxed.records.find((row) =>
    row.cells.some((cell) => /^".*"[^"]*$/s.test(cell) && !cell.endsWith('"')),
  );
  if (broken !== undefined || relaxed.error !== null) return relaxed.error ?? strict.error;
  return { ...cut(relaxed.records, most), strayQuotes: true };
}

function cut(records: readonly CsvRow[], most: number): { records: readonly CsvRow[]; cut: boolean } {
  return records.length > most ? { records: records.slice(0, most), cut: true } : { records, cut: false };
}

/** The first rows as this separator would give them, whatever comes after. */
export function sampleCsv(text: string, separator: Separator): readonly CsvRow[] {
  return attempt(text.slice(0, 64 * 1024), separator, 60, true).records;
}
