import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../src/domain/errors.js';
import { planReader } from '../../../src/import/reader.js';
import { WORKBOOK_LIMITS } from '../../../src/import/workbook/limits.js';
import { readBook } from '../../../src/import/workbook/read.js';
import { HOSTILE } from '../../support/hostile-workbooks.js';
import { THREAD_OF_SOURCES } from '../../support/threads.js';
import { PLAN_ROWS, planWorkbook, sheetData, workbookParts } from '../../support/workbooks.js';
import { zip } from '../../support/zip.js';
import { planContext } from './support.js';

const reader = planReader({ maxBytes: 10_000_000, maxRows: 5_000 }, THREAD_OF_SOURCES);

describe('a workbook that nobody should open', () => {
  test.each(Object.entries(HOSTILE))('%s is refused, with a reason in both languages', async (_, hostile) => {
    const bytes = hostile.bytes();
    expect(bytes.length).toBeLessThan(10_000_000);
    const taken = await reader.take({ fileName: 'ke-hoach.xlsx', bytes });
    const answer = isRefusal(taken) ? taken : await reader.preview(taken, planContext());
    expect(answer).toMatchObject({ refused: true, code: hostile.code });
    if (!isRefusal(answer)) return;
    expect(answer.detail.vi).not.toBe(answer.detail.en);
    if (hostile.reason !== 'header') expect(answer.extra).toMatchObject({ reason: hostile.reason });
  });

  test('as a PDF named .xlsx is refused for what it is', async () => {
    const bytes = Buffer.from('%PDF-1.7\n…');
    const taken = await reader.take({ fileName: 'ke-hoach.xlsx', bytes });
    const answer = isRefusal(taken) ? taken : await reader.preview(taken, planContext());
    expect(answer).toMatchObject({ code: 'import_unreadable', detail: { en: expect.stringMatching(/PDF/) } });
  });

  test('with any of its bytes changed, or any part of its text, is read or refused', async () => {
    const whole = planWorkbook();
    const parts = workbookParts({ sheets: [{ name: 'Kế hoạch', xml: sheetData(PLAN_ROWS) }] });
    const spoilt = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(spoilt, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (changes, inside) => {
          const change = (bytes: Buffer): Buffer => {
            const changed = Buffer.from(bytes);
            for (const [at, byte] of changes) changed[at % changed.length] = byte;
            return changed;
          };
          const [at = 0] = changes[0] ?? [];
          const bytes = inside
            ? zip(
                parts.map((part, index) =>
                  index === at % parts.length ? { ...part, data: change(Buffer.from(part.data)) } : part,
                ),
              )
            : change(whole);
          const read = await readBook(bytes, WORKBOOK_LIMITS);
          expect(isRefusal(read) ? read.code : 'read').toMatch(
            /^(read|import_unreadable|payload_too_large)$/,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that takes too long is given up, and the next one is read', async () => {
    const hasty = planReader({ maxBytes: 10_000_000, maxRows: 10 }, { ...THREAD_OF_SOURCES, withinMs: 1 });
    const late = await hasty.take({ fileName: 'a.xlsx', bytes: planWorkbook() });
    expect(late).toMatchObject({ code: 'payload_too_large', extra: { reason: 'time' } });
    expect(await reader.take({ fileName: 'a.xlsx', bytes: planWorkbook() })).toMatchObject({
      form: 'workbook',
    });
  });

  test('waits its turn, and more than may wait are refused at once', async () => {
    const narrow = planReader(
      { maxBytes: 10_000_000, maxRows: 10 },
      { ...THREAD_OF_SOURCES, threads: 1, waiting: 1 },
    );
    const taken = await Promise.all(
      [1, 2, 3].map(async () => narrow.take({ fileName: 'a.xlsx', bytes: planWorkbook() })),
    );
    expect(taken.map((each) => (isRefusal(each) ? each.code : each.form))).toEqual([
      'workbook',
      'workbook',
      'quota_exceeded',
    ]);
  });
});
