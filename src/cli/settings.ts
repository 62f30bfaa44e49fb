import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Config,
  ConfigError,
  configOrExit,
  configOrProblems,
  type Environment,
  parseConfig,
} from '../config.js';

const Instance = z.object({ settings: z.record(z.string(), z.string()) });
const DATABASES = ['DATABASE_URL', 'DATABASE_WRITER_URL', 'DATABASE_READER_URL'];

/**
 * The settings of a command line. Where no database is named and an instance of `npm start` runs on the data folder
 * (`DATA_DIR`), those of that instance; what is set goes before them.
 */
function besideInstance(env: Environment): Environment {
  if (DATABASES.some((name) => (env[name] ?? env[`${name}_FILE`] ?? '') !== '')) return env;
  const settings = instanceSettings(join(env.DATA_DIR ?? './data', 'instance.json'));
  return { ...settings, ...env };
}

/** None where no instance runs: its file goes when it stops. */
function instanceSettings(file: string): Readonly<Record<string, string>> {
  try {
    return Instance.parse(JSON.parse(readFileSync(file, 'utf8'))).settings;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `${file} cannot be read (${why}): run this as the account that runs the instance, or set DATABASE_URL`,
    ]);
  }
}

const parse = (env: Environment): Config => parseConfig(besideInstance(env));

/** The command's configuration; ends the process with one readable message where it cannot. */
export const cliConfig = (): Config => configOrExit(parse);

/** The same, for a command that says in its own words what is wrong. */
export const cliConfigOrProblems = (): Config | ConfigError => configOrProblems(parse);
