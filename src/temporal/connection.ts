import { Client, Connection, type TLSConfig } from '@temporalio/client';
import type { Config } from '../config.js';

export interface TemporalAddress {
  /** host:port of the server. */
  readonly address: string;
  readonly namespace: string;
  /** How the connection is encrypted; null: not at all. */
  readonly tls: TLSConfig | null;
}

/** Where Temporal is by the configuration, and how the two know each other. */
export function temporalAt(
  config: Pick<
    Config,
    | 'temporalAddress'
    | 'temporalNamespace'
    | 'temporalTls'
    | 'temporalTlsCa'
    | 'temporalTlsCert'
    | 'temporalTlsKey'
  >,
): TemporalAddress {
  const { temporalTlsCa: ca, temporalTlsCert: cert, temporalTlsKey: key } = config;
  const pair =
    cert === undefined || key === undefined ? null : { crt: Buffer.from(cert), key: Buffer.from(key) };
  const tls = {
    ...(ca === undefined ? {} : { serverRootCACertificate: Buffer.from(ca) }),
    ...(pair === null ? {} : { clientCertPair: pair }),
  };
  const { temporalAddress: address, temporalNamespace: namespace } = config;
  return { address, namespace, tls: config.temporalTls ? tls : null };
}

/** A client that connects when it is first used, and again whenever the server is back. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Makes the client; works also while the server is away, its calls then fail. */
export function openTemporal({ address, namespace, tls }: TemporalAddress): TemporalClient {
  const connection = Connection.lazy({ address, tls, connectTimeout: 5_000 });
  const client = new Client({ connection, namespace });
  return { client, connection, close: async () => await connection.close() };
}

/** Whether the server answers within the given time, and knows the namespace. */
export async function isTemporalReachable(temporal: TemporalClient, withinMs = 2_000): Promise<boolean> {
  try {
    const { namespace } = temporal.client.options;
    await within(
      temporal,
      withinMs,
      async () => await temporal.connection.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch {
    return false;
  }
}

/** A call that must not wait for ever: the client itself would try again as long as it takes. */
export async function within<T>(temporal: TemporalClient, ms: number, call: () => Promise<T>): Promise<T> {
  return await temporal.connection.withDeadline(Date.now() + ms, call);
}
