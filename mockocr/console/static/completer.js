// Completes scenarios in YAML from their JSON Schema.

/** The keys that lead to a line, outermost first, by indentation; `[]` is an entry of a list. */
export function pathAt(lines, index, indent) {
  const path = [];
  let limit = indent;
  for (let at = index - 1; at >= 0 && limit > 0; at -= 1) {
    const line = lines[at];
    if (!line.trim() || /^\s*#/.test(line)) continue;
    const [, space, dashes, key] = /^(\s*)((?:- +)*)(?:(["']?[\w\u4e00-\u9fff.-]+["']?)\s*:)?/.exec(line);
    let column = space.length + dashes.length;
    if (key && column < limit) {
      path.unshift(key.replace(/["']/g, ""));
      limit = column;
    }
    for (const dash of (dashes.match(/- +/g) ?? []).reverse()) {
      column -= dash.length;
      if (column < limit) {
        path.unshift("[]");
        limit = column;
      }
    }
  }
  return path;
}

export class SchemaCompleter {
  constructor(schema) {
    this.schema = schema;
  }

  /** A schema and all that it refers to or allows instead. */
  *parts(schema, depth = 0) {
    if (!schema || depth > 12) return;
    if (schema.$ref) {
      const target = schema.$ref.replace(/^#\//, "").split("/").reduce((part, name) => part?.[decodeURIComponent(name)], this.schema);
      yield* this.parts(target, depth + 1);
    }
    yield schema;
    for (const kind of ["anyOf", "oneOf", "allOf"]) {
      for (const each of schema[kind] ?? []) yield* this.parts(each, depth + 1);
    }
  }

  /** The schemas at a path. */
  at(path) {
    let schemas = [this.schema];
    for (const key of path) {
      schemas = schemas.flatMap((schema) =>
        [...this.parts(schema)].flatMap((part) => {
          if (key === "[]") return part.items ? [part.items] : [];
          if (part.properties?.[key]) return [part.properties[key]];
          return typeof part.additionalProperties === "object" ? [part.additionalProperties] : [];
        }),
      );
    }
    return schemas;
  }

  /** `[{label, detail}]`: the keys that a mapping at the path can have. */
  keys(path) {
    const found = new Map();
    for (const schema of this.at(path)) {
      for (const part of this.parts(schema)) {
        for (const [label, property] of Object.entries(part.properties ?? {})) found.set(label, property.description ?? "");
      }
    }
    return [...found].map(([label, detail]) => ({ label, detail }));
  }

  /** The values that a key at the path can have. */
  values(path) {
    const found = new Set();
    for (const schema of this.at(path)) {
      for (const part of this.parts(schema)) {
        for (const each of part.enum ?? []) found.add(each);
        if ("const" in part) found.add(part.const);
        if (part.type === "boolean") [true, false].forEach((each) => found.add(each));
      }
    }
    return [...found].filter((each) => each !== null).map((each) => ({ label: String(each) }));
  }

  /** What fits at a position: `{from, options}`, or null. `before` is the line up to the cursor. */
  complete(lines, index, before) {
    const value = /^(\s*(?:- +)*)(["']?[\w.-]+["']?)\s*:\s+(?:(\[|.*,)\s*)?(\S*)$/.exec(before);
    if (value) {
      const [, lead, key, list, typed] = value;
      const inner = list ? ["[]"] : [];
      return this.result(before, typed, this.values([...this.pathOf(lines, index, lead), key.replace(/["']/g, ""), ...inner]));
    }
    const start = /^(\s*(?:- +)*)([\w.-]*)$/.exec(before);
    if (!start) return null;
    const [, lead, typed] = start;
    const path = this.pathOf(lines, index, lead);
    const options = this.keys(path).map((each) => ({ ...each, apply: `${each.label}: `, type: "property" }));
    return this.result(before, typed, [...options, ...(/- +$/.test(lead) ? this.values(path) : [])]);
  }

  pathOf(lines, index, lead) {
    const path = pathAt(lines, index, lead.length);
    const spaces = /^\s*/.exec(lead)[0].length;
    const outer = pathAt(lines, index, spaces);
    const dashes = (lead.match(/- +/g) ?? []).length;
    if (!dashes) return path;
    // A list may stand at the indentation of its own key.
    const owner = outer.length || !lines[index - 1]?.trim() ? outer : [];
    const base = this.listOwner(lines, index, spaces) ?? owner;
    return [...base, ...new Array(dashes).fill("[]")];
  }

  /** The path of the key whose list has an entry on this line. */
  listOwner(lines, index, spaces) {
    for (let at = index - 1; at >= 0; at -= 1) {
      const [, space, key] = /^(\s*(?:- +)*)([\w.-]+)\s*:\s*$/.exec(lines[at]) ?? [];
      if (key && space.length <= spaces) return [...this.pathOf(lines, at, space), key];
      if (lines[at].trim() && /^\s*/.exec(lines[at])[0].length < spaces) return null;
    }
    return null;
  }

  result(before, typed, options) {
    return options.length ? { from: before.length - typed.length, options } : null;
  }
}
