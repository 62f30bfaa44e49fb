/** A column of the form in which plans are filled in. */
export interface TemplateColumn {
  readonly name: string;
  readonly width: number;
  /** What is to be typed, shown beside the cell. */
  readonly hint: string;
  /** Values to choose from; others may be typed all the same, as several names in one cell. */
  readonly values?: readonly string[];
}

/** The form: its columns and one row that shows how they are filled in. */
export interface PlanTemplate {
  readonly title: string;
  readonly columns: readonly TemplateColumn[];
  readonly example: readonly string[];
}
