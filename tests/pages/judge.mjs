// Judges the pages of a running service: `node tests/pages/judge.mjs --address URL --chromium PATH`. With `--html FOLDER` the HTML checker
// reads what is looked at too, and with `--from PATH`, which may be repeated, the crawl begins there.

import { launch } from "./browser.mjs";
import { Findings } from "./findings.mjs";
import { checkHtml } from "./html.mjs";
import { look, ways } from "./look.mjs";
import { options } from "./options.mjs";
import { checkTitles } from "./outline.mjs";
import { pool } from "./pool.mjs";
import { site } from "./site.mjs";
import { weigh } from "./weight.mjs";

const USAGE = "judge.mjs --address URL --chromium PATH [--html FOLDER] [--from PATH]...";
const AT_ONCE = 2;

const { address, chromium, html, from } = options(USAGE, {
  html: { type: "string", optional: true },
  from: { type: "string", multiple: true, optional: true },
});
const findings = new Findings();
const browser = await launch(chromium, address);
let heaviest = { bytes: 0 };
let chosen;
let links;
try {
  const reached = await site(browser, address, from, findings);
  ({ chosen, links } = reached);
  checkTitles(reached.documents, address, findings);
  await pool(chosen, AT_ONCE, async (page) => {
    try {
      const bytes = await weigh(page, await look(browser, address, page, findings), findings);
      if (bytes > heaviest.bytes) {
        heaviest = { bytes, address: page.address };
      }
    } catch (error) {
      findings.note(page.address, `cannot be looked at: ${error.message.split("\n")[0]}`);
    }
  });
} finally {
  await browser.close();
}
if (html) {
  try {
    await checkHtml(address, chosen, html, findings);
  } catch (error) {
    findings.note("/", `the HTML checker fails: ${error.message.split("\n")[0]}`);
  }
}
if (chosen.length === 0) {
  findings.note("/", "leads to no page");
}
findings.print();
if (findings.count > 0) {
  console.log(`pages: FAILED, ${findings.count} findings, ${chosen.length} pages looked at in ${ways} ways`);
  process.exit(1);
}
console.log(
  `pages: ok, ${chosen.length} pages looked at in ${ways} ways, ${links} links resolve, ` +
    `heaviest ${(heaviest.bytes / 1000).toFixed(1)} kB (${heaviest.address})`,
);
