/** What a questionnaire says, in the browser: its rules as in app/definitions/conditions.py, its counts as in values.py. */
const flip = (held) => (held === null ? null : !held);
const unite = (held, decides) =>
  held.includes(decides) ? decides : held.includes(null) ? null : !decides;
const chosen = (value) =>
  [value.options, value.codes].find((list) => list?.length) ?? ("option" in value ? [value.option] : []);

function amount(value) {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value === "none" ? 0 : null;
  return value.count ?? chosen(value).length + (value.other && !("option" in value || "options" in value) ? 1 : 0);
}

/** Whether `rule` holds; `lookup(key)` gives the plain value of a question, or null where there is no answer. */
export function holds(rule, lookup) {
  if (rule.all) return unite(rule.all.map((part) => holds(part, lookup)), false);
  if (rule.any) return unite(rule.any.map((part) => holds(part, lookup)), true);
  if (rule.not) return flip(holds(rule.not, lookup));
  const value = lookup(rule.question) ?? null;
  if ("answered" in rule) return (value !== null) === rule.answered;
  if (value === null) return null;
  const many = typeof value === "object";
  if ("includes" in rule) return many && chosen(value).includes(rule.includes);
  if ("is" in rule) return many ? chosen(value).length === 1 && chosen(value)[0] === rule.is : value === rule.is;
  const count = amount(value);
  return count === null ? null : count >= rule.at_least;
}

const DROPPED = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const WORD = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const normalise = (text) => text.replace(DROPPED, "").replace(/\r+\n/g, "\n");

/** How many words and characters a text will have once it is stored. */
export const words = (text) => (normalise(text).match(WORD) ?? []).length;
export const characters = (text) => [...normalise(text)].length;
