/** Where a text was found, and which. */
export interface Trace {
  where: string;
  what: string;
  /** What stands around it. */
  text: string;
}

const decode = (text: string) =>
  text
    .replace(/(%[\da-f]{2})+/gi, coded => Buffer.from(coded.replaceAll('%', ''), 'hex').toString())
    .replace(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/&#x?([\da-f]+);/gi, (coded, code) =>
      String.fromCharCode(Number.parseInt(code, coded[2] === 'x' ? 16 : 10)),
    );

/** The base64 of a text as it stands inside that of a longer one, without the characters that its neighbours touch. */
const base64s = (text: string) =>
  [0, 1, 2].map(before => {
    const bytes = Buffer.from(' '.repeat(before) + text);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    return whole.slice(before ? 4 : 0);
  });

/** How a text is compared: without case, and a second time without what people write between digits. */
const forms = (text: string) => {
  const lower = text.toLowerCase();
  return [lower, lower.replace(/(?<=\d)[\s().-]+(?=\d)/g, '')];
};

/**
 * Looks for what nobody should find: as it is, in any case, percent-encoded (twice, too), escaped as in JSON or HTML, and
 * in base64 of either alphabet.
 */
export const tracesOf = (secrets: string[]) => {
  const coded = secrets.map(what => ({
    what,
    plain: what.toLowerCase(),
    base64: [what, what.toLowerCase(), what.toUpperCase()].flatMap(base64s),
  }));
  return (where: string, texts: string[]): Trace[] =>
    texts.flatMap(text => {
      const decoded = [text, decode(text), decode(decode(text))];
      const readable = decoded.flatMap(forms);
      const standard = decoded.map(each => each.replaceAll('-', '+').replaceAll('_', '/'));
      return coded
        .filter(
          ({ plain, base64 }) =>
            readable.some(each => each.includes(plain)) ||
            base64.some(part => standard.some(each => each.includes(part))),
        )
        .map(({ what }) => ({ where, what, text: text.slice(0, 300) }));
    });
};
