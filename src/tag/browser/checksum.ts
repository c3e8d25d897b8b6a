/** A short checksum of a text (FNV-1a, base 36): to know something again by, not to keep it secret. */
export const checksum = (text: string): string => {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(36);
};
