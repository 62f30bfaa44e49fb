import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Below what systems give to outgoing connections (32768 on Linux): nobody takes one between the look and the use. */
const [FIRST, LAST] = [10_000, 32_000];
const MOST_TRIES = 1000;

/** One port that nobody listens on. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('No port was given');
  return port;
}

/** Ports that nobody listens on, held together while they are looked for, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  try {
    for (let tries = 0; held.size < count; tries += 1) {
      if (tries > MOST_TRIES) throw new Error(`No port is free between ${FIRST} and ${LAST}`);
      const port = randomInt(FIRST, LAST);
      const server = held.has(port) ? null : await listening(port);
      if (server !== null) held.set(port, server);
    }
    return [...held.keys()];
  } finally {
    await Promise.all([...held.values()].map((server) => new Promise((done) => server.close(done))));
  }
}

async function listening(port: number): Promise<Server | null> {
  const server = createServer();
  return await new Promise((settle) => {
    server.once('error', () => settle(null));
    server.listen(port, '127.0.0.1', () => settle(server));
  });
}
