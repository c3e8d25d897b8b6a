/** What the type of a field says about its content. */
const byType: Record<string, string> = { email: 'email', tel: 'phone' };

/**
 * Reads forms that carry a mark when they are sent: fields of type email and tel, and any field whose own mark says what
 * it is (`data-shoptrail-identify="externalCustomerId"`). Passwords and payment fields are never read, whatever their
 * mark says.
 */
export const watchForms = (
  mark: string,
  found: (fields: Record<string, string>, form: HTMLFormElement) => void,
): void => {
  addEventListener(
    'submit',
    ({ target }) => {
      const form = target as HTMLFormElement;
      if (!form.hasAttribute(mark)) return;
      const fields: Record<string, string> = {};
      for (const field of Array.from(form.elements) as HTMLInputElement[]) {
        const name = field.getAttribute(mark) || byType[field.type];
        const secret = field.type === 'password' || /\bcc-/.test(field.autocomplete);
        const empty = !field.value || (/^(checkbox|radio)$/.test(field.type) && !field.checked);
        if (name && !empty && !secret) fields[name] = field.value;
      }
      found(fields, form);
    },
    true,
  );
};
