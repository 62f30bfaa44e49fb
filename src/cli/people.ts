import type { Command } from 'commander';
import { makeFirstAdministrator, makeSetupCodeFor } from '../engine/first-administrator.js';
import { endDemo } from '../engine/sign-in.js';
import { JSON_OPTION, type Output, say, withPool, writerUrl } from './frame.js';

interface FirstAdministrator extends Output {
  readonly name: string;
  readonly login: string;
  readonly group: string;
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
    .option(...JSON_OPTION)
    .action(firstAdministrator);
  people
    .command('set-up-code')
    .description('make a new set-up code for an administrator who cannot sign in any more')
    .requiredOption('--login <login>', 'the user name')
    .option(...JSON_OPTION)
    .action(setUpCode);
  people
    .command('end-demo')
    .description('end every token and session of the demonstration, for good')
    .action(stopDemo);
}

async function firstAdministrator({ json, ...fields }: FirstAdministrator): Promise<void> {
  await withPool(writerUrl, async (pool) => {
    const made = await makeFirstAdministrator(pool, fields);
    if (json) return say(JSON.stringify(made));
    say(`${fields.name} administers the Working Group "${fields.group}".`);
    say('Sign in with the provider, or choose a password at /sign-in/password');
    sayCode(made);
  });
}

async function setUpCode({ json, login }: Output & { readonly login: string }): Promise<void> {
  await withPool(writerUrl, async (pool) => {
    const made = await makeSetupCodeFor(pool, login);
    if (json) return say(JSON.stringify(made));
    say('Choose a password at /sign-in/password');
    sayCode(made);
  });
}

function sayCode({ login, code, expiresAt }: Awaited<ReturnType<typeof makeSetupCodeFor>>): void {
  say(`  user name     ${login}`);
  say(`  set-up code   ${code}   (once, until ${expiresAt})`);
}

async function stopDemo(): Promise<void> {
  await withPool(writerUrl, async (pool) =>
    say(`${await endDemo(pool)} sign-ins of the demonstration were ended.`),
  );
}
