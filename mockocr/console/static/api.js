// Requests to the admin API. The token is kept in memory only.
import { signal } from "./vendor/preact.js";
import { language } from "./language.js";

const BASE = new URL("../", location.href.split(/[?#]/)[0]).href.replace(/\/$/, "");

/** Null: no token is needed now. Else why one is asked for: "needed" or "wrong". */
export const asking = signal(null);

let token = null;
let answered = null;
let give = null;

/** The text of the token; the requests that wait for it are repeated. */
export function giveToken(text) {
  token = text.trim();
  asking.value = null;
  give?.();
  answered = give = null;
}

export class RefusedError extends Error {
  constructor(status, content) {
    super(content?.error ?? `HTTP ${status}`);
    this.status = status;
    this.problems = content?.problems ?? [];
  }
}

/** The reply of the server. Asks for the token if one is needed. Raises RefusedError, or TypeError
 * if there is no answer. */
export async function send(path, { method = "GET", body, type, accept, signal } = {}) {
  for (;;) {
    const headers = { "Accept-Language": language.peek() };
    const used = token;
    if (used !== null) headers.Authorization = `Bearer ${encoded(used)}`;
    if (accept) headers.Accept = accept;
    if (body !== undefined) headers["Content-Type"] = type ?? "application/json";
    const content = body === undefined || type ? body : JSON.stringify(body);
    const options = { method, headers, body: content, signal, cache: "no-store" };
    const reply = await fetch(BASE + path, options);
    if (reply.ok) return reply;
    const text = await reply.text();
    if (reply.status !== 401) throw new RefusedError(reply.status, parsed(text));
    if (used === token) {
      asking.value = used === null ? "needed" : "wrong";
      answered ??= new Promise((resolve) => (give = resolve));
    }
    if (answered) await answered;
  }
}

/** A header is sent as Latin-1: the bytes of the token, one character each. */
const encoded = (text) => String.fromCharCode(...new TextEncoder().encode(text));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const get = async (path, options) => (await send(path, options)).json();

export const getText = async (path, options) => (await send(path, options)).text();

/** Sends a body; returns the JSON of the reply, or null if it is empty. */
export async function change(method, path, body, options = {}) {
  const text = await (await send(path, { method, body, ...options })).text();
  return text ? JSON.parse(text) : null;
}

/** `?a=1&b=2` of the members that have a value. */
export function query(members) {
  const parts = Object.entries(members).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return parts.length ? `?${new URLSearchParams(parts)}` : "";
}

export const pathOf = (...parts) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");

/** Server-sent events as `[name, data]`, until the connection ends. */
export async function* events(path, signal, opened) {
  const reply = await send(path, { signal, accept: "text/event-stream" });
  opened();
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}
