import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { answerUnreadable } from '../../../src/http/unreadable.js';

const closing: Server[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((settle) => server.close(() => settle()));
  }
});

interface Logged {
  readonly status: number;
  readonly traceId: string;
  readonly why?: string;
}

/** A server as the product's, with another app behind it. */
async function served(
  app: RequestListener,
  options: object = {},
): Promise<{ port: number; logged: Logged[] }> {
  const logged: Logged[] = [];
  const server = createServer(options, app);
  closing.push(server);
  answerUnreadable(server, { warn: (line: Logged) => void logged.push(line) });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { port: address.port, logged };
}

const hello: RequestListener = (_req, res) => void res.end('hello');

/** Everything that is answered on a connection until it ends. */
const answered = async (socket: Socket): Promise<string> => {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  // A connection that is cut has an answer as well: what came before.
  await new Promise<void>((settle) => socket.on('error', () => undefined).once('close', () => settle()));
  return text;
};

async function answerTo(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return await answered(socket);
}

const problemOf = (answer: string): Record<string, unknown> => JSON.parse(answer.split('\r\n\r\n')[1] ?? '');

test('headers that are too long are a Problem, with a line in the log that its trace id leads to', async () => {
  const { port, logged } = await served(hello);
  const answer = await answerTo(port, `GET /?q=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(answer).toMatch(
    /^HTTP\/1\.1 431 Request Header Fields Too Large\r\nContent-Type: application\/problem\+json/,
  );
  const problem = problemOf(answer);
  expect(problem).toMatchObject({
    status: 431,
    code: 'header_too_large',
    type: '/problems/header_too_large',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(logged).toEqual([{ status: 431, traceId: problem.traceId, why: 'HPE_HEADER_OVERFLOW' }]);
});

test('bytes that are no request are a Problem', async () => {
  const { port } = await served(hello);
  expect(problemOf(await answerTo(port, 'xin chào\r\n\r\n'))).toMatchObject({
    status: 400,
    code: 'unreadable_request',
  });
});

test('a request that does not arrive in time is told so', async () => {
  const { port } = await served(hello, {
    headersTimeout: 100,
    requestTimeout: 100,
    connectionsCheckingInterval: 20,
  });
  const answer = await answerTo(port, 'GET / HTTP/1.1\r\nHost: x\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(problemOf(answer)).toMatchObject({ code: 'request_timeout' });
});

test('a body that breaks off in the middle is answered once, and by the Problem', async () => {
  let read: Promise<unknown> = Promise.resolve();
  const { port } = await served((req, res) => {
    read = req.toArray().then(
      () => res.end('whole'),
      () => res.end('broken'),
    );
  });
  const answer = await answerTo(
    port,
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nno size\r\n',
  );
  await read;
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(problemOf(answer)).toMatchObject({ code: 'unreadable_request' });
});

test('bytes behind a request that is being answered never look like its answer', async () => {
  for (const begin of [false, true]) {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((settle) => {
      arrive = settle;
    });
    const { port, logged } = await served((_req, res) => {
      if (begin) res.write('the beginning');
      arrive();
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer = answered(socket);
    await arrived;
    socket.write('xin chào\r\n\r\n');
    expect(await answer).not.toContain('unreadable_request');
    expect(logged).toEqual([]);
  }
});

test('a connection that was answered takes a Problem for what comes after', async () => {
  const { port } = await served(hello);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((settle) => socket.once('data', settle));
  const rest = answered(socket);
  socket.write('xin chào\r\n\r\n');
  expect(problemOf(await rest)).toMatchObject({ code: 'unreadable_request' });
});
