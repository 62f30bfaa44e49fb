import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be cut: closed as by a server that is gone, or silent as by a cable. */
export interface TcpProxy {
  readonly port: number;
  /** Refuses and resets, as a stopped server does. */
  cut(): Promise<void>;
  /** Keeps connections open and lets nothing through. */
  mute(): void;
  /** Works again. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function startProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let muted = false;
  const server = createServer((inner) => {
    const outer = connect(target);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!muted) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (port: number): Promise<number> => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  };
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  return {
    port,
    cut,
    mute: () => {
      muted = true;
    },
    mend: async () => {
      // What was swallowed cannot be given back: connections that were muted are of no more use.
      if (muted) for (const socket of sockets) socket.destroy();
      muted = false;
      if (!server.listening) await listen(port);
    },
    close: async () => {
      if (server.listening) await cut();
    },
  };
}
