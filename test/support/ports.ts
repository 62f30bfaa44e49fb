import { createServer } from 'node:net';

/** A port on 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('The system gave no port');
  return port;
}

/** Several different free ports. All are held until the last is known, so that none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      await new Promise<void>((settle, fail) => {
        probe.once('error', fail);
        probe.listen(0, '127.0.0.1', settle);
      });
      return probe;
    }),
  );
  const ports = probes.map((probe) => {
    const address = probe.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
    return address.port;
  });
  await Promise.all(probes.map(async (probe) => await new Promise((settle) => probe.close(settle))));
  return ports;
}
