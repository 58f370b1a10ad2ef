// The pages of a running service as a browser finds them: all that can be reached, and those to look at.

import { ask } from "./ask.mjs";
import { choose, isForPeople } from "./choose.mjs";
import { crawl } from "./crawl.mjs";
import { install } from "./inside.mjs";

const HOME = ["/", "/en"];
// where a service without a first page begins
const ONLY_DOCS = ["/docs"];

/** Where to begin. */
async function starts(origin) {
  const { type } = await ask(`${origin}/`);
  return type.startsWith("text/html") ? HOME : ONLY_DOCS;
}

/** All documents for people, those of them to look at, and how many links resolve. */
export async function site(browser, origin, from, findings) {
  const page = await browser.newPage();
  await page.evaluate(install);
  const read = (text, type) => page.evaluate((document) => globalThis.inside.read(document), [text, type]);
  const { documents, links } = await crawl(origin, from?.length ? from : await starts(origin), read, findings);
  await page.context().close();
  const pages = documents.filter(({ address }) => isForPeople(address));
  return { documents: pages, chosen: choose(pages), links };
}
