import { readFileSync } from 'node:fs';
import { OFFICE_HOURS } from '../../../src/domain/calendars/office-hours.js';
import { DEFAULT_DEADLINE_POLICY } from '../../../src/domain/deadline/rule.js';
import { isRefusal, type Refusal } from '../../../src/domain/errors.js';
import type { ImportPreview, PreviewRow } from '../../../src/domain/import.js';
import type { PlanContext } from '../../../src/import/plan.js';
import { type ImportContext, previewImport } from '../../../src/import/preview.js';

export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** 1 December 2025, 09:00 in Hà Nội. */
export const NOW = Date.parse('2025-12-01T02:00:00Z');

export function context(more: Partial<ImportContext> = {}): ImportContext {
  return {
    directory: { units: [], groups: [] },
    choices: {},
    documentDate: null,
    now: NOW,
    calendar: OFFICE_HOURS,
    policy: DEFAULT_DEADLINE_POLICY,
    newId: (line) => `task-${line}`,
    limits: { maxBytes: 10_000_000, maxRows: 5_000 },
    ...more,
  };
}

/** The same for the reader, which makes the ids itself. */
export function planContext(): PlanContext {
  const { newId: _made, ...rest } = context();
  return { ...rest, importId: '01920000-0000-7000-8000-000000000000' };
}

export function preview(
  plan: Uint8Array | string,
  more: Partial<ImportContext> = {},
  name = 'plan.csv',
): ImportPreview {
  const bytes = typeof plan === 'string' ? new TextEncoder().encode(plan) : plan;
  const result = previewImport(bytes, name, context(more));
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
}

export function refused(
  plan: Uint8Array | string,
  more: Partial<ImportContext> = {},
  name = 'plan.csv',
): Refusal {
  const bytes = typeof plan === 'string' ? new TextEncoder().encode(plan) : plan;
  const result = previewImport(bytes, name, context(more));
  if (!isRefusal(result)) throw new Error(`not refused: ${JSON.stringify(result.summary)}`);
  return result;
}

export function rowAt(from: ImportPreview, line: number): PreviewRow {
  const row = from.rows.find((each) => each.line === line);
  if (row === undefined) throw new Error(`no row at line ${line}`);
  return row;
}

export function codes(row: PreviewRow): readonly string[] {
  return row.findings.map((finding) => finding.code);
}
