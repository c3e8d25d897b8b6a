/**
 * A random UUID (version 4). `crypto.randomUUID` exists only in secure contexts, and shops on plain http need ids too:
 * https://developer.mozilla.org/docs/Web/API/Crypto/randomUUID
 */
export const uuid = (): string =>
  crypto.randomUUID?.() ??
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, digit =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0]! & (15 >> (+digit / 4)))).toString(16),
  );

/** Whether a text is a UUID as this tag makes them. */
export const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
