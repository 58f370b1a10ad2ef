// The HTML checker over pages saved as files.

import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { ask } from "./ask.mjs";
import { vnu } from "./packages.mjs";

const SAID_MAX = 64 * 1024 * 1024;

/** Saves pages and drawings into a folder, and notes the checker's errors. */
export async function checkHtml(origin, pages, folder, findings) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const addresses = new Map();
  for (const [index, { address, type }] of pages.entries()) {
    const file = `${index}.${type.startsWith("text/html") ? "html" : "svg"}`;
    addresses.set(file, address);
    await writeFile(join(folder, file), (await ask(origin + address)).text);
  }
  const { stdout } = await promisify(execFile)(
    "java",
    ["-jar", vnu(), "--errors-only", "--also-check-svg", "--exit-zero-always", "--stdout", "--format", "json", folder],
    { maxBuffer: SAID_MAX },
  );
  for (const { url, lastLine, message, extract = "" } of JSON.parse(stdout).messages) {
    const at = `line ${lastLine}: ${extract.replace(/\s+/g, " ").trim()}`;
    findings.note(addresses.get(url.split("/").at(-1)) ?? url, `html: ${message}`, { at });
  }
}
