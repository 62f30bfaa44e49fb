import { parse } from 'yaml';
import { textOf } from '../architecture/source-files.js';

/** What the tests look at in a service of docker-compose.yml, merges resolved and variables at their defaults. */
export interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly container_name?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\$\{([A-Z_]+)(?::-([^}]*))?\}/g;

/** The text of the file, as it is. */
export const composeText = textOf('docker-compose.yml');

/** `${NAME:-default}` of the file: name → default. */
export const variables = new Map(
  [...composeText.matchAll(VARIABLE)].map(([, name, value]) => [name ?? '', value ?? '']),
);

/** The file as Docker Compose reads it where no variable is set. */
export const compose = parse(
  composeText.replace(VARIABLE, (_, _name, value: string | undefined) => value ?? ''),
  { merge: true },
) as ComposeFile;
