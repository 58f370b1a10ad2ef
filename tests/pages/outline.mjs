// Language, title and headings of pages.

/** The language that an address is in. */
export const language = (address) => (/^\/en(\/|\?|$)/.test(address) ? "en" : "sv");

/** Notes what is wrong with one page's outline. */
export function checkOutline({ lang, title, headings }, address, findings) {
  const expected = language(address);
  if (lang?.split("-")[0] !== expected) {
    findings.note(address, `the language is ${lang ? `"${lang}"` : "not said"} instead of "${expected}"`, { at: "html" });
  }
  if (!title) {
    findings.note(address, "no title", { at: "head" });
  }
  const tops = headings.filter(({ level }) => level === 1);
  if (tops.length !== 1) {
    findings.note(address, `${tops.length} headings of level 1`, { at: tops[1]?.at });
  }
  let before = 0;
  for (const { level, text, at } of headings) {
    if (level > before + 1) {
      findings.note(address, `heading "${text.slice(0, 60)}" is of level ${level} after level ${before || "none"}`, { at });
    }
    before = level;
  }
}

/** Notes titles that pages of one language share; one page may have several addresses, if it says which is its own. */
export function checkTitles(documents, origin, findings) {
  const titles = new Map();
  for (const { address, type, title, canonical } of documents) {
    if (!type.startsWith("text/html") || !title) {
      continue;
    }
    const key = `${language(address)} ${title}`;
    const own = canonical ? new URL(canonical, origin + address).pathname + new URL(canonical, origin + address).search : address;
    const addresses = titles.get(key) ?? new Map();
    titles.set(key, addresses.set(own, address));
  }
  for (const [key, addresses] of titles) {
    const [one, other, ...more] = addresses.values();
    if (other) {
      findings.note(one, `the title "${key.slice(3)}" is also that of ${other}${more.length > 0 ? ` and ${more.length} pages more` : ""}`);
    }
  }
}
