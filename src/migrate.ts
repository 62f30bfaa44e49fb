import { configOrExit, ownerDatabaseUrl, parseConfig } from './config.js';
import { migrate } from './db/migrate.js';
import { createLogger } from './log.js';

/** Brings the database up to date and ends; safe to run by several starters at once. */
const config = configOrExit(parseConfig);
const log = createLogger({ service: 'migrate', level: config.logLevel });

try {
  const report = await migrate(ownerDatabaseUrl(config));
  log.info({ applied: report.applied, current: report.current }, 'the database is up to date');
} catch (error) {
  log.fatal({ err: error }, 'the database could not be migrated');
  process.exitCode = 1;
}
