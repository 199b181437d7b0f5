/** A length of time with three significant digits, in the unit that reads best: `1.23 s`, `45.6 ms`, `120 µs`. */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 60_000) {
    const minutes = Math.floor(size / 60_000);
    const rest = Math.round((size % 60_000) / 1000);
    return `${ms < 0 ? '-' : ''}${minutes} min${rest ? ` ${rest} s` : ''}`;
  }
  if (size >= 1000) return `${significant(ms / 1000)} s`;
  if (size >= 1 || size === 0) return `${significant(ms)} ms`;
  return `${significant(ms * 1000)} µs`;
}

/** A long time in its two largest units: `45 sec`, `12 min`, `1 hr 5 min`; seconds only below a minute. */
export function formatLength(seconds: number, language: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = LENGTHS.findIndex(([, length]) => whole >= length);
  const units = first < 0 ? LENGTHS.slice(-1) : LENGTHS.slice(first, first + (first < 2 ? 2 : 1));
  let rest = whole;
  const parts = units.map(([unit, length]) => {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    return [unit, amount] as const;
  });
  return parts
    .filter(([, amount], index) => amount || index === 0)
    .map(([unit, amount]) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(amount),
    )
    .join(' ');
}

const LENGTHS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A share as a percentage; shares too small to show are not shown as none. */
export function formatShare(share: number): string {
  if (share === 0) return '0 %';
  if (share < 0.001) return '< 0.1 %';
  if (share > 0.999 && share < 1) return '> 99.9 %';
  return `${significant(share * 100)} %`;
}

/** A count in the reader's language. */
export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count);
}

/** Bytes in powers of 1024: `12.3 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024) return `${significant(value)} ${unit}`;
    value /= 1024;
  }
  return `${significant(value)} TiB`;
}

/** An instant in the local zone, its zone shown: `2026-11-22 16:02:27.123 GMT+9`. */
export function formatInstant(epochS: number, language: string, withMs = false): string {
  if (!Number.isFinite(epochS) || Math.abs(epochS) > 8.64e12) return String(epochS);
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    ...(withMs ? { fractionalSecondDigits: 3 } : {}),
  }).format(new Date(epochS * 1000));
}

/** Text that people sent, made safe to read: controls and marks that turn the direction of text are shown as codes. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function significant(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\.0+$|(\.\d*?)0+$/, '$1');
}
