/** The launcher with stand-ins for the API and the worker, for tests of the launcher itself. */
import { fileURLToPath } from 'node:url';
import { main } from '../../src/dev/main.js';

const stub = (name: string) => fileURLToPath(new URL(`./stub-${name}.mjs`, import.meta.url));
await main({
  programs: { api: stub('api'), worker: stub('worker') },
  prepareDatabase: async () => undefined,
  loadDemo: async () => [],
});
