/** Names of accounts. They are the same in every run, because random choices depend on them. */

import { createHash } from "node:crypto";

const MOST_CHARACTERS = 64;

/** The first characters of a name. An emoji is one of them. */
export function beginning(name: string, characters: number): string {
  return Array.from(name).slice(0, characters).join("");
}

/** The end of a name that is too long, after a digest of the name. */
export function shortened(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= MOST_CHARACTERS) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${digest}…${characters.slice(9 - MOST_CHARACTERS).join("")}`;
}
