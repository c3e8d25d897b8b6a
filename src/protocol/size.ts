const encoder = new TextEncoder();

/** Length of a text in UTF-8 bytes: what the platform's limit of 20 kilobytes is measured in (seed 003). */
export const byteLength = (text: string): number => encoder.encode(text).length;
