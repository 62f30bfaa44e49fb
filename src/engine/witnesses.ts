import type { Anchor } from '../db/anchor-store.js';

interface Witness {
  readonly anchor: number;
  readonly seq: number;
  readonly hash: string;
  seen: boolean;
}

/** What the anchors say of chains: where each stood when it was anchored, and with which hash. */
export class Witnesses {
  readonly #of = new Map<string, Witness[]>();
  readonly #horizons: readonly { readonly number: number; readonly upTo: number }[];

  constructor(
    anchors: readonly Anchor[],
    upTo: (anchor: Anchor) => number,
    mine: (chain: { readonly kind: string; readonly id: string }) => boolean,
  ) {
    this.#horizons = anchors.map((anchor) => ({ number: anchor.number, upTo: upTo(anchor) }));
    for (const anchor of anchors) {
      for (const leaf of anchor.leaves === '' ? [] : anchor.leaves.split('\n')) {
        const [kind = '', id = '', seq = '', hash = ''] = leaf.split('|');
        if (!mine({ kind, id })) continue;
        const chain = `${kind}|${id}`;
        const witness = { anchor: anchor.number, seq: Number(seq), hash, seen: false };
        const known = this.#of.get(chain);
        if (known === undefined) this.#of.set(chain, [witness]);
        else known.push(witness);
      }
    }
  }

  /** What an anchor has against an event; null where none has. */
  see(chain: string, seq: number, hash: string, number: number): string | null {
    const horizon = this.#horizonOf(number);
    const witnesses = this.#of.get(chain) ?? [];
    let contradiction: string | null = null;
    for (const witness of witnesses) {
      if (witness.seq !== seq) continue;
      witness.seen = true;
      if (witness.hash !== hash) contradiction = `is not what anchor ${witness.anchor} has seen`;
    }
    if (horizon === null || contradiction !== null) return contradiction;
    const covered = witnesses.find(({ anchor }) => anchor === horizon);
    return covered !== undefined && covered.seq >= seq
      ? null
      : `was not there when anchor ${horizon} was made`;
  }

  /** Where an anchor has seen an event that is there no more: a tail that was cut, or a whole chain. */
  unseen(): { chain: string; seq: number; what: string }[] {
    return [...this.#of].flatMap(([chain, witnesses]) =>
      witnesses
        .filter(({ seen }) => !seen)
        .map(({ anchor, seq }) => ({ chain, seq, what: `was seen by anchor ${anchor} and is gone` })),
    );
  }

  /** The first anchor that should cover a number. */
  #horizonOf(number: number): number | null {
    let low = 0;
    let high = this.#horizons.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#horizons[middle]?.upTo ?? 0) >= number) high = middle;
      else low = middle + 1;
    }
    return this.#horizons[low]?.number ?? null;
  }
}
