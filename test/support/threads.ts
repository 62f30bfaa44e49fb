/** Threads run the TypeScript sources as they are; Jest's own module system does not reach into them. */
export const THREAD_OF_SOURCES = {
  execArgv: ['--no-warnings', '--import', new URL('./register-ts.mjs', import.meta.url).href],
};
