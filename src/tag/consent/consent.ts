/** What a visitor may allow: that events are kept and sent; that they carry who it is. */
export type Purpose = 'events' | 'identity';

export type State = 'pending' | 'granted' | 'denied';

/** What is said of each purpose; nothing of those that are not spoken of. */
export type Answer = Partial<Record<Purpose, State>>;

/**
 * Who may say what the visitor allows. Begins to listen, where there is something to listen to, and answers how to ask:
 * undefined when it has nothing to say on this page. A new one is a file in `sources/` and a line in `tag.ts`.
 *
 * @param changed to be called when the answer may be another now
 */
export type Source = (changed: () => void) => () => Answer | undefined;

/** How often we ask while nobody has decided, in milliseconds. */
const OFTEN = 250;

/** A banner may take so long after a click to say what was chosen, in milliseconds. */
const LATER = 1000;

/**
 * What this visitor allows, asked anew on every page: nothing of it is stored.
 *
 * The shop's own word, `consent()`, decides. Without it the strictest of the sources does. When none of them speaks on
 * this page, nothing is asked of the visitor here: granted, unless consent is `required`.
 *
 * No function of the page is replaced to hear of a change: sources that cannot tell are asked again after whatever may
 * have changed them, and before anything leaves.
 *
 * @param told what the shop has said before the tag began
 * @param changed is told when a purpose has another state than before
 */
export const createConsent = (
  sources: Source[],
  required: boolean,
  told: Answer,
  changed: (is: Required<Answer>, was: Required<Answer>) => void,
) => {
  let state: Required<Answer> = { events: 'pending', identity: 'pending' };
  /** What the sources said when another tab told us of a withdrawal: it holds until they say something else. */
  let outdated: string | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const heard = (): Answer[] =>
    asks.flatMap(source => {
      try {
        return source() ?? [];
      } catch {
        // What it says is the page's own code: it speaks, but nobody can say what.
        return {};
      }
    });

  const ask = (): void => {
    const answers = heard();
    if (outdated && outdated !== JSON.stringify(answers)) told = {};
    const nobodySpeaks = !answers.length && !Object.keys(told).length;
    const stateOf = (purpose: Purpose): State => {
      const said = [told[purpose] ?? answers.map(answer => answer[purpose])].flat();
      if (said.includes('denied')) return 'denied';
      if (said.includes('pending')) return 'pending';
      return said.includes('granted') || (nobodySpeaks && !required) ? 'granted' : 'pending';
    };
    const was = state;
    const events = stateOf('events');
    state = { events, identity: events === 'granted' ? stateOf('identity') : events };
    if (state.events !== 'pending') timer = timer && (clearInterval(timer) as undefined);
    else timer ??= setInterval(ask, OFTEN);
    if (state.events !== was.events || state.identity !== was.identity) changed(state, was);
  };

  const asks = sources.map(source => source(ask));

  const later = () => {
    setTimeout(ask);
    setTimeout(ask, LATER);
  };
  // By then all scripts of the page itself have spoken. Whoever comes later is heard before anything leaves.
  addEventListener('DOMContentLoaded', ask);
  addEventListener('click', later, true);

  return {
    /** Asks all sources again. */
    ask,

    /** What is allowed now, as last asked. */
    is: (purpose: Purpose): State => state[purpose],

    /** The shop says what the visitor allows. */
    tell(answer: Answer): void {
      outdated = undefined;
      told = { ...told, ...answer };
      ask();
    },

    /** Another tab tells that the visitor has withdrawn. */
    withdrawn(purpose: Purpose): void {
      told = { ...told, [purpose]: 'denied' };
      outdated = JSON.stringify(heard());
      ask();
    },
  };
};
