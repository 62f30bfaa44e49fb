/** `node --import ./test/support/register-ts.mjs some.ts` runs TypeScript sources without a build. */
import { register } from 'node:module';

register('./ts-loader.mjs', import.meta.url);
