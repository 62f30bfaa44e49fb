import { Client, Connection } from '@temporalio/client';

export interface TemporalAddress {
  /** host:port of the server. */
  readonly address: string;
  readonly namespace: string;
}

/** A client that connects when it is first used, and again whenever the server is back. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  close(): Promise<void>;
}

/** Makes the client; works also while the server is away, its calls then fail. */
export function openTemporal({ address, namespace }: TemporalAddress): TemporalClient {
  const connection = Connection.lazy({ address, connectTimeout: 5_000 });
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
