import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { Assignment } from '../src/contracts/assignment-resource.js';
import { Directive } from '../src/contracts/directive-resource.js';
import { GateReport } from '../src/contracts/directives.js';
import { Import } from '../src/contracts/imports.js';
import { projectRoot } from '../src/db/root.js';
import type { ImportChoices } from '../src/domain/import.js';
import type { Client } from './client.js';
import type { Narrator } from './narrator.js';

export type Preview = z.output<typeof Import>;
export type AssignmentView = z.output<typeof Assignment>;
export type DirectiveView = z.output<typeof Directive>;

/** A file of this project, by its path from the folder of package.json. */
function projectFile(path: string): { name: string; bytes: Uint8Array<ArrayBuffer> } {
  return {
    name: path.split('/').at(-1) ?? path,
    bytes: new Uint8Array(readFileSync(join(projectRoot(), path))),
  };
}

/** Uploads a plan and gives what the importer reads in it. */
export async function preview(
  api: Client,
  path: string,
  about: {
    readonly number: string;
    readonly title: string;
    readonly documentDate: string;
    readonly endsOn: string;
  },
): Promise<Preview> {
  return await api.upload('/v1/imports', projectFile(path), about, Import);
}

/** Adds answers to the questions of a preview. */
export async function answer(api: Client, id: string, choices: ImportChoices): Promise<Preview> {
  return await api.patch(`/v1/imports/${id}`, { choices }, Import);
}

/** Makes the draft; its id. */
export async function apply(api: Client, id: string): Promise<string> {
  const { directiveId } = await api.post(`/v1/imports/${id}/apply`, {}, Import);
  if (directiveId === null) throw new Error('The import was applied and names no draft');
  return directiveId;
}

export async function check(api: Client, id: string): Promise<z.output<typeof GateReport>> {
  return await api.post(`/v1/directives/${id}/check`, {}, GateReport);
}

/** Issues a draft and waits until its process has made every assignment. */
export async function issue(narrator: Narrator, api: Client, id: string): Promise<DirectiveView> {
  await api.post(`/v1/directives/${id}/issue`, {}, Directive);
  return await narrator.until('every planned assignment is made', async () => {
    const directive = await readDirective(api, id);
    const { planned, assigned } = directive.counts;
    return planned !== null && assigned === planned ? directive : null;
  });
}

export async function readDirective(api: Client, id: string): Promise<DirectiveView> {
  return await api.get(`/v1/directives/${id}`, Directive);
}

/** Every assignment of a directive that the caller may read. */
export async function assignmentsOf(api: Client, directiveId: string): Promise<AssignmentView[]> {
  return await api.all(`/v1/directives/${directiveId}/assignments`, Assignment);
}

export async function readAssignment(api: Client, id: string): Promise<AssignmentView> {
  return await api.get(`/v1/assignments/${id}`, Assignment);
}
