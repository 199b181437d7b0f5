const PART_LINES = 100;
const PART_CHARACTERS = 8_000;

/**
 * A long text in parts that a browser can lay out one by one: at ends of lines where there are any near enough,
 * anywhere else where a line is longer than a part.
 */
export function textParts(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const most = Math.min(text.length, from + PART_CHARACTERS);
    let to = from;
    for (let lines = 0; lines < PART_LINES && to < most; lines += 1) {
      const end = text.indexOf('\n', to);
      if (end < 0 || end >= most) {
        // the last line, or one that is cut where nothing fits any more
        if (to === from || most === text.length) to = most;
        break;
      }
      to = end + 1;
    }
    // never between the two halves of a character
    if (to < text.length && isHalf(text.charCodeAt(to - 1))) to -= 1;
    parts.push(text.slice(from, to).replace(/\n$/, ''));
    from = to;
  }
  return parts;
}

function isHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
