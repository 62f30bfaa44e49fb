/** The thread in which one workbook is read: a crash, a long run or a full heap ends it and nothing else. */
import { parentPort, workerData } from 'node:worker_threads';
import { isRefusal } from '../../domain/errors.js';
import { packBook } from './book.js';
import type { Job, Outcome } from './intake.js';
import { readBook } from './read.js';

const given: unknown = workerData;
if (!isJob(given)) throw new Error('A thread that reads workbooks was started without one');
const read = await readBook(given.bytes, given.limits);
const outcome: Outcome = isRefusal(read) ? { refusal: read } : { book: packBook(read) };
parentPort?.postMessage(outcome);

/** Enough of a look: the one who starts this thread is intake.ts. */
function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'limits' in value;
}
