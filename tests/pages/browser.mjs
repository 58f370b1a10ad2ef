// The browser, and windows of it that load nothing but the service.

import { chromium } from "./packages.mjs";

/** Starts the browser; names other than the service's lead nowhere. */
export function launch(executablePath, origin) {
  const args = [`--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${new URL(origin).hostname}`];
  if (process.getuid?.() === 0) {
    // as root the browser has no sandbox to start in
    args.push("--no-sandbox");
  }
  return chromium.launch({ executablePath, args });
}

/** Does something in a new window, and closes it. */
export async function inWindow(browser, { scripts = false, width = 1440, height = 900 }, work) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, viewport: { width, height }, reducedMotion: "reduce" });
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}
