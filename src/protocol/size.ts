let encoder: TextEncoder | undefined;

/** Length of a text in UTF-8 bytes: what the platform's limit of 20 kilobytes is measured in (seed 003). */
export const byteLength = (text: string): number => {
  // Made when it is needed: the script that defines it holds up the page.
  encoder ??= new TextEncoder();
  return encoder.encode(text).length;
};
