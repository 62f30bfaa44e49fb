/** The thread in which one plan is read: a crash, a long run or a full heap ends it and nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import { isRefusal } from '../domain/errors.js';
import { previewPlan } from './plan.js';
import type { Job, Outcome } from './threads.js';
import { packBook } from './workbook/book.js';
import { readBook } from './workbook/read.js';

const given: unknown = workerData;
if (!isJob(given)) throw new Error('A thread that reads plans was started without one');
parentPort?.postMessage(await outcomeOf(given));

async function outcomeOf(job: Job): Promise<Outcome> {
  if (job.kind === 'preview') {
    const preview = previewPlan(job.plan, job.context);
    return isRefusal(preview) ? { refusal: preview } : { preview };
  }
  const read = await readBook(job.bytes, job.limits);
  return isRefusal(read) ? { refusal: read } : { book: packBook(read) };
}

/** Enough of a look: the one who starts this thread is threads.ts. */
function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
