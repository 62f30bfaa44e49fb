import { isUtf8 } from 'node:buffer';
import { json, type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import type { RouteContract } from '../contracts/route.js';
import { type FieldError, isRefusal, type Refusal } from '../domain/errors.js';
import type { FileIntake, ReceivedFile } from '../engine/file-ports.js';
import { withoutGrant } from './caller.js';
import { cleanInput } from './clean.js';
import { tooLarge, unsupportedMedia } from './problem.js';
import type { RawInput, Received, Upload } from './route.js';
import { invalid } from './validation.js';

export interface BodyLimits {
  readonly jsonBytes: number;
  readonly uploadBytes: number;
  /** Of a file that is taken to disk. */
  readonly fileBytes: number;
}

/** Reads the body as the route expects it, and gives all parts of the request in NFC. */
export type InputReader = (route: RouteContract, req: Request, res: Response) => Promise<RawInput | Refusal>;

export function inputReader(limits: BodyLimits, intake: () => FileIntake): InputReader {
  const readJson = json({
    limit: limits.jsonBytes,
    // The media type is checked before, so that a wrong one is told apart from a missing body.
    type: () => true,
    verify: (_req, _res, bytes) => {
      if (!isUtf8(bytes)) throw new Error('The body is not UTF-8');
    },
  });
  // A plan sent as JSON may be as large as one sent as a file.
  const readPlan = json({ limit: limits.uploadBytes, type: () => true });
  const form = (storage: multer.StorageEngine, fileSize: number): RequestHandler =>
    multer({
      storage,
      limits: { files: 1, fileSize, fields: 20, fieldSize: 64 * 1024, parts: 24 },
      defParamCharset: 'utf8',
    }).single('file');
  const toMemory = form(multer.memoryStorage(), limits.uploadBytes);
  const disk = diskStorage(intake);
  const toDisk = form(disk.storage, limits.fileBytes);

  return async (route, req, res) => {
    if (route.upload === 'memory' && route.jsonToo === true && isJson(req)) {
      await run(readPlan, req, res);
      return clean(req, req.body);
    }
    if (route.upload === 'memory') {
      const refusal = await formRefusal(toMemory, limits.uploadBytes, req, res);
      if (refusal !== null) return refusal;
      const { file } = req;
      if (file === undefined) return fileMissing();
      return clean(req, req.body, { file: { name: file.originalname, bytes: file.buffer } });
    }
    if (route.upload === 'disk') {
      const refusal = await formRefusal(toDisk, limits.fileBytes, req, res);
      if (refusal !== null) return refusal;
      const content = req.file === undefined ? undefined : disk.take(req.file);
      if (req.file === undefined || content === undefined) return fileMissing();
      const input = clean(req, req.body, { received: { ...content, name: req.file.originalname } });
      if (isRefusal(input)) await intake().discard(content);
      return input;
    }
    if (route.method === 'get' || !hasBody(req)) return clean(req, {});
    if (req.is('application/json') === false) return unsupportedMedia('application/json');
    await run(readJson, req, res);
    return clean(req, req.body);
  };
}

const isJson = (req: Request): boolean => typeof req.is('application/json') === 'string';

/** The JSON body where there is none: commands without fields may leave it out. */
function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;
}

/** Takes the form; what is wrong with it, or null. */
async function formRefusal(
  readForm: RequestHandler,
  mostBytes: number,
  req: Request,
  res: Response,
): Promise<Refusal | null> {
  if (!req.is('multipart/form-data')) return unsupportedMedia('multipart/form-data');
  try {
    await run(readForm, req, res);
    return null;
  } catch (error) {
    return uploadRefusal(error, mostBytes);
  }
}

function fileMissing(): Refusal {
  return invalid([
    {
      pointer: '/file',
      code: 'required',
      detail: { vi: 'Thiếu tệp trong trường «file».', en: 'The file is missing; its field is "file".' },
    },
  ]);
}

/** Multer's way to a file on disk, by the intake of the process; what it made of each is found by its path. */
function diskStorage(intake: () => FileIntake) {
  const taken = new Map<string, ReceivedFile>();
  const take = (file: Express.Multer.File): ReceivedFile | undefined => {
    const content = taken.get(file.path);
    taken.delete(file.path);
    return content;
  };
  const storage: multer.StorageEngine = {
    _handleFile: (_req, file, done) => {
      intake()
        .receive(file.stream)
        .then(
          (content) => {
            taken.set(content.path, content);
            done(null, { path: content.path, size: content.size });
          },
          (error: unknown) => done(error),
        );
    },
    // Called where the form turned out too large or broken after the file.
    _removeFile: (_req, file, done) => {
      const content = take(file);
      if (content === undefined) done(null);
      else
        intake()
          .discard(content)
          .then(() => done(null), done);
    },
  };
  return { storage, take };
}

/** Multer names what was too much by a code; anything else it says is a form that cannot be read. */
function uploadRefusal(error: unknown, mostBytes: number): Refusal {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'LIMIT_FILE_SIZE') return tooLarge(mostBytes);
  // A fault of the disk is not the caller's form.
  if (typeof code === 'string' && !code.startsWith('LIMIT_')) throw error;
  return invalid([
    {
      pointer: '/file',
      code: 'unreadable_form',
      detail: {
        vi: 'Biểu mẫu multipart không đọc được; chỉ gửi một tệp, trong trường «file».',
        en: 'The multipart form cannot be read; send one file, in the field "file".',
      },
    },
  ]);
}

function clean(
  req: Request,
  body: unknown,
  came: { readonly file?: Upload; readonly received?: Received } = {},
): RawInput | Refusal {
  const errors: FieldError[] = [];
  const named = <F extends { readonly name: string }>(file: F | undefined): F | null =>
    file === undefined ? null : { ...file, name: String(cleanInput(file.name, '/file', errors)) };
  const input: RawInput = {
    params: cleanInput(req.params, '/path', errors),
    query: cleanInput(withoutGrant(req), '/query', errors),
    body: cleanInput(body ?? {}, '', errors),
    file: named(came.file),
    received: named(came.received),
  };
  return errors.length === 0 ? input : invalid(errors);
}

/** A middleware as a promise. */
async function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown): void => {
      if (error === undefined || error === null) resolve();
      else reject(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
    };
    void middleware(req, res, next);
  });
}
