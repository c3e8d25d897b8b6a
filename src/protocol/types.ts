/** The words of the contract: what a shop may say, what travels to the relay, what the platform takes. */

/** Text as the shop has it. A number is taken as its decimal text, because many platforms number their products. */
export type Text = string | number;

/** An own property of a product: one text, or a list of them. Sent as a list of texts (seed 000). */
export type Property = string | number | boolean | readonly (string | number | boolean)[];

/** A product as `productViewed` and `productAddedToWishlist` take it (seed 000). */
export interface Product {
  /** The id of the product, or of its variant, as in the product feed. */
  productId: Text;
  /** Price of one item, 0 or more, in `currencyCode`. */
  price: number;
  /** 1 when it can be bought, 0 when it cannot. */
  isInStock?: 0 | 1 | boolean;
  /** Any further property: `color: ['green']`. */
  [property: string]: Property | undefined | null;
}

/** One line of the cart (seed 000). */
export interface CartProduct {
  productId: Text;
  /** How many of it, 0 or more. */
  quantity: number;
  /** Price of one item, 0 or more. */
  price: number;
  name?: string;
  category?: string;
  /** Discount on one item, as the shop writes it. */
  discount?: Text;
  [property: string]: Property | undefined | null;
}

/** The seven site events of seed 000, and what `track()` takes with each. */
export interface SiteEvents {
  /** A page was seen. Without a payload the address of the page is taken. */
  pageViewed: { page: { location: string } };
  /** A product page was seen. */
  productViewed: { product: Product; currencyCode?: string };
  /** A list of products was seen. */
  productCategoryViewed: { category: { productCategoryId: Text } };
  /** The cart changed: always the whole cart, `[]` when it was emptied. The tag fills `recycleStateId` when it is left out. */
  cartUpdated: { products: readonly CartProduct[]; currencyCode?: string; recycleStateId?: string };
  /** A recommendation block was seen; `recomVariantId` in the form `r12v34`. */
  productImpressions: { recomVariantId: string; products: readonly { productId: Text }[] };
  /** A product was put on the wish list. */
  productAddedToWishlist: { product: Product; currencyCode?: string };
  /** Something was searched for; `isFound` is 1 when the search had results, else 0. */
  searchRequest: { search: Text; isFound?: 0 | 1 | boolean };
}

/** The parameters of an event of the shop's own: any JSON data (seed 003). */
export type CustomPayload = Record<string, unknown>;

/** One parameter of a v2 event. */
export interface Param {
  name: string;
  value: unknown;
}

/** The body of `POST /v2/event` (seed 003). */
export interface V2Event {
  eventTypeKey: string;
  keyValue?: string;
  params: Param[];
}

/** Who a visitor is, normalised: every field that is present is fit to be sent. */
export interface Person {
  contactId?: string;
  externalCustomerId?: string;
  email?: string;
  phone?: string;
  pushToken?: string;
}

/** What `identify()` takes: the same fields, as the shop has them. */
export type Identity = { [Field in keyof Person]: Text | null };

/** An event that was tracked: what is kept until it is accepted. The body is made of it when it leaves. */
export interface EventRecord {
  /** Made once, at the call. The relay knows a repeat by it. */
  id: string;
  eventTypeKey: string;
  params: Param[];
  /** When it happened, in milliseconds since 1970, by the visitor's clock. */
  at: number;
  /** The anonymous id the visitor had at the call. */
  anonymousId: string;
}

/** One event on its way to the relay. */
export interface Envelope {
  id: string;
  at: number;
  /** It may have waited for the visitor to be known: when it is old, it is history. */
  held?: true;
  event: V2Event;
}

/** The body of a request from the tag to the relay. */
export interface IngestRequest {
  events: Envelope[];
  /** Ids that an earlier page may have delivered: the relay answers which of them it has. */
  have?: string[];
  /** The visitor's clock when the request left. */
  sentAt?: number;
}

/** The relay's answer. An id of `have` that it knows is among the accepted ones. */
export interface IngestAnswer {
  accepted: string[];
  rejected: { id: string; reason: string }[];
}
