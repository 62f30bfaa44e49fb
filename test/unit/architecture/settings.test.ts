import { describe, expect, test } from '@jest/globals';
import {
  CONFIG_KEYS,
  LAUNCHER_KEYS,
  parseConfig,
  parseLauncherConfig,
  SECRET_KEYS,
} from '../../../src/config.js';
import { filesBelow, textOf } from './source-files.js';

const example = textOf('.env.example');

describe('settings', () => {
  test('all stand in .env.example, and nothing else does', () => {
    const shown = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, key]) => key);
    expect(shown.sort()).toEqual([...new Set([...CONFIG_KEYS, ...LAUNCHER_KEYS])].sort());
  });

  test('stand in .env.example with their defaults', () => {
    const given = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, key, value]) => [key, value]);
    const settings = Object.fromEntries(given) as Record<string, string>;
    const needed = { DATABASE_URL: settings.DATABASE_URL };
    expect(parseConfig(settings)).toEqual(parseConfig(needed));
  });

  test('of the launcher stand there with their defaults too', () => {
    const given = [...example.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].filter(([, key]) =>
      LAUNCHER_KEYS.includes(key ?? ''),
    );
    const shown = Object.fromEntries(given.map(([, key, value]) => [key, value])) as Record<string, string>;
    const { environment: _given, ...config } = parseLauncherConfig(shown);
    const { environment: _none, ...defaults } = parseLauncherConfig({});
    expect(config).toEqual(defaults);
  });

  test('that are secret are named there as ones that can be files', () => {
    expect(SECRET_KEYS.filter((key) => !example.includes(key))).toEqual([]);
  });

  test('are all used: what nothing reads is not a setting', () => {
    const product = filesBelow(['src', 'activities', 'workflows'], (path) => path.endsWith('.ts'));
    const code = product
      .filter((path) => path !== 'src/config.ts')
      .map(textOf)
      .join('\n');
    const config = textOf('src/config.ts');
    const unused = [...CONFIG_KEYS, ...LAUNCHER_KEYS].filter((key) => {
      const field = key.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      // A setting that only decides over others is used where the configuration is checked.
      return !new RegExp(`\\b${field}\\b`).test(code) && !config.includes(`settings.${key} `);
    });
    expect(unused).toEqual([]);
  });
});
