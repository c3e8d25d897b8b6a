import { cookie } from './cookies';
import { names } from './names';

const attempt = (work: () => void) => {
  try {
    work();
  } catch {}
};

/**
 * Removes everything that the tag may ever have kept in this browser, by whichever page or tab. Looking for it leaves
 * nothing behind.
 */
export const sweep = (): void => {
  for (const name of [names.visitor, names.cart]) {
    const { read, remove } = cookie(name);
    if (read() !== undefined) remove();
  }
  attempt(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(names.journal)) localStorage.removeItem(key);
    }
  });
  attempt(() => sessionStorage.removeItem(names.hold));
  // Other tabs close their connections when they are told of it; the browser waits for that.
  attempt(() => indexedDB.deleteDatabase(names.database));
};

/** How often, each second, a late answer is looked for: as long as one may come. */
const LOOKS = 30;

/**
 * Sweeps away what comes back: a browser does not take back a keepalive request, whose answer may still set the cookie.
 *
 * @param isUnwanted whether the visitor still allows nothing
 */
export const keepSwept = (isUnwanted: () => boolean, looks = LOOKS): void => {
  if (!looks || !isUnwanted()) return;
  if (cookie(names.visitor).read()) sweep();
  setTimeout(keepSwept, 1000, isUnwanted, looks - 1);
};
