import type { Command } from 'commander';
import { openPool } from '../db/pool.js';
import { DondocError } from '../domain/errors.js';
import { makeFirstAdministrator, makeSetupCodeFor } from '../engine/first-administrator.js';
import { endDemo } from '../engine/sign-in.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface FirstAdministrator {
  readonly name: string;
  readonly login: string;
  readonly group: string;
  readonly json: boolean;
}

/** `dondoc people …`: the way in to an empty installation, and the way out of a demonstration. */
export function addPeopleCommands(dondoc: Command): void {
  const people = dondoc
    .command('people')
    .description('the first administrator, a way back in, and the end of a demonstration');
  people
    .command('first-administrator')
    .description('make the first administrator of a Working Group that has none; prints a set-up code')
    .requiredOption('--name <name>', 'the person’s name')
    .requiredOption('--login <login>', 'the user name, or the value of the provider’s claim')
    .requiredOption('--group <code>', 'the code of the Working Group; one that is not there yet is made')
    .option('--json', 'print the result as one JSON object', false)
    .action(firstAdministrator);
  people
    .command('set-up-code')
    .description('make a new set-up code for an administrator who cannot sign in any more')
    .requiredOption('--login <login>', 'the user name')
    .option('--json', 'print the result as one JSON object', false)
    .action(setUpCode);
  people
    .command('end-demo')
    .description('end every token and session of the demonstration, for good')
    .action(stopDemo);
}

async function firstAdministrator({ json, ...fields }: FirstAdministrator): Promise<void> {
  await withWriter(async (pool) => {
    const made = await makeFirstAdministrator(pool, fields);
    if (json) return say(JSON.stringify(made));
    say(`${fields.name} administers the Working Group "${fields.group}".`);
    say(`Sign in with the provider, or choose a password at /sign-in/password`);
    say(`  user name     ${made.login}`);
    say(`  set-up code   ${made.code}   (once, until ${made.expiresAt})`);
  });
}

async function setUpCode({ json, login }: { readonly login: string; readonly json: boolean }): Promise<void> {
  await withWriter(async (pool) => {
    const made = await makeSetupCodeFor(pool, login);
    if (json) return say(JSON.stringify(made));
    say('Choose a password at /sign-in/password');
    say(`  user name     ${made.login}`);
    say(`  set-up code   ${made.code}   (once, until ${made.expiresAt})`);
  });
}

async function stopDemo(): Promise<void> {
  await withWriter(async (pool) => say(`${await endDemo(pool)} sign-ins of the demonstration were ended.`));
}

async function withWriter(work: (pool: ReturnType<typeof openPool>) => Promise<void>): Promise<void> {
  const config = cliConfig();
  const pool = openPool({ url: config.databaseWriterUrl, max: 1, name: 'dondoc-cli' });
  try {
    await work(pool);
  } catch (error) {
    // What is refused is told in a sentence, as by the API.
    if (!(error instanceof DondocError)) throw error;
    process.stderr.write(`${error.refusal.detail.en}\n`);
    process.exitCode = 1;
  } finally {
    await pool.end();
  }
}

import { cliConfig } from './settings.js';
