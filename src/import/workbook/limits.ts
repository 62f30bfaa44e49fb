/** How much of a workbook is read before it is refused. What a province's plan needs is a tenth of any of these. */
export interface WorkbookLimits {
  /** Files inside the archive. */
  readonly parts: number;
  /** Bytes that the archive says it unpacks to, pictures and all. */
  readonly declaredBytes: number;
  /** Bytes of one part that is unpacked, counted as they come; a part that says less does not get more. */
  readonly partBytes: number;
  /** So much of a part that says it is longer than one may be: enough to see what it is. */
  readonly headBytes: number;
  /** The same of all parts together. */
  readonly totalBytes: number;
  readonly sheets: number;
  /** Rows of a sheet that hold something. */
  readonly rows: number;
  /** Rows of a sheet, formatted blank ones too. */
  readonly rowElements: number;
  readonly columns: number;
  /** Cells of all sheets, with the blank ones between them. */
  readonly cells: number;
  readonly merges: number;
  readonly sharedStrings: number;
  /** Characters of all texts together. */
  readonly characters: number;
}

export const WORKBOOK_LIMITS: WorkbookLimits = {
  parts: 2_000,
  declaredBytes: 200_000_000,
  partBytes: 24_000_000,
  headBytes: 2_000_000,
  totalBytes: 32_000_000,
  sheets: 100,
  rows: 6_000,
  rowElements: 20_000,
  columns: 200,
  cells: 400_000,
  merges: 5_000,
  sharedStrings: 100_000,
  characters: 8_000_000,
};
