import {
  ActivityFailure,
  defineSearchAttributeKey,
  rootCause,
  SearchAttributeType,
} from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Issuing, Pass } from '../activities/contract.js';
import {
  type ConductorInput,
  changedSignal,
  type Pace,
  type Phase,
  type Progress,
  progressQuery,
} from './messages.js';
import { paceOf } from './pace.js';

const PHASE = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
const OPEN = defineSearchAttributeKey('Open', SearchAttributeType.INT);

/**
 * What a conductor knows between two passes: counters and instants, no truth. Losing it loses nothing; a new
 * one asks the record and is where this one was.
 */
export class Conductor {
  readonly #pace: Pace;
  #changed = false;
  #askedAt = 0;
  #progress: Progress;
  #shown: { phase: string | undefined; open: number | undefined };

  constructor(input: ConductorInput, phase: Phase) {
    this.#pace = paceOf(input);
    this.#progress = {
      phase,
      assigned: 0,
      planned: 0,
      open: 0,
      poisoned: 0,
      passes: 0,
      taken: 0,
      nextAt: null,
      error: null,
    };
    const { typedSearchAttributes } = workflowInfo();
    this.#shown = { phase: typedSearchAttributes.get(PHASE), open: typedSearchAttributes.get(OPEN) };
    this.#show();
  }

  /** The signal: whatever happened, the record knows it. */
  hear(): void {
    this.#changed = true;
  }

  /** Whether a signal came since the record was asked last. */
  get heard(): boolean {
    return this.#changed;
  }

  get progress(): Progress {
    return this.#progress;
  }

  issued({ assigned, planned }: Issuing): void {
    this.#note({ phase: 'following', assigned, planned });
  }

  /** The instant to ask the record about. A signal that comes from now on asks for another pass. */
  ask(): number {
    this.#changed = false;
    this.#askedAt = Date.now();
    return this.#askedAt;
  }

  /**
   * One attempt. An activity that fails does not fail the conductor: the error is noted, and
   * null says that there is no answer. Anything else that is thrown is a fault of workflow code or a
   * cancellation, and none of its business.
   */
  async attempt(work: () => Promise<Pass>): Promise<Pass | null> {
    try {
      const pass = await work();
      this.#note({
        phase: pass.ended ? 'ended' : 'following',
        // A pass that stops at a full batch does not count.
        ...(pass.more ? {} : { open: pass.open, poisoned: pass.poisoned }),
        passes: this.#progress.passes + 1,
        taken: this.#progress.taken + pass.taken,
        error: null,
      });
      return pass;
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      this.#stall(error);
      return null;
    }
  }

  /** Waits for the next thing to do: the armed instant, or a signal. */
  async rest(pass: Pass | null): Promise<void> {
    if (pass === null) return await this.#recover();
    if (pass.more && pass.taken > 0) return;
    const { floorMs, longestMs } = this.#pace;
    // An answer that was long under way, for want of a worker, is about an instant that has passed.
    const age = Date.now() - this.#askedAt;
    const old = age > floorMs ? age : 0;
    const next = pass.more ? 0 : (pass.nextInMs ?? longestMs);
    if (next > old) return await this.#until(Math.min(next - old, longestMs));
    // Due again and not taken: not even a signal may turn this into a busy loop.
    if (old === 0) await this.#pause(floorMs);
  }

  async #until(ms: number): Promise<void> {
    const wait = Math.ceil(ms);
    this.#note({ nextAt: Date.now() + wait });
    await condition(() => this.#changed, wait);
  }

  async #pause(ms: number): Promise<void> {
    this.#note({ nextAt: Date.now() + ms });
    await sleep(ms);
  }

  /** Growing waits; after the first minute a signal may cut them short, for it shows that the record is back. */
  async #recover(): Promise<void> {
    const { errorFirstMs, errorMostMs } = this.#pace;
    const inRow = this.#progress.error?.inRow ?? 1;
    const wait = Math.min(errorFirstMs * 2 ** Math.min(inRow - 1, 20), errorMostMs);
    const first = Math.min(errorFirstMs, wait);
    await this.#pause(first);
    if (wait > first) await this.#until(wait - first);
  }

  #stall(error: ActivityFailure): void {
    const { cause } = error;
    const type =
      typeof cause === 'object' && 'type' in cause && typeof cause.type === 'string'
        ? cause.type
        : (cause?.name ?? error.name);
    const inRow = (this.#progress.error?.inRow ?? 0) + 1;
    this.#note({
      phase: 'stalled',
      error: { type, message: rootCause(error) ?? error.message, at: Date.now(), inRow },
    });
  }

  #note(news: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...news };
    this.#show();
  }

  /** An attribute costs an event and a write of the visibility store: only what is new is told. */
  #show(): void {
    const { phase, open } = this.#progress;
    const news = [
      ...(phase === this.#shown.phase ? [] : [{ key: PHASE, value: phase }]),
      ...(open === this.#shown.open ? [] : [{ key: OPEN, value: open }]),
    ];
    if (news.length > 0) upsertSearchAttributes(news);
    this.#shown = { phase, open };
  }
}

/**
 * The life of a process with one activity: pass after pass until the record says that it is over. A signal that came
 * during the last pass may tell of something new: then the record is asked once more.
 */
export async function conduct(
  input: ConductorInput,
  pass: (id: string, now: number) => Promise<Pass>,
): Promise<Progress> {
  const conductor = new Conductor(input, 'following');
  setHandler(changedSignal, () => conductor.hear());
  setHandler(progressQuery, () => conductor.progress);
  for (;;) {
    const found = await conductor.attempt(async () => await pass(input.id, conductor.ask()));
    if (found?.ended && !conductor.heard) break;
    if (found?.ended) continue;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew(input);
    }
    await conductor.rest(found);
  }
  await condition(allHandlersFinished);
  return conductor.progress;
}
