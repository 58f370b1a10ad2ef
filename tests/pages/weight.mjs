// How many bytes cross the wire for a page, compressed, with all that it loads.

import { ask } from "./ask.mjs";

const LIMIT = 100_000;

const weights = new Map();

/** The bytes of one address; what many pages load is asked for once. */
function weight(url) {
  if (!weights.has(url)) {
    weights.set(
      url,
      ask(url, { whole: true }).then(({ bytes }) => bytes),
    );
  }
  return weights.get(url);
}

/** A page's bytes; notes what is too heavy. */
export async function weigh({ address, bytes }, loaded, findings) {
  const parts = await Promise.all([...loaded].map(weight));
  const sum = parts.reduce((total, part) => total + part, bytes);
  if (sum >= LIMIT) {
    findings.note(address, `weighs ${(sum / 1000).toFixed(1)} kB`);
  }
  return sum;
}
