// Which of the pages that a crawl reached are looked at: a few of each kind.

// pages of one kind
const LOOKED_AT = 3;
// interfaces for programs, whose answers are data where they are HTML too
const INTERFACES = /^\/(v1|pxweb|kolada)(\/|$)/;

/** Whether an address is one for people. */
export const isForPeople = (address) => !INTERFACES.test(address);

/** The part of the site that an address is in, and its parameters. */
function kind({ address, type }) {
  const url = new URL(address, "http://any");
  const parts = url.pathname.split("/").slice(1);
  const section = parts.slice(0, parts[0] === "en" ? 2 : 1).join("/");
  // queries in SQL have parameters of their own
  const names = url.searchParams.has("q") ? ["q"] : [...new Set(url.searchParams.keys())].sort();
  return [section, names.join("&"), type.split(";")[0]].join(" ");
}

/** The variable part that alike pages should differ in first, such as the instrument of a measure. */
const first = ({ address }) => new URL(address, "http://any").pathname.replace(/^\/en\//, "/").split("/")[2] ?? "";

/** Of each kind the first pages of different parts, then others. */
export function choose(documents) {
  const kinds = new Map();
  for (const page of documents) {
    const of = kind(page);
    kinds.set(of, [...(kinds.get(of) ?? []), page]);
  }
  return [...kinds.values()].flatMap((alike) => {
    const seen = new Set();
    const different = alike.filter((page) => !seen.has(first(page)) && seen.add(first(page)));
    return [...different, ...alike.filter((page) => !different.includes(page))].slice(0, LOOKED_AT);
  });
}
