import { readdirSync } from 'node:fs';

/** The tests that a mutation run asks, as one file: what they import is loaded once for each mutant, not once for each. */
const folder = new URL('../unit/domain/', import.meta.url);
const wanted = new RegExp(`^(?:${process.env.MUTATE_TESTS ?? ''})[a-z-]*\\.test\\.ts$`);
for (const name of readdirSync(folder).filter((file) => wanted.test(file)))
  await import(`../unit/domain/${name}`);
