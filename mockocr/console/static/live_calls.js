// The recorded calls, newest first, kept up to date by the stream of events.
import { batch, signal } from "./vendor/preact.js";
import { events, get, query } from "./api.js";

/** As many as a journal holds by default. */
const MOST = 10_000;
const FIRST = 100;
const FLUSH_MS = 80;
const RETRY_MS = [500, 1000, 2000, 5000];

export const calls = signal([]);
/** New calls that wait while the list is scrolled. */
export const held = signal([]);
/** How the stream is: connecting, live, hidden or lost. */
export const connection = signal("connecting");
export const loaded = signal(false);
/** Events that the server dropped; their calls are fetched again. */
export const dropped = signal(0);
/** Counts changes of the active scenarios. */
export const scenarioChanges = signal(0);

const known = new Set();
let holding = false;
let arriving = [];
let timer = null;
let stop = null;

/** While true, new calls are held back, so that the list does not move. */
export function hold(whether) {
  holding = whether;
  if (!whether && held.value.length) {
    batch(() => {
      calls.value = merged(held.value, calls.value);
      held.value = [];
    });
  }
}

/** Two lists, newest first. An event may come before the list that has older calls. */
function merged(fresh, rows) {
  const all = [...fresh, ...rows];
  const isInOrder = !fresh.length || !rows.length || fresh.at(-1).time >= rows[0].time;
  return bounded(isInOrder ? all : all.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0)));
}

function bounded(rows) {
  for (const row of rows.slice(MOST)) known.delete(row.RequestId);
  return rows.length > MOST ? rows.slice(0, MOST) : rows;
}

/** Adds rows, newest first. Rows that are known already are brought up to date. */
function add(rows) {
  const fresh = rows.filter((row) => !known.has(row.RequestId));
  for (const row of fresh) known.add(row.RequestId);
  if (!fresh.length) return;
  if (holding) held.value = merged(fresh, held.value);
  else calls.value = merged(fresh, calls.value);
}

/** Updates a row, for example when the search for its cause has ended. */
export function update(requestId, members) {
  const at = calls.value.findIndex((row) => row.RequestId === requestId);
  const row = calls.value[at];
  if (!row || Object.entries(members).every(([name, value]) => row[name] === value)) return;
  calls.value = calls.value.with(at, { ...row, ...members });
}

function arrived(row) {
  arriving.push(row);
  timer ??= setTimeout(() => {
    const rows = arriving.reverse();
    arriving = [];
    timer = null;
    add(rows);
  }, FLUSH_MS);
}

/** Fetches what is new since the newest known call, or all calls. */
async function catchUp() {
  const newest = held.value[0] ?? calls.value[0];
  const path = (members) => `/requests${query(members)}`;
  const { requests, total } = await get(path(newest ? { since: newest.RequestId } : { limit: FIRST }));
  add(requests);
  loaded.value = true;
  if (newest || total <= requests.length) return;
  const all = await get(path({ limit: MOST }));
  const older = all.requests.filter((row) => !known.has(row.RequestId));
  for (const row of older) known.add(row.RequestId);
  calls.value = merged(calls.value, older);
}

/** Reads all calls again. */
export async function reload() {
  known.clear();
  batch(() => {
    calls.value = held.value = [];
    dropped.value = 0;
  });
  await catchUp();
}

function take(name, data) {
  if (name === "call") arrived(data);
  else if (name === "scenarios") scenarioChanges.value += 1;
  else if (name === "lost") {
    dropped.value += data.events;
    reload().catch(() => {});
  }
}

async function follow(controller) {
  for (let tries = 0; !controller.signal.aborted; tries += 1) {
    try {
      const opened = () => {
        // After a restart, the server has none of the old calls.
        const read = connection.value === "lost" ? reload : catchUp;
        connection.value = "live";
        tries = 0;
        read().catch(() => controller.signal.aborted || (connection.value = "lost"));
      };
      for await (const [name, data] of events("/events", controller.signal, opened)) take(name, data);
    } catch {
      // The server has stopped, or this tab is hidden.
    }
    if (controller.signal.aborted) return;
    connection.value = "lost";
    const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Follows the calls while the page is visible. */
export function start() {
  const change = () => {
    stop?.abort();
    stop = null;
    if (document.hidden) {
      connection.value = "hidden";
      return;
    }
    connection.value = "connecting";
    stop = new AbortController();
    follow(stop);
  };
  document.addEventListener("visibilitychange", change);
  change();
}
