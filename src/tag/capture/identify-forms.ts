import type { Identity } from '../../protocol/types';

const MARK = 'data-shoptrail-identify';

/** What the type of a field says about its content. */
const byType: Record<string, keyof Identity> = { email: 'email', tel: 'phone' };

/**
 * Reads who the visitor is from forms marked with `data-shoptrail-identify` when they are sent: fields of type email and
 * tel, and any field whose own mark says what it is (`data-shoptrail-identify="externalCustomerId"`). Passwords and
 * payment fields are never read, whatever their mark says.
 */
export const watchIdentifyForms = (found: (person: Identity) => void): void => {
  addEventListener(
    'submit',
    ({ target }) => {
      const form = target as HTMLFormElement;
      if (!form.hasAttribute(MARK)) return;
      const person: Identity = {};
      for (const field of Array.from(form.elements) as HTMLInputElement[]) {
        const name = (field.getAttribute(MARK) || byType[field.type]) as keyof Identity | undefined;
        const secret = field.type === 'password' || /\bcc-/.test(field.autocomplete);
        if (name && field.value && !secret) person[name] = field.value;
      }
      found(person);
    },
    { capture: true, passive: true },
  );
};
