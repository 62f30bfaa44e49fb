import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { HOSTILE } from '../support/hostile-workbooks.js';
import { planWorkbook, sheetData, workbook } from '../support/workbooks.js';

const READER = fileURLToPath(new URL('../../dist/src/import/reader.js', import.meta.url));
const MEASURE = fileURLToPath(new URL('../support/measure-workbooks.mjs', import.meta.url));

const Measured = z.object({
  name: z.string(),
  answer: z.string(),
  ms: z.number(),
  cpuMs: z.number(),
  gainedMb: z.number(),
});

/** The largest plan that is taken: five thousand rows of fifteen columns, a few hundred characters each. */
function largestPlan(): Buffer {
  const cells = (line: number): string[] =>
    Array.from({ length: 15 }, (_, column) => `Nội dung của hàng ${line}, cột ${column}`);
  return workbook({
    sheets: [{ name: 'Kế hoạch', xml: sheetData(Array.from({ length: 5_000 }, (_, at) => cells(at))) }],
  });
}

describe('workbooks read by the program as it was built', () => {
  let folder: string;
  let measured: readonly z.infer<typeof Measured>[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workbooks-'));
    const names = Object.keys(HOSTILE);
    mkdirSync(join(folder, 'files'));
    const keep = (name: string, bytes: Buffer): void => writeFileSync(join(folder, 'files', name), bytes);
    keep('a plan', planWorkbook());
    keep('the largest plan', largestPlan());
    for (const name of names) keep(name, HOSTILE[name]?.bytes() ?? Buffer.alloc(0));
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      MEASURE,
      READER,
      join(folder, 'files'),
    ]);
    measured = stdout
      .trim()
      .split('\n')
      .map((line) => Measured.parse(JSON.parse(line)));
    // Some forty files, the dear ones twice: a minute on a slow machine.
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are read in a thread: a small plan and the largest one', () => {
    const answers = new Map(measured.map(({ name, answer }) => [name, answer]));
    expect(answers.get('a plan')).toBe('workbook');
    expect(answers.get('the largest plan')).toBe('workbook');
    expect(measured).toHaveLength(Object.keys(HOSTILE).length + 2);
  });

  test('make the process grow by less than 200 MB, whatever is sent', () => {
    expect(measured.filter(({ gainedMb }) => gainedMb > 200)).toEqual([]);
  });

  test('take less than a second of a processor where they are refused', () => {
    // Not by the clock on the wall, which counts whatever else the machine does.
    const slow = measured.filter(({ name, cpuMs }) => name in HOSTILE && cpuMs > 1_000);
    expect(slow).toEqual([]);
  });
});
