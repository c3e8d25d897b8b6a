/** What a visitor typed into a form, by field name. */
export type Fields = Record<string, string>;

/** What is wrong with a form, by field name, in words for the visitor. */
export type Problems = Record<string, string>;

/** Text fields of a posted body, trimmed and cut to 300 characters; files and repeats are left out. */
export function readFields(body: Record<string, unknown>): Fields {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.trim().slice(0, 300)] as const] : [],
    ),
  );
}

/** True for something that looks like an address. Does not ask whether the mailbox exists. */
export function isEmail(text: string): boolean {
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text);
}

/**
 * A phone number in international format without spaces (`+353 1 234 5678` becomes `+35312345678`), or
 * undefined. The platform asks for the international format (seed 003).
 */
export function internationalPhone(text: string): string | undefined {
  const bare = text.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : undefined;
}

/**
 * A path of this shop that a form asked to return to, or `fallback`. Anything that could lead to another
 * site (`//evil.example`, `/\evil.example`, a full address) becomes the fallback.
 */
export function localPath(text: string | undefined, fallback: string): string {
  const here = 'http://shop.invalid';
  if (!text?.startsWith('/') || !URL.canParse(text, here)) return fallback;
  const url = new URL(text, here);
  return url.origin === here ? url.pathname + url.search : fallback;
}
