import { raw } from 'hono/html';

const icon = (paths: string) =>
  raw(
    `<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${paths}</svg>`,
  );

export const cartIcon = icon('<path d="M5 8h14l-1.2 12H6.2zM9 10V6a3 3 0 0 1 6 0v4"/>');
export const heartIcon = icon(
  '<path d="M12 20S4 14.5 4 8.8C4 6 6 4.2 8.2 4.2c1.6 0 3 1 3.8 2.5.8-1.5 2.2-2.5 3.8-2.5C18 4.2 20 6 20 8.8 20 14.5 12 20 12 20z"/>',
);
export const personIcon = icon(
  '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6"/>',
);
export const searchIcon = icon('<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>');
export const mark = raw(
  '<svg class="brand__mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false"><path class="brand__bowl" d="M3 12H29C29 22 23 27 16 27S3 22 3 12Z"/><path class="brand__wave" d="M3 12c4.3 3.5 8.7 3.5 13 0s8.7-3.5 13 0"/></svg>',
);
