/** The frame of every page. */
import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

/** What a page puts into the frame. */
export interface Page {
  title: string;
  section: 'events' | 'contacts' | 'answers';
  /** How many answers were refusals: shown beside the link. */
  refused: number;
  timeZone: string;
  content: Html;
}

const LINKS = [
  ['events', '/history', 'Events'],
  ['contacts', '/history/contacts', 'Contacts'],
  ['answers', '/history/answers', 'Answers'],
] as const;

/** A whole page. */
export function layout({ title, section, refused, timeZone, content }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sandbox</title>
<link rel="icon" href="/history/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/history/style.css">
<script src="/history/live.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <div class="bar">
    <a class="brand" href="/history"><img src="/history/icon.svg" alt="" width="28" height="28"><span>Sandbox<small>a stand-in of the platform, on this machine</small></span></a>
    <nav aria-label="Sections">
      ${LINKS.map(
        ([key, href, label]) =>
          html`<a href="${href}"${key === section ? html` aria-current="page"` : ''}>${label}${
            key === 'answers'
              ? html`<span class="count" id="refused"${refused ? '' : html` hidden`} title="refused">${refused}</span>`
              : ''
          }</a>`,
      )}
    </nav>
  </div>
</header>
<main id="main" tabindex="-1">
${content}
</main>
<footer>Times in ${timeZone}. Nothing here leaves this machine.</footer>
</body>
</html>`;
}
