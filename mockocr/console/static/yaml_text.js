// Writes the data of a scenario as YAML.

const PLAIN = /^[A-Za-z_\u4e00-\u9fff/][\w\u4e00-\u9fff./ -]*$/;
const NOT_TEXT = /^(y|n|yes|no|on|off|true|false|null|~)$/i;

function scalar(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  return PLAIN.test(value) && !NOT_TEXT.test(value) && !/\s$/.test(value) ? value : JSON.stringify(value);
}

const isEmpty = (value) => typeof value !== "object" || value === null || Object.keys(value).length === 0;

function block(value, indent) {
  const start = " ".repeat(indent);
  if (Array.isArray(value)) {
    return value.map((entry) => `${start}- ${isEmpty(entry) ? scalar(entry) : block(entry, indent + 2).trimStart()}`).join("\n");
  }
  return Object.entries(value)
    .map(([key, part]) => {
      if (isEmpty(part)) return `${start}${scalar(key)}: ${scalar(part)}`;
      return `${start}${scalar(key)}:\n${block(part, indent + 2)}`;
    })
    .join("\n");
}

export const yamlOf = (data) => `${block(data, 0)}\n`;
