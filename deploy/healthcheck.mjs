/** Health check of a container: is the process behind an admin port alive? `node healthcheck.mjs 3001` */
const port = process.argv[2];
try {
  const answer = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(4000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
