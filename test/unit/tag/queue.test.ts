import { describe, expect, it } from 'vitest';
import { createQueue, type Kept } from '../../../src/tag/queue/queue';

const createShelf = () => {
  const kept = new Map<string, unknown>();
  return {
    kept,
    put: (key: IDBValidKey, value: unknown) => void kept.set(`${key}`, value),
    remove: (from: IDBValidKey, to: IDBValidKey) => {
      const [, page, first] = from as [string, string, number];
      const [, , last] = to as [string, string, number];
      for (let seq = first; seq <= last; seq++) kept.delete(`${['e', page, seq]}`);
    },
  };
};

const event = (id: string, eventTypeKey = 'custom', anonymousId = 'a') => ({
  id,
  eventTypeKey,
  params: [],
  at: 0,
  anonymousId,
});

const ids = (events: Kept[]) => events.map(({ id }) => id);

describe('the queue', () => {
  it('keeps what is added on the shelf until it is settled by its id', () => {
    const shelf = createShelf();
    const queue = createQueue('p2', shelf, 10, () => {});
    for (const id of ['1', '2', '3']) queue.add(event(id));
    expect(shelf.kept.size).toBe(3);
    queue.settle(['2', 'unknown']);
    expect(ids(queue.events())).toEqual(['1', '3']);
    expect(ids([...shelf.kept.values()] as Kept[])).toEqual(['1', '3']);
    expect([queue.has('1'), queue.has('2'), queue.size()]).toEqual([true, false, 2]);
  });

  it('settles any of many: what is between them stays', () => {
    const shelf = createShelf();
    const queue = createQueue('p2', shelf, 99, () => {});
    for (let n = 0; n < 9; n++) queue.add(event(`${n}`));
    for (let seq = 0; seq < 3; seq++) {
      queue.adopt({ ...event(`theirs ${seq}`), v: 1, page: 'p1', seq });
      shelf.put(['e', 'p1', seq], { id: `theirs ${seq}` });
    }
    queue.settle(['7', 'theirs 1', '2', '3', '8', '0', 'theirs 2']);
    const left = ['theirs 0', '1', '4', '5', '6'];
    expect(ids(queue.events())).toEqual(left);
    expect(ids([...shelf.kept.values()] as Kept[]).sort()).toEqual([...left].sort());
  });

  it('has earlier pages first, and within a page the order of the calls', () => {
    const queue = createQueue('p2', createShelf(), 10, () => {});
    queue.add(event('mine 0'));
    queue.add(event('mine 1'));
    queue.adopt({ ...event('theirs 10'), v: 1, page: 'p1', seq: 10 });
    queue.adopt({ ...event('theirs 9'), v: 1, page: 'p1', seq: 9 });
    expect(ids(queue.events())).toEqual(['theirs 9', 'theirs 10', 'mine 0', 'mine 1']);
  });

  it('leaves an adopted event on the shelf for others', () => {
    const shelf = createShelf();
    const queue = createQueue('p2', shelf, 10, () => {});
    shelf.put(['e', 'p1', 0], {});
    queue.adopt({ ...event('theirs'), v: 1, page: 'p1', seq: 0 });
    queue.leave('theirs');
    expect(queue.size()).toBe(0);
    expect(shelf.kept.size).toBe(1);
  });

  it('gives up what is worth least when it is full, the oldest of it first, and says so', () => {
    const shelf = createShelf();
    const dropped: string[] = [];
    const queue = createQueue('p', shelf, 3, ({ id }) => dropped.push(id));
    queue.add(event('cart', 'cartUpdated'));
    queue.add(event('view 1', 'pageViewed'));
    queue.add(event('view 2', 'pageViewed'));
    queue.add(event('order', 'orderPlaced'));
    queue.add(event('product', 'productViewed'));
    queue.add(event('wish', 'productAddedToWishlist'));
    queue.add(event('view 3', 'pageViewed'));
    expect(dropped).toEqual(['view 1', 'view 2', 'product', 'view 3']);
    expect(ids(queue.events())).toEqual(['cart', 'order', 'wish']);
    expect(shelf.kept.size).toBe(3);
  });

  it('gives events to another anonymous id, on the shelf too', () => {
    const shelf = createShelf();
    const queue = createQueue('p', shelf, 9, () => {});
    queue.add(event('1', 'custom', 'early'));
    queue.add(event('2', 'custom', 'other'));
    queue.restamp('early', 'late');
    expect(([...shelf.kept.values()] as Kept[]).map(({ anonymousId }) => anonymousId)).toEqual([
      'late',
      'other',
    ]);
  });

  it('gives events of other pages to another anonymous id where they lie, and does not take them over', () => {
    const shelf = createShelf();
    const queue = createQueue('p2', shelf, 9, () => {});
    queue.add(event('mine', 'custom', 'named'));
    const theirs: Kept[] = [
      { ...event('theirs 4', 'custom', 'named'), v: 1, page: 'p1', seq: 4 },
      { ...event('theirs 5', 'custom', 'other'), v: 1, page: 'p1', seq: 5 },
    ];
    queue.restamp('named', 'nobody', theirs);
    expect(shelf.kept.get('e,p1,4')).toEqual({ ...theirs[0], anonymousId: 'nobody' });
    expect(shelf.kept.has('e,p1,5')).toBe(false);
    expect(ids(queue.events())).toEqual(['mine']);
    expect(queue.events()[0]!.anonymousId).toBe('named');
    queue.restamp('named', 'nobody');
    expect(queue.events()[0]!.anonymousId).toBe('nobody');
  });

  it('gives up at once what is too much, the oldest of those worth least, however much was adopted', () => {
    const dropped: string[] = [];
    const shelf = { removed: 0, put() {}, remove: () => shelf.removed++ };
    const queue = createQueue('p9', shelf, 100, ({ id }) => dropped.push(id));
    const types = ['order', 'pageViewed', 'searchRequest'];
    for (let seq = 0; seq < 3000; seq++) {
      const record = { ...event(`${seq}`), eventTypeKey: types[seq % 3]! };
      queue.adopt({ ...record, v: 1, page: 'p1', seq });
    }
    queue.trim();
    expect(queue.size()).toBe(100);
    expect(queue.events().map(({ eventTypeKey }) => eventTypeKey)).toEqual(Array(100).fill('order'));
    expect(queue.events()[0]!.id).toBe(`${3 * 900}`);
    expect(new Set(dropped).size).toBe(2900);
    queue.trim();
    expect(dropped).toHaveLength(2900);
  });

  it('keeps the place and the content of an event that changes its anonymous id', () => {
    const shelf = createShelf();
    const queue = createQueue('p', shelf, 9, () => {});
    for (const id of ['1', '2', '3']) queue.add({ ...event(id, 'custom', 'early'), at: +id });
    const before = queue.events().map(kept => ({ ...kept, anonymousId: 'late' }));
    queue.restamp('early', 'late');
    expect(queue.events()).toEqual(before);
    expect([...shelf.kept.values()]).toEqual(before);
  });

  it('puts nothing on the shelf where no event has that anonymous id', () => {
    const shelf = createShelf();
    const queue = createQueue('p', shelf, 9, () => {});
    queue.add(event('1', 'custom', 'a'));
    shelf.kept.clear();
    queue.restamp('b', 'c');
    queue.restamp('a', 'c', []);
    expect(shelf.kept.size).toBe(0);
  });
});
