// Pictures of the pages of a running service, to be looked at by people: `node tests/pages/shots.mjs --address URL --chromium PATH --to FOLDER`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { inWindow, launch } from "./browser.mjs";
import { Findings } from "./findings.mjs";
import { dress } from "./look.mjs";
import { options } from "./options.mjs";
import { site } from "./site.mjs";

const WAYS = [
  [320, "light"],
  [1440, "light"],
  [1440, "dark"],
];
// file systems take no longer names
const NAME_MAX = 180;

/** An address as the beginning of a file's name. */
const slug = (address) => address.replace(/^\//, "").replace(/[^\p{L}\p{N}.-]+/gu, "_").slice(0, NAME_MAX) || "start";

const { address, chromium, to, from } = options("shots.mjs --address URL --chromium PATH --to FOLDER [--from PATH]...", {
  to: { type: "string" },
  from: { type: "string", multiple: true, optional: true },
});
await mkdir(to, { recursive: true });
const browser = await launch(chromium, address);
try {
  const { chosen } = await site(browser, address, from, new Findings());
  const pages = chosen.filter(({ type }) => type.startsWith("text/html"));
  await inWindow(browser, {}, async (window) => {
    for (const page of pages) {
      await window.goto(address + page.address);
      for (const [width, colours] of WAYS) {
        await dress(window, width, colours);
        await window.screenshot({ path: join(to, `${slug(page.address)}-${width}-${colours}.png`), fullPage: true });
      }
    }
  });
  console.log(`shots: ${pages.length * WAYS.length} pictures of ${pages.length} pages in ${to}`);
} finally {
  await browser.close();
}
