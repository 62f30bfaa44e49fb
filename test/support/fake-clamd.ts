import { createServer } from 'node:net';

/** A clamd that knows one thing: content with EVIL in it. Speaks INSTREAM as the real one does. */
export interface FakeClamd {
  readonly address: string;
  stop(): Promise<void>;
}

export async function startFakeClamd(): Promise<FakeClamd> {
  const server = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (part) => {
      heard = Buffer.concat([heard, Buffer.from(part)]);
      const content = streamed(heard);
      if (content !== null) socket.end(`stream: ${content.includes('EVIL') ? 'Test.Evil FOUND' : 'OK'}\0`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  return {
    address: `127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`,
    stop: async () => await new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The content once its last, empty chunk is there. */
function streamed(heard: Buffer): string | null {
  const command = 'zINSTREAM\0';
  if (heard.length < command.length || heard.subarray(0, command.length).toString() !== command) return null;
  let content = '';
  for (let at = command.length; at + 4 <= heard.length; ) {
    const length = heard.readUInt32BE(at);
    if (length === 0) return content;
    content += heard.subarray(at + 4, at + 4 + length).toString('latin1');
    at += 4 + length;
  }
  return null;
}
