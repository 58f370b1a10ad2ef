// What package.json lists, from a folder node_modules beside this file or from where NODE_PATH says.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// `import` does not look where NODE_PATH says
const require = createRequire(import.meta.url);

/** The browser's driver. */
export const { chromium } = require("playwright-core");

/** The source of axe, to be run in a page. */
export const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Where the HTML checker lies. */
export const vnu = () => String(require("vnu-jar"));
