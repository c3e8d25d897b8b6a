import type { Identity } from '../../protocol/types';
import type { Subscription } from '../subscription';
import { watchAttributes } from './attributes';
import { watchForms } from './forms';
import { watchPageViews } from './page-views';

interface Needs {
  pageViews: boolean;
  attributes: boolean;
  /** An activity was seen. */
  found(event: string, payload?: unknown): void;
  /** A form said who the visitor is. */
  identified(person: Identity): void;
}

/** Reads newsletter forms. Not an activity: what a visitor asks for is done, whatever else they allow. */
export const watchSubscriptions = (subscribed: (subscription: Subscription) => void): void =>
  watchForms('data-shoptrail-subscribe', (fields, { dataset }) =>
    subscribed({
      ...fields,
      groups: dataset.shoptrailGroups?.split(',').map(name => name.trim()),
      formType: dataset.shoptrailFormType,
    }),
  );

/** Starts every source of activity that needs no call: page views, marked elements, marked forms. */
export const startCapture = ({ pageViews, attributes, found, identified }: Needs): void => {
  const viewed = attributes && watchAttributes(found);
  if (attributes) watchForms('data-shoptrail-identify', identified);
  watchPageViews(restored => {
    if (pageViews) found('pageViewed');
    if (viewed) viewed(restored);
  });
};
