/** JSON as coloured, escaped HTML. */
import { html, raw } from 'hono/html';

type Html = ReturnType<typeof raw>;

const STEP = '  ';

/** A value, pretty-printed over several lines, for a `<pre>`. */
export function jsonView(value: unknown): Html {
  return raw(paint(value, ''));
}

function paint(value: unknown, indent: string): string {
  if (typeof value === 'string') return token('str', JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return token('lit', String(value));
  const inner = indent + STEP;
  const isList = Array.isArray(value);
  const items = isList
    ? value.map(item => inner + paint(item, inner))
    : Object.entries(value).map(
        ([name, item]) => `${inner}${token('key', JSON.stringify(name))}: ${paint(item, inner)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

function token(kind: string, text: string): string {
  return String(html`<span class="${kind}">${text}</span>`);
}
