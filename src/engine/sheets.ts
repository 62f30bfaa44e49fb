import type { DeadlineFeed } from '../domain/deadline-feed.js';
import type { PlanTemplate } from '../domain/plan-template.js';
import type { Sheet, SheetFormat } from '../domain/sheet.js';
import type { Engine } from './engine.js';

/** Who makes files of tables; the program lives in src/documents, which the engine does not know. */
export interface SheetWriter {
  /** As it is made, at the pace of whoever takes it. */
  write(format: SheetFormat, sheet: Sheet): AsyncIterable<Uint8Array | string>;
  /** Deadlines as iCalendar. */
  calendar(feed: DeadlineFeed): AsyncIterable<string>;
  /** The form in which plans are filled in. */
  template(format: SheetFormat, template: PlanTemplate): AsyncIterable<Uint8Array | string>;
}

const WRITER = Symbol('sheet writer');

/** The engine together with a writer of tables: processes wire it, exports ask for it. */
export function withSheetWriter<E extends Engine>(engine: E, writer: SheetWriter): E {
  return { ...engine, [WRITER]: writer };
}

/** @throws where the process was wired without a writer */
export function sheetWriterOf(engine: Engine): SheetWriter {
  if (hasWriter(engine)) return engine[WRITER];
  throw new Error('This process was wired without a writer of tables');
}

function hasWriter(engine: Engine): engine is Engine & { readonly [WRITER]: SheetWriter } {
  return WRITER in engine;
}
