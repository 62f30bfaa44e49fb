import { createServer } from 'node:net';

/** A port this launcher wants, what for, and the setting by which it can be changed. */
export interface WantedPort {
  readonly port: number;
  readonly variable: string;
  readonly purpose: string;
}

/** Ports belong to other programs; the message names each, its purpose and its setting. */
class PortsTakenError extends Error {
  override readonly name = 'PortsTakenError';

  constructor(taken: readonly WantedPort[]) {
    const lines = taken.map(
      ({ port, variable, purpose }) =>
        `  - port ${port} (${purpose}) is taken by another program; set ${variable} to a free port`,
    );
    super(`Dondoc cannot start:\n${lines.join('\n')}\nFor example: ${example(taken)} npm start`);
  }
}

/** Makes sure that all ports are free, before anything is started. */
export async function requirePorts(wanted: readonly WantedPort[]): Promise<void> {
  const taken: WantedPort[] = [];
  for (const one of wanted) if (!(await isFree(one.port))) taken.push(one);
  if (taken.length > 0) throw new PortsTakenError(taken);
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => {
      settle(false);
    });
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => {
        settle(true);
      });
    });
  });
}

/** Ten thousand higher is seldom taken, and easy to remember. */
function example(taken: readonly WantedPort[]): string {
  return taken
    .map(({ port, variable }) => `${variable}=${port < 50_000 ? port + 10_000 : port - 1}`)
    .join(' ');
}
