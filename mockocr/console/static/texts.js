// Text from outside, made safe to read: it only ever becomes text nodes.

// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Control characters and changes of direction become visible: `\u{202E}`. */
export const visible = (text) =>
  String(text).replace(UNSEEN, (char) => `\\u{${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}}`);

export const timeOf = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour12: false });

/** `14:03:59.123`, local time. */
export function clockTime(iso) {
  const moment = new Date(iso);
  return `${timeOf(iso)}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}

export function dateTime(iso) {
  const moment = new Date(iso);
  const date = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return `${date.map((part) => String(part).padStart(2, "0")).join("-")} ${clockTime(iso)}`;
}

/** `0.3 ms`, `48 ms`, `1.72 s`. */
export function duration(milliseconds) {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
}

export const pretty = (value) => JSON.stringify(value, null, 2);
