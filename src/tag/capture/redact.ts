/** Parameters whose name has one of these in it, whatever stands around. */
const ANYWHERE = 'e-?mail|phone|passw(?:or)?d|token|secret|signature';

/** Parameters that are called so, alone or as the last part of a longer name: `key`, `order_key`, `user[login]`. */
const ALONE =
  'mail|tel|mobile|msisdn|pass|pwd|auth|authorization|code|otp|pin|(?:api_?)?key|session(?:_?id)?|sid|jwt|sig|login|user(?:_?name)?|(?:first|last|full|sur)_?name|address|street|birthday|dob|iban';

/** An e-mail address, a JSON Web Token, an international phone number; wherever they stand, the path included. */
const SHAPES =
  /[^\s/?&#=;:"]+(?:@|%40)[^\s/?&#=;:"@]+\.[a-z]{2,}|eyJ[\w-]+\.[\w-]+\.[\w-]*|(?:\+|%2B)\d{9,15}(?!\d)/gi;

/**
 * Takes addresses and secrets out of URLs: the values of parameters by their name, and anything by its shape.
 *
 * @param more further names of parameters
 */
export const createRedact = (more: readonly string[]) => {
  let named: RegExp | undefined;

  return (text: string): string => {
    // Only when the first URL is to be sent: building it is not for nothing.
    named ??= RegExp(
      `([?&#;](?:[^=&#;?"]*(?:${ANYWHERE})[^=&#;?"]*|(?:[^=&#;?"]*(?:[^a-z=&#;?"]|%5b))?(?:${[
        ALONE,
        ...more.map(name => name.replace(/[^\w-]/g, '\\$&')),
      ].join('|')})(?:\\]|%5d)?)=)[^&#;"]+`,
      'gi',
    );
    return text.replace(named, '$1redacted').replace(SHAPES, 'redacted');
  };
};
