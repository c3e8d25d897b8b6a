/** The shared vectors, judged by the sandbox: it must agree with the documents, not with the code under test. */
import { describe, expect, it } from 'vitest';
import body from '../../contract/vectors/body.json' with { type: 'json' };
import siteEvents from '../../contract/vectors/site-events.json' with { type: 'json' };
import { sandbox } from './support';

interface Case {
  name: string;
  body: unknown;
  valid: boolean;
  make?: { paramName: string; totalBytes: number; char: string };
}

/** Appends the param that fills the body to exactly the wanted number of bytes. */
function made({ body, make }: Case): unknown {
  if (!make) return body;
  const event = body as { params: object[] };
  const fill = (value: string) => ({ ...event, params: [...event.params, { name: make.paramName, value }] });
  const room = make.totalBytes - Buffer.byteLength(JSON.stringify(fill('')));
  const width = Buffer.byteLength(make.char);
  return fill(make.char.repeat(Math.floor(room / width)) + 'a'.repeat(room % width));
}

describe.each([
  ['body', body as Case[]],
  ['site-events', siteEvents as Case[]],
])('the vectors %s', (_, cases) => {
  it.each(cases)('$name', async vector => {
    const { status, text } = await sandbox().send(JSON.stringify(made(vector)));
    expect({ status, text }).toEqual(
      vector.valid ? { status: 200, text: '' } : { status: 400, text: expect.stringMatching(/\S/) },
    );
  });
});
