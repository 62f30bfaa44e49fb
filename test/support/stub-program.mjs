/** Stands in for the API or the worker: answers on its admin port, crashes when asked to, ends when told to. */
import { createServer } from 'node:http';

export function serve(port) {
  const { DATABASE_URL, TEMPORAL_ADDRESS } = process.env;
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.exit(7);
    response.end(
      JSON.stringify({ pid: process.pid, databaseUrl: DATABASE_URL, temporalAddress: TEMPORAL_ADDRESS }),
    );
  });
  server.listen(Number(port), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
}
