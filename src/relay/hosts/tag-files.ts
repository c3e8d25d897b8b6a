import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib';
import type { Asset, Assets } from '../core/assets';

/** The tag, its parts that load later, and their source maps. */
const served = /^shoptrail(-[\w.-]+)?\.js(\.map)?$/;
/** `shoptrail-1.2.3.js` never changes. */
const versioned = /^shoptrail-\d+\.\d+\.\d+[\w.-]*\.js/;

const bytes = (buffer: Buffer) => new Uint8Array(buffer);

/** Reads the tag's files from a folder and compresses each once, at its strongest. An empty map when there are none. */
export const readTagFiles = (folder: string): Assets =>
  new Map(
    readdirSync(folder)
      .filter(name => served.test(name))
      .map((name): [string, Asset] => {
        const body = readFileSync(join(folder, name));
        return [
          name,
          {
            body: bytes(body),
            gzip: bytes(gzipSync(body, { level: 9 })),
            br: bytes(brotliCompressSync(body, { params: { [zlib.BROTLI_PARAM_SIZE_HINT]: body.length } })),
            contentType: name.endsWith('.map')
              ? 'application/json; charset=utf-8'
              : 'text/javascript; charset=utf-8',
            hash: createHash('sha256').update(body).digest('base64url').slice(0, 22),
            immutable: versioned.test(name),
          },
        ];
      }),
  );
