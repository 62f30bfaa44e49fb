import { join } from 'node:path';
import { clamdScanner } from './clamd.js';
import { diskStore } from './disk-store.js';
import { openIntake } from './intake.js';
import { s3Store } from './s3-store.js';

export interface FilesConfig {
  readonly filesDir: string;
  readonly s3Endpoint?: string | undefined;
  readonly s3Bucket: string;
  readonly s3Region: string;
  readonly s3AccessKey?: string | undefined;
  readonly s3SecretKey?: string | undefined;
  readonly clamdAddress?: string | undefined;
}

/** The place for files that the configuration names: a folder, or a bucket; with a scanner or without. */
export async function openFiles(config: FilesConfig, incoming: string) {
  const { s3Endpoint, s3AccessKey = '', s3SecretKey = '', clamdAddress } = config;
  return {
    // One process, one folder: it is emptied at the start.
    intake: await openIntake(join(config.filesDir, incoming)),
    store:
      s3Endpoint === undefined
        ? diskStore(join(config.filesDir, 'kept'))
        : s3Store({
            endpoint: s3Endpoint,
            bucket: config.s3Bucket,
            region: config.s3Region,
            accessKey: s3AccessKey,
            secretKey: s3SecretKey,
          }),
    scanner: clamdAddress === undefined ? null : clamdScanner(clamdAddress),
  };
}
