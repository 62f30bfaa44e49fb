import type { Refusal } from '../../domain/errors.js';
import { Archive, partKey } from './archive.js';
import type { Book, BookSheet } from './book.js';
import type { WorkbookLimits } from './limits.js';
import { readDrawings, readFormats, readSharedStrings, workbookParts } from './parts.js';
import { tooLarge, Unfit, unreadable } from './refusals.js';
import { readSheet, type SheetContext } from './sheet.js';

/**
 * The bytes of an .xlsx file to its cells, or why not. It holds no more than the limits allow, whatever the file
 * says of itself; it is run in a thread of its own all the same.
 */
export async function readBook(bytes: Uint8Array, limits: WorkbookLimits): Promise<Book | Refusal> {
  try {
    const archive = await Archive.open(bytes, limits);
    await refuseOthers(archive);
    const parts = await workbookParts(archive, limits);
    if (parts.sheets.length === 0) throw new Unfit(unreadable('no_sheet'));
    const { sharedStrings } = parts;
    archive.refuseTooLong([
      ...parts.sheets.map(({ part }) => part),
      ...(sharedStrings === null ? [] : [sharedStrings]),
    ]);
    const context: SheetContext = {
      limits,
      strings: await readSharedStrings(archive, sharedStrings, limits),
      formats: await readFormats(archive, parts.styles),
      from1904: parts.from1904,
      spent: { cells: 0, characters: 0 },
    };
    const sheets: BookSheet[] = [];
    const asides: string[] = [];
    for (const part of parts.sheets) {
      const read = await readSheet(archive, part, context);
      sheets.push(read.sheet);
      asides.push(...read.asides);
    }
    return { sheets, asides: [...asides, ...(await readDrawings(archive))] };
  } catch (error) {
    if (error instanceof Unfit) return error.refusal;
    if (error instanceof RangeError) return tooLarge('memory');
    throw error;
  }
}

const EXTERNAL = /^xl\/(externallinks\/|connections\.xml$)/;
const MACROS = /(^|\/)vbaproject\.bin$|^xl\/(macrosheets|activex)\//;

/** Other packages of Office, and workbooks that are more than cells, by what their parts are called. */
async function refuseOthers(archive: Archive): Promise<void> {
  const { names } = archive;
  const some = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (names.includes('mimetype') && names.includes('content.xml'))
    throw new Unfit(unreadable('open_document'));
  const types = partKey('[Content_Types].xml');
  if (!names.includes(types)) throw new Unfit(unreadable('not_a_workbook'));
  if (some(MACROS)) throw new Unfit(unreadable('macros'));
  if (some(/^xl\/workbook\.bin$/)) throw new Unfit(unreadable('binary_workbook'));
  if (some(/^(word|ppt)\//)) throw new Unfit(unreadable('other_office'));
  if (!some(/\.xml$/) || !some(/^_rels\/\.rels$/)) throw new Unfit(unreadable('not_a_workbook'));
  let said = '';
  await archive.read(types, (text) => {
    said += text;
    return said.length < 1_000_000;
  });
  if (/macroEnabled|vbaProject/i.test(said)) throw new Unfit(unreadable('macros'));
  if (some(EXTERNAL)) throw new Unfit(unreadable('external_links'));
}
