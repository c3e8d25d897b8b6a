import { CONSENT_COOKIE, CONSENT_SECONDS } from '../consent';

/**
 * The part of /assets/shop.js that answers the consent banner in place, opens it again, and tells the tag. Uses `find`
 * and `say` of script.ts.
 */
export const consentScript = `
  const banner = find('#consent');
  let opener;
  let posting;

  function openBanner(by) {
    opener = by;
    banner.hidden = false;
    banner.focus();
  }

  // To where the visitor came from, or to where the page begins: never to nowhere.
  function closeBanner() {
    const at = document.activeElement;
    const isFocusMine = banner.contains(at) || at === document.body;
    banner.hidden = true;
    if (isFocusMine) (opener ?? find('#main')).focus({ preventScroll: true });
    opener = undefined;
  }

  // At once, for the next page may be asked for now; and by the server, because Safari drops what a script has kept
  // after seven days.
  function keepAnswer(answer) {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = '${CONSENT_COOKIE}=' + answer + '; Max-Age=${CONSENT_SECONDS}; Path=/; SameSite=Lax' + secure;
    // What was answered before must not be kept after this.
    posting?.abort();
    posting = new AbortController();
    fetch('/consent', {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ answer }),
      keepalive: true,
      signal: posting.signal,
    }).catch(() => {});
  }

  function takeAnswer(button) {
    banner.dataset.answer = button.value;
    find('[data-consent-now] strong').textContent = button.textContent;
    find('[data-consent-now]').hidden = false;
    find('[data-consent-pending]').hidden = true;
    find('[data-consent-close]').hidden = false;
    closeBanner();
    window.shoptrail?.consent(JSON.parse(button.dataset.consent));
  }

  // The answer may have been given meanwhile: in another tab, or on a page that came after this one.
  function readAnswer() {
    const answer = /(?:^|; )${CONSENT_COOKIE}=(\\w+)/.exec(document.cookie)?.[1];
    const button = answer && banner.querySelector('[name="answer"][value="' + answer + '"]');
    if (button && answer !== banner.dataset.answer) takeAnswer(button);
  }

  if (banner) {
    banner.querySelector('form').addEventListener('submit', event => {
      event.preventDefault();
      keepAnswer(event.submitter.value);
      takeAnswer(event.submitter);
      say(
        'Your answer is kept: ' + event.submitter.textContent + '. “Privacy choices” at the end of the page changes it.',
      );
    });
    find('[data-consent-open]').addEventListener('click', event => {
      event.preventDefault();
      openBanner(event.currentTarget);
    });
    find('[data-consent-close]').addEventListener('click', closeBanner);
    banner.addEventListener('keydown', event => {
      if (event.key === 'Escape' && banner.dataset.answer) closeBanner();
    });
    addEventListener('pageshow', event => event.persisted && readAnswer());
    document.addEventListener('visibilitychange', () => document.hidden || readAnswer());
  }
`;
