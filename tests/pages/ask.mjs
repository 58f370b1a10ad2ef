// One request as a browser sends it, and what comes back over the wire.

import http from "node:http";
import https from "node:https";
import { gunzipSync } from "node:zlib";

// as browsers say it for a page
const ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PATIENCE_MS = 60_000;
const MARKUP = /^(text\/html|image\/svg\+xml)\b/;

const agents = { "http:": new http.Agent({ keepAlive: true }), "https:": new https.Agent({ keepAlive: true }) };

/** Whether an answer is a page or a drawing. */
export const isMarkup = (type) => MARKUP.test(type);

/** Status, type and where it redirects; of markup, and of everything if `whole`, also the text and the bytes that crossed the wire. */
export function ask(url, { whole = false } = {}) {
  const { protocol } = new URL(url);
  const { request } = protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent: agents[protocol], headers: { accept: ACCEPT, "accept-encoding": "gzip" }, timeout: PATIENCE_MS },
      (answer) => {
        const { statusCode: status, headers } = answer;
        const told = { status, headers, type: headers["content-type"] ?? "", location: headers.location, bytes: 0, text: "" };
        if (!whole && !isMarkup(told.type)) {
          // the rest of a file need not be sent
          answer.destroy();
          resolve(told);
          return;
        }
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const sent = Buffer.concat(parts);
          const read = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
          resolve({ ...told, bytes: sent.length, text: isMarkup(told.type) ? read.toString("utf8") : "" });
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    asked.on("error", reject);
    asked.end();
  });
}
