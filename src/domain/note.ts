import type { Instant } from './instant.js';

/**
 * What is recorded of a subject without changing what it is: its state, deadline and steps stay as they are, and
 * whoever may do it was judged by the use case.
 */
export type SubjectNote =
  /** A person says that the message of a step has reached them. */
  | { readonly type: 'step_acknowledged'; readonly data: { at: Instant; step: string; cycle: number } }
  /** What never should have been written was taken out of an earlier event, by decision. */
  | {
      readonly type: 'text_destroyed';
      readonly data: { at: Instant; seq: number };
      readonly text: { reason: string };
    };
