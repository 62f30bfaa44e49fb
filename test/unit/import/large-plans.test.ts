import { expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/errors.js';
import { previewPlan } from '../../../src/import/plan.js';
import { planReader } from '../../../src/import/reader.js';
import { THREAD_OF_SOURCES } from '../../support/threads.js';
import { planContext } from './support.js';

const LIMITS = { maxBytes: 10_000_000, maxRows: 5_000 };
/** The limit in time has a test of its own below; here it is only against hanging. */
const reader = planReader(LIMITS, { ...THREAD_OF_SOURCES, withinMs: 240_000 });

/** As many rows as a plan may have, each with a deadline of its own to be understood. */
const row = (index: number) =>
  `${index},"Rà soát, chuẩn hóa dữ liệu lĩnh vực ${index}",Sở Tư pháp,${index % 20} ngày làm việc kể từ ngày ký,Báo cáo`;
const PLAN = {
  fileName: 'ke-hoach.csv',
  form: 'text' as const,
  bytes: Buffer.from(
    [
      'STT,Nhiệm vụ,Chủ trì,Thời hạn,Kết quả',
      ...Array.from({ length: 5_000 }, (_, index) => row(index)),
    ].join('\n'),
  ),
};

/** How often the event loop of this process came round until the work was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let over = false;
  const turn = (): void => {
    turns += 1;
    if (!over) setTimeout(turn, 1);
  };
  setTimeout(turn, 1);
  await work;
  over = true;
  return turns;
}

test('the largest plan is previewed while the process goes on with what others ask of it', async () => {
  expect(await turnsDuring(reader.preview(PLAN, planContext()))).toBeGreaterThan(20);
});

test('a plan says the same, whether a thread reads it or nobody waits for one', async () => {
  const read = await reader.preview(PLAN, planContext());
  expect(isRefusal(read)).toBe(false);
  expect(read).toEqual(previewPlan(PLAN, planContext()));
});

test('a plan that takes too long is refused like any other that is too large', async () => {
  const hasty = planReader(LIMITS, { ...THREAD_OF_SOURCES, withinMs: 1 });
  expect(await hasty.preview(PLAN, planContext())).toMatchObject({
    refused: true,
    extra: { reason: 'time' },
  });
});
