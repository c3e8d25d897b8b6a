import type { Context } from 'hono';

/** A file that the relay serves, in the encodings it was prepared in. */
export interface Asset {
  body: Uint8Array<ArrayBuffer>;
  gzip?: Uint8Array<ArrayBuffer>;
  br?: Uint8Array<ArrayBuffer>;
  contentType: string;
  /** Changes whenever the content does; without quotes. */
  hash: string;
  /** True when its name carries its version, so that it never changes. */
  immutable: boolean;
}

/** The files by name: `shoptrail.js`. */
export type Assets = ReadonlyMap<string, Asset>;

const accepts = (header: string, encoding: string): boolean =>
  header.split(',').some(part => {
    const [name, ...parameters] = part.split(';').map(text => text.trim().toLowerCase());
    return name === encoding && !parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter));
  });

/** Answers with an asset: compressed where the browser takes it, 304 where it has it. */
export const serveAsset = (c: Context, asset: Asset): Response => {
  const accepted = c.req.header('accept-encoding') ?? '';
  const encoding = (['br', 'gzip'] as const).find(name => asset[name] && accepts(accepted, name));
  // One tag for each encoding: they are different bytes (RFC 9110 section 8.8.3.3).
  const etag = `"${asset.hash}${encoding ? `-${encoding}` : ''}"`;
  const headers: Record<string, string> = {
    'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    etag,
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    // A shop may load it from another host, with `integrity`, or from a page that isolates itself.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  };
  const known = c.req
    .header('if-none-match')
    ?.split(',')
    .map(tag => tag.trim().replace(/^W\//, ''));
  if (known?.includes(etag)) return c.body(null, 304, headers);
  headers['content-type'] = asset.contentType;
  if (encoding) headers['content-encoding'] = encoding;
  return c.body((encoding && asset[encoding]) || asset.body, 200, headers);
};
