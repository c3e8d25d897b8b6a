import { describe, expect, it } from 'vitest';
import { attributes, visitor } from './visitor';

describe('the newsletter form', () => {
  it('is on every page, once, marked for the tag with its groups and its type', async () => {
    const { page } = visitor();
    for (const path of ['/', '/product/tall-mug', '/sign-in', '/no-such-page']) {
      const forms = (await page(path)).match(/<form [^>]*data-newsletter.*?<\/form>/gs)!;
      expect(forms, path).toHaveLength(1);
      const [form] = forms as [string];
      expect(form).toMatch(/^<form [^>]*method="post" action="\/newsletter"[^>]* data-shoptrail-subscribe /);
      expect(attributes(form, 'data-shoptrail-groups')).toEqual(['Newsletter,Glaze notes']);
      expect(attributes(form, 'data-shoptrail-form-type')).toEqual(['footer']);
      expect(form).toMatch(/<input [^>]*type="email"[^>]* required/);
      expect(form).toMatch(/<input [^>]*name="firstName"[^>]* data-shoptrail-subscribe="firstName"/);
    }
  });

  it('says on its own page that nothing was sent when no script took it', async () => {
    const shop = visitor();
    const answer = await shop.post('/newsletter', { email: 'ada@example.com', firstName: 'Ada' });
    expect(answer.status).toBe(501);
    const page = await answer.text();
    expect(page).toContain('You are not on the list yet');
    expect(page).toContain('Nothing was sent');
    expect(page).not.toContain('ada@example.com');
    expect(shop.cookie()).toBe('');
  });
});
