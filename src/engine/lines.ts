import type { Engine } from './engine.js';
import type { LineWriter } from './ports.js';

const WRITER = Symbol('line writer');

/** The engine together with the words of messages, which live in src/mail: processes wire it, reads ask for it. */
export function withLineWriter<E extends Engine>(engine: E, writer: LineWriter): E {
  return { ...engine, [WRITER]: writer };
}

/** @throws where the process was wired without one */
export function lineWriterOf(engine: Engine): LineWriter {
  if (hasWriter(engine)) return engine[WRITER];
  throw new Error('This process was wired without the words of messages');
}

function hasWriter(engine: Engine): engine is Engine & { readonly [WRITER]: LineWriter } {
  return WRITER in engine;
}
