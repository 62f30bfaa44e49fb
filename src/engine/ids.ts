import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes for some hundred ids at once: asking the system for sixteen at a time costs more than the id. */
const pool = new Uint8Array(16 * 512);
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/** A new UUIDv7: increasing within this process, random to everybody else. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + 16);
  used += 16;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // A random beginning in the lower half leaves room to count upwards within the millisecond.
    sequence = ((random[0] ?? 0) << 16) | ((random[1] ?? 0) << 8) | (random[2] ?? 0);
  } else {
    sequence += 1;
  }
  return v7({ random, msecs: lastMs, seq: sequence });
}
