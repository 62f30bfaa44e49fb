import './register-ts.mjs';

/** Jest loads this outside its own module system, where TypeScript is not understood yet. */
export default async function globalSetup() {
  const { startServers } = await import('./servers.ts');
  await startServers();
}
