// One page in the browser, in every way in which it is looked at.

import { bring, judge } from "./axe.mjs";
import { inWindow } from "./browser.mjs";
import { checkForms } from "./forms.mjs";
import { install } from "./inside.mjs";
import { skip, walk } from "./keyboard.mjs";
import { listen } from "./listen.mjs";
import { checkOutline } from "./outline.mjs";
import { print } from "./print.mjs";

const HEIGHTS = { 320: 640, 768: 1024, 1440: 900 };
const WAYS = [
  [320, "light"],
  [768, "light"],
  [1440, "light"],
  [320, "dark"],
  [1440, "dark"],
  [320, "forced colours"],
  [1440, "forced colours"],
];
// how many there are beside: enlarged, and with scripts
const OTHER_WAYS = 2;
// twice as large on a screen of 1440 by 900
const ENLARGED = { width: 720, height: 450, deviceScaleFactor: 2, mobile: false };
const BY_KEYBOARD = [
  [1440, "light", { pixels: true }],
  [320, "light", {}],
  [1440, "forced colours", {}],
];

/** In how many ways each page is looked at. */
export const ways = WAYS.length + OTHER_WAYS;

/** Sets a window's size and its colours. */
export async function dress(window, width, colours) {
  await window.setViewportSize({ width, height: HEIGHTS[width] });
  await window.emulateMedia({
    colorScheme: colours === "dark" ? "dark" : "light",
    forcedColors: colours === "forced colours" ? "active" : "none",
  });
}

/** Loads a page and prepares it to be asked. */
async function open(window, url) {
  await window.goto(url);
  await window.evaluate(install);
}

/** Notes that a page has to be scrolled sideways. */
async function checkWidth(window, address, way, findings) {
  const beyond = await window.evaluate(() => globalThis.inside.beyond());
  if (beyond) {
    findings.note(address, `scrolls sideways by ${beyond.by} px`, { at: beyond.at, way });
  }
}

/** Without scripts, in all sizes and colours; gives what a reader sees, to be compared. */
async function withoutScripts(window, url, address, findings) {
  const session = await window.context().newCDPSession(window);
  await session.send("Emulation.setScriptExecutionDisabled", { value: true });
  await dress(window, 1440, "light");
  await open(window, url);
  const seen = await window.evaluate(() => globalThis.inside.rendered());
  // the page was read without its scripts; axe waits for timers, which there are only with scripts
  await session.send("Emulation.setScriptExecutionDisabled", { value: false });
  await bring(window);
  checkOutline(await window.evaluate(() => globalThis.inside.outline()), address, findings);
  for (const [width, colours] of WAYS) {
    const way = `${width} ${colours}`;
    await dress(window, width, colours);
    await checkWidth(window, address, way, findings);
    await judge(window, address, way, findings);
  }
  await dress(window, 1440, "light");
  await print(window, address, findings);
  await session.send("Emulation.setDeviceMetricsOverride", ENLARGED);
  await checkWidth(window, address, "1440 at 200 %", findings);
  return seen;
}

/** With scripts: nothing may be different. */
async function withScripts(window, url, address, seen, findings) {
  const way = "1440 with scripts";
  await dress(window, 1440, "light");
  await open(window, url);
  const now = await window.evaluate(() => globalThis.inside.rendered());
  if (now.text !== seen.text) {
    findings.note(address, "reads otherwise with scripts", { way });
  }
  if (now.width !== seen.width || now.height !== seen.height) {
    findings.note(address, `is ${now.width} x ${now.height} px with scripts and ${seen.width} x ${seen.height} px without`, { way });
  }
  await bring(window);
  await judge(window, address, way, findings);
}

/** By keyboard alone. */
async function byKeyboard(window, url, address, findings) {
  for (const [width, colours, how] of BY_KEYBOARD) {
    await dress(window, width, colours);
    await open(window, url);
    await walk(window, address, `${width} ${colours}`, how, findings);
  }
  await open(window, url);
  await skip(window, address, findings);
}

/** Looks at a page or a drawing; gives the addresses that it loads. */
export async function look(browser, origin, { address, type }, findings) {
  const url = origin + address;
  const loaded = new Set();
  const inListened = (how, work) =>
    inWindow(browser, how, async (window) => {
      const now = listen(window, origin, address, findings);
      const done = await work(window);
      now.forEach((one) => loaded.add(one));
      return done;
    });
  if (!type.startsWith("text/html")) {
    await inListened({ scripts: true }, (window) => window.goto(url));
    return loaded;
  }
  // which turns scripts off itself, because it needs them later
  const seen = await inListened({ scripts: true }, (window) => withoutScripts(window, url, address, findings));
  await inListened({ scripts: true }, (window) => withScripts(window, url, address, seen, findings));
  await inListened({ scripts: false }, (window) => byKeyboard(window, url, address, findings));
  await inWindow(browser, {}, (window) => checkForms(window, url, address, findings));
  return loaded;
}
