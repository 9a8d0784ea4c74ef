// Which calls are listed: the filters of the address, and groups of errors.

export const FILTERS = ["q", "account", "outcome", "cause", "rule"];

/** Why a call was refused, in one word: the cause of its signature, or the reason. */
export const whyOf = (row) => row.cause ?? row.reason?.parameter ?? row.notes?.[0]?.name ?? null;

export const isOk = (row) => row.outcome === "ok";

/** The calls that all filters of the address accept. */
export function filtered(rows, query) {
  const text = (query.q ?? "").trim().toLowerCase();
  const { account, outcome, cause, rule } = query;
  if (!(text || account || outcome || cause || rule)) return rows;
  return rows.filter(
    (row) =>
      (!account || row.account === account) &&
      (!outcome || row.outcome === outcome || (outcome === "error" && !isOk(row))) &&
      (!cause || whyOf(row) === cause) &&
      (!rule || row.rule === rule) &&
      (!text || textOf(row).includes(text)),
  );
}

const texts = new WeakMap();

/** Everything in a row that a search finds, in lower case. */
function textOf(row) {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [row.RequestId, row.account, row.outcome, whyOf(row), row.rule, row.scenario, row.time];
    text = parts.filter(Boolean).join("\n").toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** Errors by code and cause, the most frequent first: `{outcome, cause, rows}`. */
export function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    if (isOk(row)) continue;
    const cause = whyOf(row);
    const key = JSON.stringify([row.outcome, cause]);
    const group = groups.get(key) ?? { key, outcome: row.outcome, cause, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.rows.length - a.rows.length);
}

/** The values of a member, sorted, for the list of a filter. */
export const valuesOf = (rows, member) => [...new Set(rows.map((row) => row[member]).filter(Boolean))].sort();
