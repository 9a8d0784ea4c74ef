/** The report of a failed test: a table of its calls, and why calls were refused. */

import type { Account } from "./account.js";
import type { CallSummary, Difference, Explanation, ReasonView } from "./api.js";

/** The most calls of an account that are listed, the newest. */
const SHOWN_CALLS = 50;
const TITLES = ["RequestId", "action", "outcome", "rule", "ms", "cause"];

/** The calls of an account and of those created through it; and those with an unknown SecretId since
 * the test began. */
export async function report(account: Account, since: Date): Promise<string> {
  const { admin } = account.server;
  const lines: string[] = [];
  let total = 0;
  for (const { name } of account.family()) {
    const { requests } = await admin.ask("GET /requests", { query: { account: name } });
    total += requests.length;
    lines.push(...(await table(account, `calls of '${name}'`, requests.reverse())));
  }
  const query = { since: since.toISOString(), outcome: "error" };
  const failed = (await admin.ask("GET /requests", { query })).requests.reverse();
  const unknown = failed.filter((call) => call.account === null);
  if (unknown.length > 0) {
    lines.push(...(await table(account, "calls of unknown accounts while the test ran", unknown)));
  } else if (total === 0) {
    lines.push(
      "Does the client call another host? Give it `clientConfig` or `endpoint` of the account. Does a" +
        " proxy variable (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY) send the call elsewhere?",
    );
  }
  return lines.map(printable).join("\n");
}

async function table(account: Account, title: string, calls: CallSummary[]): Promise<string[]> {
  const lines = [`${title}: ${calls.length || "none"}`];
  if (calls.length > SHOWN_CALLS) lines.push(`the last ${SHOWN_CALLS} of them:`);
  const rows = [TITLES];
  const why: string[] = [];
  for (const call of calls.slice(-SHOWN_CALLS)) {
    const isRefused = call.outcome !== "ok" && call.rule === null;
    let { cause } = call;
    if (isRefused || call.unmatched || call.notes.length > 0) {
      const explanation = await account.explain(call.RequestId);
      // A cause that was searched for is known now.
      cause = explanation.cause;
      const said = [...reasons(explanation), ...(call.unmatched ? nearest(explanation) : [])];
      why.push(...said.map((line) => `${call.RequestId}: ${line}`));
    }
    rows.push([
      call.RequestId,
      call.action ?? "-",
      call.outcome,
      call.rule ?? "-",
      call.milliseconds.toFixed(1),
      cause ?? "-",
    ]);
  }
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  if (rows.length > 1) {
    for (const row of rows) {
      lines.push(row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd());
    }
  }
  return [...lines, ...why];
}

/** The rule that differs least from a call that matched none. */
function nearest({ decision }: Explanation): string[] {
  const [near] = decision.near_misses
    .filter((miss) => miss.differences.length > 0)
    .sort((one, other) => one.differences.length - other.differences.length);
  if (!near) return [];
  const why = near.differences.map(difference).join("; ");
  return [`matched no rule; the nearest is rule '${near.rule}' of scenario '${near.scenario}': ${why}`];
}

/** Why a call was refused: the message with the parameter, the cause with its hint, and notes. */
export function reasons(explanation: Explanation): string[] {
  const { language, message, reason, cause, hint, notes } = explanation;
  const lines: string[] = [];
  if (message) {
    lines.push(`${explanation.outcome}: ${message}${reason ? ` (${reasonOf(reason)})` : ""}`);
  }
  if (cause) {
    const certain = explanation.proven ? "proven" : "likely, not proven";
    lines.push(`${cause} (${certain}): ${hint?.[language] ?? ""}`);
    for (const mistake of explanation.details) {
      const line = mistake.line ? `, line ${mistake.line}` : "";
      lines.push(`  ${mistake.step}${line}: expected ${mistake.expected}, got ${mistake.found}`);
      lines.push(`  node: ${mistake.node}`);
    }
  } else if (hint) {
    lines.push(hint[language]);
  }
  for (const note of notes) lines.push(`${note.name}: ${note.hint[language]}`);
  return lines;
}

/** A condition that does not hold: `expected CardSide FRONT, got BACK`. */
export function difference({ name, expected, found }: Difference): string {
  return `expected ${name} ${condition(expected)}, got ${text(found) || "none"}`;
}

function condition(expected: unknown): string {
  if (Array.isArray(expected)) return expected.map(text).join(" or ");
  if (expected === null || typeof expected !== "object") return text(expected);
  return Object.entries(expected)
    .map(([matcher, value]) => `${matcher}: ${text(value)}`)
    .join(", ");
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(" and ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function reasonOf({ parameter, value, expected }: ReasonView): string {
  const parts = [expected && `expected ${expected}`, value && `got ${value}`].filter(Boolean);
  return [parameter, parts.join(", ")].filter(Boolean).join(": ");
}

/** The text of clients may contain control characters, which could move the cursor or hide text. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => JSON.stringify(char).slice(1, -1));
}
