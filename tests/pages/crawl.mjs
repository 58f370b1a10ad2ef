// Follows every link of the service's own from its first pages, and says what each address answers.

import { ask, isMarkup } from "./ask.mjs";
import { pool } from "./pool.mjs";

// addresses of one kind that are asked at most
const ASKED = 400;
const AT_ONCE = 4;
// what `#` and `#top` lead to needs no element
const TOP = ["", "top"];

/** Path and query of an address. */
const short = (url) => url.pathname + url.search;

/** The names of an address's parameters. */
const names = (url) => [...new Set(url.searchParams.keys())].sort().join("&");

/** A fragment as the id that it names; a browser too leaves alone what it cannot decode. */
function decoded(fragment) {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** What an address has in common with those that differ in their variable parts only. */
const kind = (url) => `/${url.pathname.split("/").slice(1, 3).join("/")}?${names(url)}`;

/** The service's answer to one address, with what its document says where it has one. */
async function visit(origin, address, read) {
  let answer;
  try {
    answer = await ask(origin + address);
  } catch (error) {
    return { status: 0, type: "", why: error.message };
  }
  const { status, type, bytes, location, text } = answer;
  const found = { status, type, bytes, location };
  if (isMarkup(type)) {
    const { ids, links, ...said } = await read(text, type.split(";")[0]);
    const targets = new Map();
    for (const { written, at } of links) {
      const url = URL.canParse(written, origin + address) ? new URL(written, origin + address) : undefined;
      if (!url) {
        targets.set(written, { written, at });
      } else if (url.origin === origin && !targets.has(url.href)) {
        targets.set(url.href, { to: short(url), kind: kind(url), fragment: url.hash.slice(1), at });
      }
    }
    Object.assign(found, said, { ids: new Set(ids), targets: [...targets.values()] });
  }
  return found;
}

/** Every address that can be reached from some, with its answer; `left` counts addresses of kinds that have too many. */
async function reach(origin, starts, read) {
  const answers = new Map();
  const kinds = new Map();
  const left = new Map();
  let next = [];
  const want = (to, of, from) => {
    if (answers.has(to)) {
      return;
    }
    const asked = kinds.get(of) ?? 0;
    if (asked >= ASKED) {
      left.set(of, (left.get(of) ?? new Set()).add(to));
      return;
    }
    kinds.set(of, asked + 1);
    answers.set(to, { from });
    next.push(to);
  };

  for (const start of starts) {
    want(start, start, undefined);
  }
  while (next.length > 0) {
    const round = next;
    next = [];
    const found = await pool(round, AT_ONCE, (address) => visit(origin, address, read));
    // in the order of the links, so that two runs look at the same pages
    for (const [index, address] of round.entries()) {
      const answer = Object.assign(answers.get(address), found[index]);
      for (const target of answer.targets ?? []) {
        if (target.to) {
          want(target.to, target.kind, { page: address, at: target.at });
        }
      }
      if (answer.status >= 300 && answer.status < 400 && answer.location) {
        const url = new URL(answer.location, origin + address);
        answer.to = url.origin === origin ? short(url) : undefined;
        if (answer.to) {
          want(answer.to, kind(url), { page: address, at: "" });
        }
      }
    }
  }
  return { answers, left };
}

/** The answer at the end of an address's redirections. */
function end(answers, address) {
  let answer = answers.get(address);
  for (let hops = 0; answer?.to && hops < 5; hops++) {
    answer = answers.get(answer.to);
  }
  return answer;
}

/** Everything reachable, and notes links that lead nowhere. */
export async function crawl(origin, starts, read, findings) {
  const { answers, left } = await reach(origin, starts, read);
  let fragments = 0;
  for (const [address, { status, why, from, error, targets = [], handlers = [] }] of answers) {
    if (status === 0 || status >= 400) {
      findings.note(from?.page ?? address, `link to ${address} answers ${status || why}`, { at: from?.at });
    }
    if (error) {
      findings.note(address, `not well-formed: ${error.split("\n")[0]}`);
    }
    for (const { name, at } of handlers) {
      findings.note(address, `${name} runs nothing under the policy`, { at });
    }
    for (const { written, to, fragment, at } of targets) {
      if (written) {
        findings.note(address, `link to "${written}" is no address`, { at });
        continue;
      }
      const id = decoded(fragment.replace(/:~:.*/, ""));
      const ids = end(answers, to)?.ids;
      if (!TOP.includes(id) && ids) {
        fragments++;
        if (!ids.has(id)) {
          findings.note(address, `link to ${to}#${fragment}, where nothing has this id`, { at });
        }
      }
    }
  }
  for (const [of, addresses] of left) {
    console.log(`pages: of ${of} ${ASKED} addresses were asked, ${addresses.size} more were not`);
  }
  const documents = [...answers].filter(([, answer]) => answer.ids && answer.status < 300).map(([address, answer]) => ({ address, ...answer }));
  return { documents, links: answers.size + fragments };
}
