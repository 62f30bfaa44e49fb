import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withTransaction } from '../../src/db/transaction.js';
import { type Files, withFiles } from '../../src/engine/file-ports.js';
import { destroyFileContent, removeContents, sweep } from '../../src/engine/files.js';
import { clamdScanner } from '../../src/files/clamd.js';
import { openFiles } from '../../src/files/open.js';
import { declaredFetch } from '../support/declared.js';
import { type FakeClamd, startFakeClamd } from '../support/fake-clamd.js';
import {
  assignmentsByUnit,
  directiveContent,
  draftTask,
  type FixturePerson,
  issuedDirective,
  makeWorkingGroup,
  moveClock,
} from '../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from './api-fixture.js';

const PDF = Buffer.from('%PDF-1.7\nbáo cáo\n%%EOF\n');
const HOUR = 3_600_000;

let folder: string;
let files: Files;
let clamd: FakeClamd;
let api: TestApi;
/** Led by the justice department, coordinated by the health department. */
let assignment: string;
/** Comes between a content and its row. */
let afterPut = async (): Promise<void> => {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dondoc-files-'));
  clamd = await startFakeClamd();
  const opened = await openFiles(
    { filesDir: folder, s3Bucket: 'unused', s3Region: 'x', clamdAddress: clamd.address },
    'incoming',
  );
  files = {
    ...opened,
    store: {
      ...opened.store,
      put: async (key, file) => {
        await opened.store.put(key, file);
        await afterPut();
      },
    },
  };
  api = await startTestApi({ wire: (engine) => withFiles(engine, files) });
  const { units } = api.group;
  const task = draftTask({ leadUnitIds: [units.justice], coordinatingUnitIds: [units.health] });
  const directive = await issuedDirective(api.engine, api.group, directiveContent([task]));
  assignment = (await assignmentsByUnit(api.engine.writer, directive)).get(units.justice) ?? '';
});
afterAll(async () => {
  await api.stop();
  await clamd.stop();
  await rm(folder, { recursive: true, force: true });
});

const token = (who: FixturePerson) => api.group.signIn(who).token;
async function upload(who: FixturePerson, content: Buffer, name: string, headers = {}): Promise<Answer> {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(content)]), name);
  return await api.call('POST', '/v1/files', { token: token(who), body, headers });
}
const get = async (who: FixturePerson, id: string) =>
  await api.call('GET', `/v1/files/${id}`, { token: token(who) });
const act = async (who: FixturePerson, path: string, body: object) =>
  await api.call('POST', path, { token: token(who), body });
