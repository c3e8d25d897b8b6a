/** Share of a block that must be visible, and for how long, in milliseconds. */
const SHARE = 0.5;
const LONG_ENOUGH = 1000;

/**
 * Tells when a block has been seen: half of it, or half of the screen for a block taller than the screen, visible for
 * one second; once a page view.
 */
export const createViewer = (seen: (block: Element) => void) => {
  /** Blocks with the timer that runs while they are visible. */
  let timers = new Map<Element, ReturnType<typeof setTimeout> | undefined>();

  // Made with the first block: most pages have none.
  let observer: IntersectionObserver | undefined;

  const look = (entries: IntersectionObserverEntry[]) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      clearTimeout(timers.get(target));
      if (intersectionRatio >= SHARE || intersectionRect.height >= rootBounds!.height * SHARE) {
        const enough = () => {
          observer!.unobserve(target);
          seen(target);
        };
        timers.set(target, setTimeout(enough, LONG_ENOUGH));
      }
    }
  };

  return {
    watch(block: Element): void {
      if (timers.has(block)) return;
      timers.set(block, undefined);
      observer ??= new IntersectionObserver(look, { threshold: [0.1, 0.2, 0.3, 0.4, SHARE] });
      observer.observe(block);
    },

    /** Another page view begins: nothing has been seen of it. */
    reset(): void {
      observer?.disconnect();
      timers.forEach(clearTimeout);
      timers = new Map();
    },
  };
};
