/** A row of a state machine as the domain writes it: from which states, by whom, to which. */
export interface Row {
  readonly from: readonly string[];
  readonly by: readonly string[];
  readonly to: readonly string[] | 'same';
  readonly judges?: true;
  readonly onBehalf?: true;
}

export type Table = Readonly<Record<string, Row>>;

/** Action by action: what a person who reads it needs to know. */
export function actionTable(table: Table): string {
  const rows = Object.entries(table).map(([action, row]) => {
    const notes = [
      row.judges ? 'passes to the supervisor in its own cause' : '',
      row.onBehalf ? 'may be recorded from a document' : '',
    ];
    const to = row.to === 'same' ? '(stays)' : row.to.join(', ');
    const cells = [action, row.from.join(', '), row.by.join(', '), to, notes.filter(Boolean).join('; ')];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| action | from | by | to | |', '|---|---|---|---|---|', ...rows].join('\n');
}

/**
 * The picture of it. Actions that keep the state are left out; those possible in every open state leave from
 * the frame around them, because twenty arrows would hide the rest.
 */
export function diagram(table: Table, open: readonly string[]): string {
  const lines = Object.entries(table).flatMap(([action, { from, to }]) => {
    if (to === 'same') return [];
    const starts = open.length > 0 && open.every((state) => from.includes(state)) ? ['open'] : from;
    return starts.flatMap((start) =>
      to.filter((end) => end !== start).map((end) => `  ${start} --> ${end}: ${action}`),
    );
  });
  const frame = open.length > 0 ? ['  state open {', ...open.map((state) => `    ${state}`), '  }'] : [];
  return ['```mermaid', 'stateDiagram-v2', ...frame, ...lines, '```'].join('\n');
}