/** Contents in the folder, and what is left of uploads. */
const onDisk = async (part: 'kept' | 'incoming'): Promise<string[]> =>
  (await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('a file', () => {
  test('comes back as it went in, to be saved and never shown, with its hash', async () => {
    const up = await upload('unit:justice', PDF, 'báo cáo "quý 1".pdf');
    expect(up).toMatchObject({
      status: 201,
      body: { mediaType: 'application/pdf', size: PDF.length, state: 'kept' },
    });
    expect(up.body.sha256).toBe(createHash('sha256').update(PDF).digest('hex'));
    expect(up.headers.get('location')).toBe(`/v1/files/${up.body.id}`);
    const down = await declaredFetch(`${api.url}/v1/files/${up.body.id}`, {
      headers: { authorization: `Bearer ${token('unit:justice')}` },
    });
    expect(Buffer.from(await down.arrayBuffer()).equals(PDF)).toBe(true);
    expect(down.headers.get('content-disposition')).toBe(
      `attachment; filename="bao cao _quy 1_.pdf"; filename*=UTF-8''b%C3%A1o%20c%C3%A1o%20%22qu%C3%BD%201%22.pdf`,
    );
    expect(down.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(down.headers.get('x-content-type-options')).toBe('nosniff');
    expect(down.headers.get('content-length')).toBe(String(PDF.length));
    expect(await onDisk('incoming')).toEqual([]);
  });

  test('is kept once for all that bring the same content, and one key gives one answer', async () => {
    const before = (await onDisk('kept')).length;
    const content = Buffer.concat([PDF, randomBytes(100)]);
    const headers = { 'idempotency-key': 'bring-1' };
    const [one, again, other] = [
      await upload('unit:justice', content, 'a.pdf', headers),
      await upload('unit:justice', content, 'a.pdf', headers),
      await upload('unit:health', content, 'b.pdf'),
    ];
    expect(again.body.id).toBe(one.body.id);
    expect(other.body.id).not.toBe(one.body.id);
    expect(other.body.sha256).toBe(one.body.sha256);
    expect(await onDisk('kept')).toHaveLength(before + 1);
    const changed = await upload('unit:justice', PDF, 'a.pdf', headers);
    expect(changed).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  test.each([
    ['a page called a picture', Buffer.from('<html><script>x</script></html>'), 'a.png', 415, 'unknown'],
    ['a program called a document', Buffer.from('MZ\u0090\0\u0003\0\0\0'), 'a.pdf', 415, 'unknown'],
    ['a PDF called a text', PDF, 'a.txt', 415, 'application/pdf'],
    ['nothing', Buffer.alloc(0), 'a.pdf', 415, 'empty'],
    [
      'a picture with a page’s name',
      Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'),
      'a.html',
      415,
      'image/png',
    ],
  ])('that is %s is refused by its bytes', async (_what, content, name, status, found) => {
    const answer = await upload('unit:justice', content, name);
    expect(answer).toMatchObject({ status, body: { code: 'file_type_refused', found } });
    expect(await onDisk('incoming')).toEqual([]);
  });

  test('that is over the limit is refused while it comes, and leaves nothing', async () => {
    const answer = await upload(
      'unit:justice',
      Buffer.concat([PDF, Buffer.alloc(3 * 1024 * 1024)]),
      'big.pdf',
    );
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(await onDisk('incoming')).toEqual([]);
  });

  test('that the scanner knows is refused, and none is kept while the scanner is silent', async () => {
    const harmful = await upload('unit:justice', Buffer.concat([PDF, Buffer.from('EVIL')]), 'x.pdf');
    expect(harmful).toMatchObject({ status: 422, body: { code: 'file_infected', found: 'Test.Evil' } });
    const working = files;
    files = { ...working, scanner: clamdScanner('127.0.0.1:1') };
    Object.assign(api.engine, withFiles(api.engine, files));
    const blind = await upload('unit:justice', PDF, 'x.pdf');
    expect(blind).toMatchObject({ status: 503, body: { code: 'scanner_unavailable' } });
    files = working;
    Object.assign(api.engine, withFiles(api.engine, files));
  });
});

describe('who may read a file', () => {
  test('is its own office, until an act names it; then whoever reads what it hangs on', async () => {
    const { id } = (await upload('unit:justice', PDF, 'minh chung.pdf')).body;
    for (const who of [
      'standing_agency',
      'supervisor',
      'unit:health',
      'unit:communeA',
      'home_affairs',
    ] as const) {
      expect([who, (await get(who, id)).status]).toEqual([who, 404]);
    }
    const stolen = await act('unit:health', `/v1/assignments/${assignment}/submit`, {
      text: 'x',
      evidence: [id],
    });
    expect(stolen.status).toBe(422);
    const done = await act('unit:justice', `/v1/assignments/${assignment}/submit`, {
      text: 'Đã xong',
      evidence: [id, 'xem tủ hồ sơ 3'],
    });
    expect(done.status).toBe(200);
    for (const who of ['standing_agency', 'supervisor', 'unit:health', 'unit:justice'] as const) {
      expect([who, (await get(who, id)).status]).toEqual([who, 200]);
    }
    for (const who of ['unit:communeA', 'home_affairs'] as const) {
      expect([who, (await get(who, id)).status]).toEqual([who, 404]);
    }
    const list = await api.call('GET', `/v1/assignments/${assignment}/files`, {
      token: token('unit:health'),
    });
    expect(list.body.items.map((file: { id: string }) => file.id)).toEqual([id]);
  });

  test('of an obstacle is not the coordinating unit, which does not read the obstacle', async () => {
    const { id } = (await upload('unit:justice', PDF, 'vướng mắc.pdf')).body;
    await act('unit:justice', `/v1/assignments/${assignment}/recall`, { reason: 'Nhầm' });
    const raised = await act('unit:justice', `/v1/assignments/${assignment}/obstacles`, {
      cause: 'data',
      text: 'Thiếu dữ liệu',
      files: [id],
    });
    expect(raised.status).toBe(200);
    expect((await get('standing_agency', id)).status).toBe(200);
    expect((await get('unit:health', id)).status).toBe(404);
    const event = await api.engine.writer.query<{ text: { files: string } }>(
      "select text from event where subject_id = $1 and type like 'obstacle%' order by seq desc limit 1",
      [assignment],
    );
    expect(event.rows[0]?.text.files).toBe(`${id} sha256:${createHash('sha256').update(PDF).digest('hex')}`);
  });

  test('is nobody where the id leads to nothing, and an act that names it is refused with a pointer', async () => {
    const nobody = '01890000-0000-7000-8000-000000000001';
    expect((await get('supervisor', nobody)).status).toBe(404);
    const answer = await act('unit:justice', `/v1/assignments/${assignment}/progress`, {
      text: 'x',
      files: [nobody],
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'reference_unknown' } });
    expect(answer.body.errors[0].pointer).toBe('/files/0');
  });
});

describe('letting go', () => {
  test('takes what nothing refers to, after its time, and keeps what the same content still stands for', async () => {
    const options = { unreferencedMs: 48 * HOUR, graceMs: 0, batch: 100 };
    const content = Buffer.concat([PDF, randomBytes(50)]);
    const named = (await upload('unit:justice', content, 'named.pdf')).body.id;
    await act('unit:justice', `/v1/assignments/${assignment}/progress`, { text: 'x', files: [named] });
    const loose = (await upload('unit:justice', content, 'loose.pdf')).body.id;
    const alone = (await upload('unit:justice', Buffer.concat([PDF, randomBytes(50)]), 'alone.pdf')).body;
    await sweep(api.engine, options);
    expect((await get('unit:justice', loose)).status).toBe(200);
    await moveClock(api.database, 49 * HOUR);
    await sweep(api.engine, options);
    expect(await get('unit:justice', loose)).toMatchObject({ status: 404, body: { state: 'swept' } });
    expect(await get('unit:justice', alone.id)).toMatchObject({
      status: 404,
      body: { sha256: alone.sha256 },
    });
    expect((await get('unit:justice', named)).status).toBe(200);
    expect((await onDisk('kept')).filter((name) => name.startsWith(alone.sha256))).toEqual([]);
    // What was let go can come again: it is another file under another key.
    const again = await upload('unit:justice', Buffer.concat([PDF, randomBytes(50)]), 'alone.pdf');
    expect((await get('unit:justice', again.body.id)).status).toBe(200);
  });

  test('by decision destroys the content at once, and leaves its name and hash', async () => {
    const { id, sha256 } = (await upload('unit:justice', Buffer.concat([PDF, randomBytes(9)]), 'mat.pdf'))
      .body;
    await act('unit:justice', `/v1/assignments/${assignment}/progress`, { text: 'x', files: [id] });
    await withTransaction(api.engine.writer, async (client) => await destroyFileContent(client, id));
    await removeContents(api.engine, { graceMs: HOUR, batch: 100 });
    expect(await get('unit:justice', id)).toMatchObject({
      status: 404,
      body: { state: 'destroyed', sha256 },
    });
    expect((await onDisk('kept')).filter((name) => name.startsWith(sha256))).toEqual([]);
  });

  test.each([
    ['before', true],
    ['after', false],
  ])(
    'by decision takes nothing from who brings the same: their content came %s the decision',
    async (_, early) => {
      const content = Buffer.concat([PDF, randomBytes(9)]);
      const { id } = (await upload('unit:justice', content, 'mat.pdf')).body;
      const decide = async () => {
        await withTransaction(api.engine.writer, async (client) => await destroyFileContent(client, id));
      };
      const letGo = async () => await removeContents(api.engine, { graceMs: HOUR, batch: 100 });
      if (!early) await decide();
      // Between its content and its row; of another Working Group, for which nothing was decided.
      afterPut = async () => {
        afterPut = async () => {};
        if (early) await decide();
        await letGo();
      };
      const other = (await makeWorkingGroup(api.engine.writer)).signIn('standing_agency');
      const body = new FormData();
      body.append('file', new Blob([new Uint8Array(content)]), 'cung-noi-dung.pdf');
      const brought = await api.call('POST', '/v1/files', { token: other.token, body });
      expect(brought.status).toBe(201);
      await letGo();
      const read = await api.call('GET', `/v1/files/${brought.body.id}`, { token: other.token });
      expect(read.status).toBe(200);
    },
  );

  test('empties at the next start what a crash has left on its way in', async () => {
    await writeFile(join(folder, 'incoming', 'left'), 'x');
    await openFiles({ filesDir: folder, s3Bucket: 'unused', s3Region: 'x' }, 'incoming');
    expect(await onDisk('incoming')).toEqual([]);
  });
});
