import { Worker } from 'node:worker_threads';
import { type Refusal, refuse } from '../../domain/errors.js';
import { WORKBOOK_LIMITS, type WorkbookLimits } from './limits.js';
import { tooLarge } from './refusals.js';

/** What a thread is given, and what it answers. */
export interface Job {
  readonly bytes: Uint8Array;
  readonly limits: WorkbookLimits;
}
export type Outcome = { readonly book: Uint8Array } | { readonly refusal: Refusal };

export interface IntakeOptions {
  readonly limits?: WorkbookLimits;
  /** Workbooks that are read at the same time; each may take a thread's memory. */
  readonly threads?: number;
  /** Workbooks that wait for a thread; one more is refused. */
  readonly waiting?: number;
  /** How long one may take. Limits of size end it earlier; this is for what they do not foresee. */
  readonly withinMs?: number;
  /** Options of Node for the thread; by default those of the process. */
  readonly execArgv?: readonly string[];
}

/** The heap of a thread: four times what the largest plan within the limits takes. */
const HEAP_MB = 128;
const YOUNG_MB = 16;

/** The sources are run as they are by tests, and compiled in production. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Reads workbooks, each in a thread of its own with limits on its heap and its time. */
export class WorkbookIntake {
  private readonly options: Required<Omit<IntakeOptions, 'execArgv'>> & Pick<IntakeOptions, 'execArgv'>;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(options: IntakeOptions = {}) {
    this.options = { limits: WORKBOOK_LIMITS, threads: 2, waiting: 20, withinMs: 10_000, ...options };
  }

  /** The cells of the workbook, packed; or why it is not taken. Never throws because of the file. */
  async read(bytes: Uint8Array): Promise<Uint8Array | Refusal> {
    if (!(await this.admitted())) return busy();
    try {
      return await this.inThread(bytes);
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

  private async inThread(bytes: Uint8Array): Promise<Uint8Array | Refusal> {
    const { limits, withinMs, execArgv } = this.options;
    const own = Uint8Array.from(bytes);
    const job: Job = { bytes: own, limits };
    const thread = new Worker(THREAD, {
      workerData: job,
      transferList: [own.buffer],
      // A parser of foreign files needs no secrets of the process.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: 4 },
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    try {
      return await new Promise<Uint8Array | Refusal>((resolve, reject) => {
        const late = setTimeout(() => resolve(tooLarge('time')), withinMs);
        thread.once('message', (outcome: Outcome) =>
          resolve('book' in outcome ? outcome.book : outcome.refusal),
        );
        thread.once('error', (error: Error & { readonly code?: string }) =>
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(tooLarge('memory')) : reject(error),
        );
        thread.once('exit', () => {
          clearTimeout(late);
          reject(new Error('The thread that reads workbooks ended without an answer'));
        });
      });
    } finally {
      await thread.terminate();
    }
  }
}

function busy(): Refusal {
  return refuse('quota_exceeded', {
    vi: 'Đang có nhiều tệp Excel chờ đọc. Hãy thử lại sau ít phút.',
    en: 'Many Excel files are waiting to be read. Try again in a few minutes.',
  });
}
