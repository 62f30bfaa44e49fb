import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import { isTemporalReachable, openTemporal, temporalAt } from '../../src/temporal/connection.js';
import { freePort } from '../support/ports.js';
import { testServers } from '../support/servers.js';

const file = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

let proxy: Server;
let address = '';

// What a server behind TLS looks like: the development server speaks none, so it stands behind one that does.
beforeAll(async () => {
  const port = await freePort();
  const [host = '', behind = ''] = testServers().temporalAddress.split(':');
  const options = {
    key: file('server.key'),
    cert: file('server.pem'),
    ca: file('ca.pem'),
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['h2'],
  };
  proxy = createServer(options, (socket) => {
    const server = connect(Number(behind), host);
    const end = (): void => {
      socket.destroy();
      server.destroy();
    };
    for (const side of [socket, server]) side.on('error', end).on('close', end);
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((listening) => proxy.listen(port, '127.0.0.1', listening));
  address = `127.0.0.1:${port}`;
});
afterAll(async () => {
  await new Promise((closed) => proxy.close(closed));
});

const settings = () => ({
  temporalAddress: address,
  temporalNamespace: testServers().temporalNamespace,
  temporalTls: true,
  temporalTlsCa: file('ca.pem'),
  temporalTlsCert: file('client.pem'),
  temporalTlsKey: file('client.key'),
});

async function reaches(over: Partial<ReturnType<typeof settings>>): Promise<boolean> {
  const { temporalTlsCert, temporalTlsKey, ...rest } = { ...settings(), ...over };
  const pair = temporalTlsCert === '' ? {} : { temporalTlsCert, temporalTlsKey };
  const temporal = openTemporal(temporalAt({ ...rest, ...noPair, ...pair }));
  try {
    return await isTemporalReachable(temporal);
  } finally {
    await temporal.close();
  }
}
const noPair = { temporalTlsCert: undefined, temporalTlsKey: undefined };

test('Temporal behind TLS is reached where each side knows the other, by client and worker', async () => {
  expect(await reaches({})).toBe(true);
  const { tls } = temporalAt(settings());
  const connection = await NativeConnection.connect({ address, tls });
  await connection.close();
});

test.each([
  ['without TLS', { temporalTls: false }],
  ['where its certificate is of an authority that is not ours', { temporalTlsCa: file('other-ca.pem') }],
  ['without the certificate that it asks for', { temporalTlsCert: '' }],
])('it is not reached %s', async (_why, over) => {
  expect(await reaches(over)).toBe(false);
});
