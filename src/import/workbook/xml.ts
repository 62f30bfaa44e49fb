import { SaxesParser } from 'saxes';
import type { Sink } from './archive.js';
import { Unfit, unreadable } from './refusals.js';

export type Attributes = Readonly<Record<string, string>>;

export interface XmlHandlers {
  open?(name: string, attributes: Attributes): void;
  /** All of the text between two tags. */
  text?(text: string): void;
  close?(name: string): void;
  /** Whether enough has been read. */
  done?(): boolean;
}

/** Spreadsheets nest about ten deep. */
const DEEPEST = 100;

/** Of one element; spreadsheets have some ten. They are collected before the element is told of. */
const MOST_ATTRIBUTES = 200;

/** `x:row` is `row`: writers choose prefixes as they like, and no two names here differ by theirs. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads XML as it comes. A document type is refused, so nothing is ever expanded or fetched.
 * @throws {Unfit} from the sink, where it is not well formed
 */
export function xmlSink(handlers: XmlHandlers): Sink {
  const parser = new SaxesParser();
  let depth = 0;
  parser.on('doctype', () => {
    throw new Unfit(unreadable('damaged'));
  });
  let attributes = 0;
  parser.on('opentagstart', () => {
    attributes = 0;
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > MOST_ATTRIBUTES) throw new Unfit(unreadable('damaged'));
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > DEEPEST) throw new Unfit(unreadable('damaged'));
    handlers.open?.(local(tag.name), tag.attributes);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close?.(local(tag.name));
  });
  const text = (said: string): void => handlers.text?.(said);
  parser.on('text', text);
  parser.on('cdata', text);
  return (chunk) => {
    parser.write(chunk);
    return handlers.done?.() !== true;
  };
}

/** An attribute by its local name: `r:id` may be called `d3p1:id`. */
export function attribute(attributes: Attributes, name: string): string | null {
  const own = attributes[name];
  if (own !== undefined) return own;
  const found = Object.keys(attributes).find((key) => local(key) === name);
  return found === undefined ? null : (attributes[found] ?? null);
}

export const isOn = (value: string | null): boolean => value === '1' || value === 'true' || value === 'on';

/** Excel writes characters that XML cannot carry as `_x000D_`. */
export const unescaped = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
