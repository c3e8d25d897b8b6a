import { checksum } from '../browser/checksum';
import { uuid } from '../browser/uuid';

/** What the cart needs of its cookie. */
interface Jar {
  read(): string | undefined;
  write(value: string): void;
  remove(): void;
}

/**
 * The `recycleStateId` that ties cart events to the purchase (seed 000): it lives as long as one cart, in a cookie that
 * is there only while there is a cart, so that the shop's server can put it on the order.
 */
export const createCart = (jar: Jar) => {
  /** Where cookies are refused, the cart is known for as long as the page. */
  let unkept: string | undefined;
  const read = () => (jar.read() ?? unkept ?? '').split('|');

  return {
    /** The id of the cart there is, or one for the cart that begins. */
    id(): string {
      try {
        return decodeURIComponent(read()[0]!) || uuid();
      } catch {
        return uuid();
      }
    },

    /** Whether a cart (JSON text) differs from the one last sent. No cart, and none before, is no change. */
    isNews(products: string): boolean {
      const [id, sum] = read();
      return products === '[]' ? !!id : sum !== checksum(products);
    },

    /** This cart goes out under this id. The cookie goes with the last line, after the event that says so. */
    sent(id: string, products: string): void {
      unkept = products === '[]' ? undefined : `${encodeURIComponent(id)}|${checksum(products)}`;
      if (unkept) jar.write(unkept);
      else jar.remove();
    },

    /** Another person is here: the next cart is another one. */
    forget(): void {
      unkept = undefined;
      jar.remove();
    },
  };
};
