import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The root of this repository. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** Files of a seeded tree: path from its root → text. */
export type Files = Readonly<Record<string, string>>;

/**
 * Writes a small tree that looks like this repository to a checker: the given files, the real installed
 * packages, and copies of the configuration files named. The caller removes it.
 */
export function seedTree(files: Files, configurations: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'dondoc-seeded-'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const name of ['package.json', ...configurations]) cpSync(join(ROOT, name), join(root, name));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** Removes a seeded tree; the link to the packages goes, the packages stay. */
export function removeTree(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
