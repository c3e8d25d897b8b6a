interface Needs {
  /** Has the relay write the cookie once more; answers, when that has come to an end, whether the visitor still allows it. */
  ask(value: string, domain: string): Promise<boolean>;
  read(): string | undefined;
  write(value: string): unknown;
}

/**
 * Has the relay renew what this page has written into the visitor's cookie. The answer sets the cookie to what was asked
 * for, also when another person has come meanwhile: so one request at a time, and what is newer is written again at once.
 */
export const createRenewal = ({ ask, read, write }: Needs) => {
  let latest: { value: string; domain: string } | undefined;

  return async (value: string, domain: string): Promise<void> => {
    const isAsking = !!latest;
    latest = { value, domain };
    if (isAsking) return;
    for (let asked: typeof latest | undefined; asked !== latest; ) {
      asked = latest;
      if (!(await ask(asked.value, asked.domain))) break;
      if (latest !== asked && read() === asked.value) write(latest.value);
    }
    latest = undefined;
  };
};
