import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** On which side of the commit the way is stopped. */
export type Side = 'before' | 'after';

/** A way from one process to PostgreSQL that knows a command's commit when it goes by. */
export interface CommitProxy {
  readonly port: number;
  /**
   * Stops the next commit of a command: before it reaches the server, or after the server has done it and before
   * its answer goes back. Settles when it stands there; nothing of that connection moves until it is let go.
   */
  stopAt(side: Side): Promise<Stopped>;
  close(): Promise<void>;
}

export interface Stopped {
  letGo(): void;
}

interface Trap {
  readonly side: Side;
  readonly sprung: (stopped: Stopped) => void;
}

/** What marks a transaction as a command's: it keeps the answer of an Idempotency-Key. */
const MARK = Buffer.from('keep_answer\0');
const COMMIT = Buffer.from('commit\0');
const COMMITTED = Buffer.from('COMMIT\0');

export async function startCommitProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  let trap: Trap | null = null;
  const take = (side: Side): Trap | null => {
    const found = trap?.side === side ? trap : null;
    if (found !== null) trap = null;
    return found;
  };
  const server = createServer((inner) => {
    const outer = connect(target);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === inner ? outer : inner).destroy();
      });
    }
    follow(inner, outer, take);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stopAt: async (side) =>
      await new Promise<Stopped>((sprung) => {
        trap = { side, sprung };
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Hands on one connection's messages, and stops where the trap says. */
function follow(inner: Socket, outer: Socket, take: (side: Side) => Trap | null): void {
  let isCommand = false;
  let committing = false;
  const asked = new Messages('without a type');
  const answered = new Messages('typed');
  inner.on('data', (bytes) => {
    for (const message of asked.of(bytes)) {
      if (message.includes(MARK)) isCommand = true;
      const commits = isCommand && message[0] === 0x51 && message.subarray(5).equals(COMMIT);
      const stop = commits ? take('before') : null;
      if (commits) [isCommand, committing] = [false, true];
      if (stop === null) outer.write(message);
      else stop.sprung({ letGo: () => void outer.write(message) });
    }
  });
  let held: Buffer[] | null = null;
  outer.on('data', (bytes) => {
    for (const message of answered.of(bytes)) {
      const done = committing && message[0] === 0x43 && message.subarray(5).equals(COMMITTED);
      const stop = done ? take('after') : null;
      if (done) committing = false;
      if (stop !== null) {
        const kept: Buffer[] = [];
        held = kept;
        const letGo = (): void => {
          held = null;
          for (const one of kept) inner.write(one);
        };
        stop.sprung({ letGo });
      }
      if (held === null) inner.write(message);
      else held.push(message);
    }
  });
}

/** Cuts a stream into PostgreSQL's messages: a type, then a length that counts itself. A client's first has no type. */
class Messages {
  #rest = Buffer.alloc(0);
  #typed: boolean;

  constructor(first: 'typed' | 'without a type') {
    this.#typed = first === 'typed';
  }

  *of(bytes: Buffer): Generator<Buffer> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const start = this.#typed ? 1 : 0;
      if (this.#rest.length < start + 4) return;
      const length = start + this.#rest.readUInt32BE(start);
      if (this.#rest.length < length) return;
      const message = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      this.#typed = true;
      yield message;
    }
  }
}
