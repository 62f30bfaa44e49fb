/**
 * `node measure-workbooks.mjs <module> <folder>`: reads every file of the folder by the reader of plans in that
 * module and prints what each one cost: the answer, milliseconds, processor time, and the most memory gained.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , module, folder] = process.argv;
const { planReader } = await import(pathToFileURL(module).href);
const reader = planReader({ maxBytes: 10_000_000, maxRows: 5_000 });
const files = readdirSync(folder).sort();

/** The most memory above what was taken before, looked at from outside of the thread that reads. */
async function measured(bytes) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const taken = await reader.take({ fileName: 'plan.xlsx', bytes });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  most = Math.max(most, process.memoryUsage.rss());
  const answer = taken.refused === true ? (taken.extra?.reason ?? taken.code) : taken.form;
  return { answer, ms, cpuMs: (user + system) / 1000, gainedMb: (most - before) / 1024 / 1024 };
}

// What the first run loads and compiles is not of any file.
await measured(readFileSync(join(folder, files[0])));
for (const name of files) {
  const bytes = readFileSync(join(folder, name));
  const cost = await measured(bytes);
  // A dear one is looked at once more: whatever else the machine did then is not of the file.
  if (cost.cpuMs > 600) {
    const other = await measured(bytes);
    cost.cpuMs = Math.min(cost.cpuMs, other.cpuMs);
    cost.gainedMb = Math.max(cost.gainedMb, other.gainedMb);
  }
  console.log(JSON.stringify({ name, ...cost }));
}
