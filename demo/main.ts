import process from 'node:process';
import { configOrExit, parseLauncherConfig } from '../src/config.js';
import { findInstance, NoInstanceError } from './instance.js';
import { Narrator, StepError } from './narrator.js';
import { playStory } from './story.js';

/** `npm run demo`: the whole story against a running `npm start`; exit code 1 names the step that did not happen. */
async function main(): Promise<number> {
  const { dataDir } = configOrExit(parseLauncherConfig);
  const write = (text: string): void => void process.stdout.write(text);
  const narrator = new Narrator({ write, colours: process.stdout.isTTY });
  try {
    const instance = await findInstance(dataDir);
    const told = await playStory(instance, narrator, { withPlanOf61: true });
    write(`\n${told.steps} steps in ${told.seconds.toFixed(0)} s. Play it again as often as you like.\n`);
    write(
      `API explorer ${instance.api}/docs · mailbox ${instance.mailbox ?? '-'} · Temporal ${instance.temporalUi ?? '-'}\n`,
    );
    return 0;
  } catch (error) {
    if (error instanceof NoInstanceError) process.stderr.write(`${error.message}\n`);
    else if (error instanceof StepError)
      process.stderr.write(`\nDid not happen: ${error.step}\n${error.message}\n`);
    else throw error;
    return 1;
  }
}

process.exitCode = await main();
