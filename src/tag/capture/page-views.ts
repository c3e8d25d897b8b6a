import { onRestore, whenActivated } from '../browser/lifecycle';

/** The address as far as it names a page: anchors on a page do not, the routes of a hash router (`#/cart`) do. */
const page = () => {
  const [path, route] = document.URL.split('#');
  return route && '!/'.includes(route[0]!) ? `${path}#${route}` : path!;
};

/**
 * Tells each view of a page: the first load (a prerendered page when it is opened), a soft navigation, a return from
 * the back/forward cache. The shop's `history` is not touched: where there is no Navigation API (WebKit) the address is
 * compared after whatever may have changed it. An address that is only replaced (a chosen variant, a filter) is no new
 * page.
 */
export const watchPageViews = (seen: (restored: boolean) => void): void => {
  const { navigation } = self as { navigation?: EventTarget };
  let current: string;
  let entries: number;

  const view = (restored = false) => {
    current = page();
    if (!navigation) entries = history.length;
    seen(restored);
  };

  const compare = (entered: unknown) => {
    if (page() === current) return;
    if (entered) view();
    else current = page();
  };

  whenActivated(() => view());
  onRestore(() => view(true));

  if (navigation) {
    navigation.addEventListener('currententrychange', event => {
      const { navigationType } = event as Event & { navigationType?: string };
      compare(navigationType && navigationType !== 'replace');
    });
    return;
  }
  addEventListener('popstate', compare);
  addEventListener('hashchange', compare);
  // A full history (50 entries, in WebKit 100) counts no further.
  const later = () => setTimeout(() => compare(history.length !== entries || entries > 49), 300);
  for (const type of ['click', 'submit', 'keyup']) addEventListener(type, later, true);
};
