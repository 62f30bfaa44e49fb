import { isUtf8 } from 'node:buffer';
import { json, type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import type { RouteContract } from '../contracts/route.js';
import type { FieldError, Refusal } from '../domain/errors.js';
import { cleanInput } from './clean.js';
import { tooLarge, unsupportedMedia } from './problem.js';
import type { RawInput, Upload } from './route.js';
import { invalid } from './validation.js';

export interface BodyLimits {
  readonly jsonBytes: number;
  readonly uploadBytes: number;
}

/** Reads the body as the route expects it, and gives all parts of the request in NFC. */
export type InputReader = (route: RouteContract, req: Request, res: Response) => Promise<RawInput | Refusal>;

export function inputReader(limits: BodyLimits): InputReader {
  const readJson = json({
    limit: limits.jsonBytes,
    // The media type is checked before, so that a wrong one is told apart from a missing body.
    type: () => true,
    verify: (_req, _res, bytes) => {
      if (!isUtf8(bytes)) throw new Error('The body is not UTF-8');
    },
  });
  const readUpload = multer({
    storage: multer.memoryStorage(),
    limits: { files: 1, fileSize: limits.uploadBytes, fields: 20, fieldSize: 64 * 1024, parts: 24 },
    defParamCharset: 'utf8',
  }).single('file');

  return async (route, req, res) => {
    if (route.upload === true) return await uploaded(readUpload, limits, req, res);
    if (route.method === 'get' || !hasBody(req)) return clean(req, {}, null);
    if (req.is('application/json') === false) return unsupportedMedia('application/json');
    await run(readJson, req, res);
    return clean(req, req.body, null);
  };
}

/** The JSON body where there is none: commands without fields may leave it out. */
function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;
}

async function uploaded(
  readUpload: RequestHandler,
  limits: BodyLimits,
  req: Request,
  res: Response,
): Promise<RawInput | Refusal> {
  if (!req.is('multipart/form-data')) return unsupportedMedia('multipart/form-data');
  try {
    await run(readUpload, req, res);
  } catch (error) {
    return uploadRefusal(error, limits);
  }
  if (req.file !== undefined)
    return clean(req, req.body, { name: req.file.originalname, bytes: req.file.buffer });
  return invalid([
    {
      pointer: '/file',
      code: 'required',
      detail: { vi: 'Thiếu tệp trong trường «file».', en: 'The file is missing; its field is "file".' },
    },
  ]);
}

/** Multer names what was too much by a code; anything else it says is a form that cannot be read. */
function uploadRefusal(error: unknown, limits: BodyLimits): Refusal {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'LIMIT_FILE_SIZE') return tooLarge(limits.uploadBytes);
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

function clean(req: Request, body: unknown, file: Upload | null): RawInput | Refusal {
  const errors: FieldError[] = [];
  const input: RawInput = {
    params: cleanInput(req.params, '/path', errors),
    query: cleanInput(req.query, '/query', errors),
    body: cleanInput(body ?? {}, '', errors),
    file: file === null ? null : { ...file, name: String(cleanInput(file.name, '/file', errors)) },
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
