import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/errors.js';
import { planReader } from '../../../src/import/reader.js';
import { HOSTILE } from '../../support/hostile-workbooks.js';
import { THREAD_OF_SOURCES } from '../../support/threads.js';
import { planWorkbook } from '../../support/workbooks.js';
import { context } from './support.js';

const reader = planReader({ maxBytes: 10_000_000, maxRows: 5_000 }, THREAD_OF_SOURCES);

describe('a workbook that nobody should open', () => {
  test.each(Object.entries(HOSTILE))('%s is refused, with a reason in both languages', async (_, hostile) => {
    const bytes = hostile.bytes();
    expect(bytes.length).toBeLessThan(10_000_000);
    const taken = await reader.take({ fileName: 'ke-hoach.xlsx', bytes });
    const answer = isRefusal(taken) ? taken : reader.preview(taken, context());
    expect(answer).toMatchObject({ refused: true, code: hostile.code });
    if (!isRefusal(answer)) return;
    expect(answer.detail.vi).not.toBe(answer.detail.en);
    if (hostile.reason !== 'header') expect(answer.extra).toMatchObject({ reason: hostile.reason });
  });

  test('as a PDF named .xlsx is refused for what it is', async () => {
    const bytes = Buffer.from('%PDF-1.7\n…');
    const taken = await reader.take({ fileName: 'ke-hoach.xlsx', bytes });
    const answer = isRefusal(taken) ? taken : reader.preview(taken, context());
    expect(answer).toMatchObject({ code: 'import_unreadable', detail: { en: expect.stringMatching(/PDF/) } });
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
