import { connect } from 'node:net';
import { HealthError } from './health.js';

/** A part whose schema must be at least as new as the program. */
export function schemaDetail(current: number, known: number): string {
  if (current < known) throw new HealthError(`migration ${current} of ${known}`);
  return `migration ${current}`;
}

/** Whether something accepts connections there; who waits decides for how long. */
export async function accepts(url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const fallback = protocol === 'smtps:' ? 465 : 25;
  return await new Promise<string>((resolve, reject) => {
    const socket = connect({ host: hostname, port: port === '' ? fallback : Number(port), timeout: 1_500 });
    socket.once('connect', () => {
      socket.destroy();
      resolve('accepts connections');
    });
    socket.once('timeout', () => socket.destroy(new HealthError('no connection in time')));
    socket.once('error', reject);
  });
}
