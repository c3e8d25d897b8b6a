/**
 * The part of /assets/shop.js that keeps the page where it is while the tag posts the newsletter form, and shows the
 * answer. Uses `find` of script.ts.
 */
export const newsletterScript = `
  const letters = find('[data-newsletter]');
  const lettersButton = letters.querySelector('button');
  const lettersAnswer = find('[data-newsletter-answer]');
  let isLetterAsked = false;
  let lettersTimeout;

  function answerLetters(text, outcome) {
    clearTimeout(lettersTimeout);
    lettersAnswer.textContent = text;
    lettersAnswer.dataset.outcome = outcome;
    // A disabled button has lost the focus.
    const isFocusLost = document.activeElement === document.body || document.activeElement === lettersButton;
    lettersButton.disabled = false;
    if (isFocusLost) (outcome === 'taken' ? lettersAnswer : lettersButton).focus();
  }

  letters.addEventListener('submit', event => {
    // Blocked, or still on its way: then the form goes to the shop's server, which says that nothing was sent.
    if (!window.shoptrail?.version) return;
    event.preventDefault();
    isLetterAsked = true;
    // The tag would post a second press as well.
    lettersButton.disabled = true;
    lettersAnswer.textContent = 'One moment…';
    delete lettersAnswer.dataset.outcome;
    lettersTimeout = setTimeout(
      answerLetters,
      15000,
      'There is no answer yet. Look whether you are online, and try again in a moment.',
      'open',
    );
  });

  window.shoptrail?.on('subscribed', () => {
    if (!isLetterAsked) return;
    isLetterAsked = false;
    letters.reset();
    answerLetters(
      'Thank you. Look into your mailbox: a mail is on its way, and asks you to confirm.',
      'taken',
    );
  });
  window.shoptrail?.on('invalid', ({ event, reason }) => {
    if (event !== 'subscribe' || !isLetterAsked) return;
    isLetterAsked = false;
    answerLetters('That did not work: ' + reason, 'refused');
  });
`;
