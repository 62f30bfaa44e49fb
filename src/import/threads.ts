import { Worker } from 'node:worker_threads';
import { isRefusal, type Refusal, refuse } from '../domain/errors.js';
import type { ImportPreview } from '../domain/import.js';
import type { KeptPlan, PlanContext } from './plan.js';
import { WORKBOOK_LIMITS, type WorkbookLimits } from './workbook/limits.js';
import { tooLarge } from './workbook/refusals.js';

/** What a thread is given: a workbook to be unpacked, or a plan to be previewed. */
export type Job =
  | { readonly kind: 'workbook'; readonly bytes: Uint8Array; readonly limits: WorkbookLimits }
  | { readonly kind: 'preview'; readonly plan: KeptPlan; readonly context: PlanContext };

/** What it answers. */
export type Outcome =
  | { readonly book: Uint8Array }
  | { readonly preview: ImportPreview }
  | { readonly refusal: Refusal };

export interface ThreadOptions {
  readonly limits?: WorkbookLimits;
  /** Files that are read at the same time; each may take a thread's memory. */
  readonly threads?: number;
  /** Files that wait for a thread; one more is refused. */
  readonly waiting?: number;
  /** How long one may take. Limits of size end it earlier; this is for what they do not foresee. */
  readonly withinMs?: number;
  /** Options of Node for the thread; by default those of the process. */
  readonly execArgv?: readonly string[];
}

/** The heap of a thread: some four times what the largest plan within the limits takes. */
const HEAP_MB = { workbook: 128, preview: 256 } as const;
const YOUNG_MB = 16;

/** The sources are run as they are by tests, and compiled in production. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Reads plans, each in a thread of its own with limits on its heap and its time. */
export class ReadingThreads {
  private readonly options: Required<Omit<ThreadOptions, 'execArgv'>> & Pick<ThreadOptions, 'execArgv'>;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(options: ThreadOptions = {}) {
    this.options = { limits: WORKBOOK_LIMITS, threads: 2, waiting: 20, withinMs: 10_000, ...options };
  }

  /** The cells of the workbook, packed; or why it is not taken. Never throws because of the file. */
  async unpack(bytes: Uint8Array): Promise<Uint8Array | Refusal> {
    const { limits } = this.options;
    const outcome = await this.run({ kind: 'workbook', bytes: Uint8Array.from(bytes), limits });
    if (isRefusal(outcome)) return outcome;
    if ('book' in outcome) return outcome.book;
    throw new Error('A thread that unpacks workbooks answered something else');
  }

  /** The preview of a plan; or why it cannot be read. Never throws because of the file. */
  async preview(plan: KeptPlan, context: PlanContext): Promise<ImportPreview | Refusal> {
    const own = { ...plan, bytes: Uint8Array.from(plan.bytes) };
    const outcome = await this.run({ kind: 'preview', plan: own, context });
    if (isRefusal(outcome)) return outcome;
    if ('preview' in outcome) return outcome.preview;
    throw new Error('A thread that previews plans answered something else');
  }

  private async run(job: Job): Promise<Exclude<Outcome, { refusal: Refusal }> | Refusal> {
    if (!(await this.admitted())) return busy();
    try {
      return await this.inThread(job);
    } finally {
      this.running -= 1;
      this.queue.shift()?.();
    }
  }

  private async admitted(): Promise<boolean> {
    if (this.running >= this.options.threads) {
      if (this.queue.length >= this.options.waiting) return false;
      await new Promise<void>((resolve) => this.queue.push(resolve));
    }
    this.running += 1;
    return true;
  }

  private async inThread(job: Job): Promise<Exclude<Outcome, { refusal: Refusal }> | Refusal> {
    const { withinMs, execArgv } = this.options;
    const { bytes } = job.kind === 'workbook' ? job : job.plan;
    const thread = new Worker(THREAD, {
      workerData: job,
      transferList: bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [],
      // A parser of foreign files needs no secrets of the process.
      env: {},
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MB[job.kind],
        maxYoungGenerationSizeMb: YOUNG_MB,
        stackSizeMb: 4,
      },
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    try {
      return await new Promise((resolve, reject) => {
        const late = setTimeout(() => resolve(tooLarge('time')), withinMs);
        thread.once('message', (outcome: Outcome) =>
          resolve('refusal' in outcome ? outcome.refusal : outcome),
        );
        thread.once('error', (error: Error & { readonly code?: string }) =>
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(tooLarge('memory')) : reject(error),
        );
        thread.once('exit', () => {
          clearTimeout(late);
          reject(new Error('The thread that reads plans ended without an answer'));
        });
      });
    } finally {
      await thread.terminate();
    }
  }
}

function busy(): Refusal {
  return refuse('quota_exceeded', {
    vi: 'Đang có nhiều tệp chờ đọc. Hãy thử lại sau ít phút.',
    en: 'Many files are waiting to be read. Try again in a few minutes.',
  });
}
