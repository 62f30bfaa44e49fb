import type { Bilingual } from '../domain/errors.js';
import type { Clear, Finding, FindingSeverity } from '../domain/import.js';

/** Gathers what is to be said of one row. */
export class RowFindings {
  readonly list: Finding[] = [];
  private readonly row: number;

  constructor(row: number) {
    this.row = row;
  }

  note(code: string, column: string | null, value: string | null, message: Bilingual): void {
    this.add('note', null, code, column, value, message);
  }

  /** A clear fails: the row may stay, counted apart. */
  unclear(clear: Clear, code: string, column: string | null, value: string | null, message: Bilingual): void {
    this.add('unclear', clear, code, column, value, message);
  }

  /** Nothing is applied until this is answered or mended. */
  blocks(code: string, column: string | null, value: string | null, message: Bilingual): void {
    this.add('blocks', null, code, column, value, message);
  }

  get isBlocked(): boolean {
    return this.list.some((finding) => finding.severity === 'blocks');
  }

  get unclears(): readonly Clear[] {
    return [...new Set(this.list.flatMap((finding) => (finding.clear === null ? [] : [finding.clear])))];
  }

  /** What the reader of the file has to say of the row. */
  take(findings: readonly Finding[]): void {
    this.list.push(...findings);
  }

  private add(
    severity: FindingSeverity,
    clear: Clear | null,
    code: string,
    column: string | null,
    value: string | null,
    message: Bilingual,
  ): void {
    this.list.push({ row: this.row, column, cell: null, code, severity, clear, message, value });
  }
}

/** Something worth a look about the file as a whole, or about one of its columns. */
export function fileFinding(
  code: string,
  message: Bilingual,
  at: { readonly row?: number; readonly column?: string; readonly value?: string } = {},
): Finding {
  const { row = 0, column = null, value = null } = at;
  return { row, column, cell: null, code, severity: 'note', clear: null, message, value };
}
