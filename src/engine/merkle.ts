import { digest } from './chain.js';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** The root over some lines in their order (RFC 6962: leaves and nodes are told apart, a last odd one moves up). */
export function merkleRoot(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return digest('');
  let level = leaves.map((leaf) => digest(LEAF, leaf));
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = level.slice(index, index + 2);
      if (left === undefined) continue;
      next.push(right === undefined ? left : digest(NODE, left, right));
    }
    level = next;
  }
  return level[0] ?? digest('');
}
