import type { TraceTree } from './traceTree';

/** For every span 1 where its name, service, type of service or id contains the text, in any case; null for no text. */
export function spansWith(tree: TraceTree, text: string): Uint8Array | null {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const has = (value: string) => value.toLowerCase().includes(wanted);
  // Names repeat: each is looked at once.
  const names = Uint8Array.from(tree.names, (name) => Number(has(name)));
  const services = Uint8Array.from(tree.services, (service) => Number(has(service.name) || has(service.type)));
  const mayBeId = /^[0-9a-f]{2,16}$/.test(wanted);
  const found = new Uint8Array(tree.size);
  for (let i = 0; i < tree.size; i += 1) {
    const service = tree.service[i] ?? -1;
    const isHit =
      names[tree.name[i] ?? -1] === 1 ||
      (service >= 0 && services[service] === 1) ||
      (mayBeId && (tree.ids[i] ?? '').includes(wanted));
    found[i] = isHit ? 1 : 0;
  }
  return found;
}

/** The positions with a 1, in order; only those that are in `kept` too. */
export function positionsIn(chosen: Uint8Array, kept: Uint8Array | null): Int32Array {
  const found = new Int32Array(chosen.length);
  let count = 0;
  for (let i = 0; i < chosen.length; i += 1) {
    if (!chosen[i] || (kept && !kept[i])) continue;
    found[count] = i;
    count += 1;
  }
  return found.subarray(0, count);
}

/** The place in `matches` that comes after (or before, with -1) the span at `position`; it goes round. -1 for none. */
export function nextMatch(matches: Int32Array, position: number, direction: 1 | -1): number {
  if (!matches.length) return -1;
  if (direction === 1) {
    const next = matches.findIndex((match) => match > position);
    return next === -1 ? 0 : next;
  }
  const before = matches.findLastIndex((match) => match < position);
  return before === -1 ? matches.length - 1 : before;
}
