// The command line that the judges share: `--address URL --chromium PATH` and what a judge adds.

import { parseArgs } from "node:util";

/** The options, or the end of the program with its usage. */
export function options(usage, added = {}) {
  const known = { address: { type: "string" }, chromium: { type: "string" }, ...added };
  try {
    const { values } = parseArgs({ options: known });
    const missing = Object.keys(known).filter((name) => known[name].type === "string" && !known[name].optional && !values[name]);
    if (missing.length > 0) {
      throw new Error(`--${missing.join(", --")} missing`);
    }
    return { ...values, address: new URL(values.address).origin };
  } catch (error) {
    console.error(`${error.message}\nusage: ${usage}`);
    process.exit(2);
  }
}
