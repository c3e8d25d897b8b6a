const digest = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** Whether the request carries `Authorization: Bearer <token>`, compared in constant time (over digests of one length). */
export const hasBearer = async (headers: Headers, token: string): Promise<boolean> => {
  const given = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const [wanted, got] = await Promise.all([digest(token), digest(given ?? '')]);
  return wanted.reduce((difference, byte, at) => difference | (byte ^ got[at]!), 0) === 0;
};
