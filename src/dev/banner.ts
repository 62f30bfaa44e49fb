import type { DemoSignIn } from './demo.js';

/** What is shown once everything runs: every address, and who may sign in. */
export interface BannerFacts {
  readonly addresses: readonly { readonly name: string; readonly address: string }[];
  readonly signIns: readonly DemoSignIn[];
}

const RULE = '─'.repeat(78);

/** The one block that `npm start` ends with. */
export function banner({ addresses, signIns }: BannerFacts): string {
  const lines = [RULE, 'Dondoc runs.', ''];
  lines.push(...table(addresses.map(({ name, address }) => [name, address])));
  if (signIns.length > 0) {
    lines.push('', 'Demo sign-ins (send the token as "Authorization: Bearer <token>"):', '');
    const rows = signIns.map(({ workingGroup, role, name, unit, token }) => [
      workingGroup,
      role,
      name,
      unit,
      token,
    ]);
    lines.push(...table([['group', 'role', 'name', 'unit', 'token'], ...rows]));
  }
  lines.push('', 'Ctrl-C stops everything; the data stays.', RULE);
  return lines.join('\n');
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join('  ')}`.trimEnd(),
  );
}

/** Signs that stand on their letter (as in decomposed Vietnamese) take no room of their own. */
const widthOf = (text: string): number => text.normalize('NFC').length;
