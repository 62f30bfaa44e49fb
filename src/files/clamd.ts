import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Received } from './intake.js';

const SILENT_MS = 60_000;
const MOST_ANSWER = 4_096;

/** Asks a clamd over TCP whether a file holds anything known to be harmful (its command INSTREAM). */
export function clamdScanner(address: string) {
  const [host = '', port = '3310'] = address.split(':');
  return {
    /** The name of what was found, or null. @throws where clamd cannot tell */
    scan: async (file: Received): Promise<string | null> => {
      const answer = await instream(connect({ host, port: Number(port), timeout: SILENT_MS }), file.path);
      if (answer === 'stream: OK') return null;
      const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
      if (found !== undefined) return found;
      throw new Error(`clamd answered: ${answer.slice(0, 200)}`);
    },
  };
}

/** Each chunk with its length before it, an empty one at the end; answered by one line. */
async function instream(socket: Socket, path: string): Promise<string> {
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text = (text + part).slice(0, MOST_ANSWER);
    });
    socket.once('end', () => resolve(text.replaceAll('\0', '').trim()));
    socket.once('timeout', () => socket.destroy(new Error('clamd does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('clamd closed the connection')));
  });
  // Heard at once: clamd may refuse while the file is still being sent.
  answer.catch(() => undefined);
  try {
    await write(socket, Buffer.from('zINSTREAM\0'));
    for await (const chunk of createReadStream(path)) {
      const bytes = Buffer.from(chunk);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      await write(socket, Buffer.concat([length, bytes]));
    }
    await write(socket, Buffer.alloc(4));
    return await answer;
  } finally {
    socket.destroy();
  }
}

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
