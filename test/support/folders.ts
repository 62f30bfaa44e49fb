import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temporary folder that other accounts may pass: PostgreSQL, which does not run as root, keeps its data
 * below it.
 */
export function openFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `dondoc-${purpose}-`));
  chmodSync(folder, 0o755);
  return folder;
}
