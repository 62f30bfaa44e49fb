import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './seeded-tree.js';

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the program of an installed package in a folder, as a developer would; resolves also when it fails. */
export function runTool(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
