import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets the SDK's core fetch the Temporal program from temporal.download. The core can only fetch and start
 * in one go, so the started server is stopped at once and the file is kept.
 *
 * @returns the path of the fetched program within the folder.
 */
export async function downloadBySdk(folder: string, version: string): Promise<string> {
  // Loaded only here: the core is large and changes the process (signal handlers, its own threads).
  const { Runtime } = await import('@temporalio/worker');
  const runtime = Runtime.instance();
  try {
    const server = await runtime.createEphemeralServer({
      type: 'dev-server',
      exe: {
        type: 'cached-download',
        downloadDir: folder,
        version,
        ttl: 0,
        sdkName: 'typescript',
        sdkVersion: '',
      },
      namespace: 'default',
      ip: '127.0.0.1',
      port: null,
      uiPort: null,
      dbFilename: null,
      ui: false,
      log: { format: 'pretty', level: 'error' },
      extraArgs: [],
    });
    await runtime.shutdownEphemeralServer(server);
  } finally {
    await runtime.shutdown();
  }
  const path = join(folder, `temporal-${version}${process.platform === 'win32' ? '.exe' : ''}`);
  if (!existsSync(path)) throw new Error('the downloader left no program');
  return path;
}
