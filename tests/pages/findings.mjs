// What is wrong with the pages, and how it is printed: page by page, a line each.

// elements of one page that have the same fault and are named
const NAMED = 5;

export class Findings {
  #pages = new Map();

  /** Notes a fault of a page: what it is, at which element, and in which way of looking at the page it was seen. */
  note(page, what, { at = "", way = "" } = {}) {
    const faults = this.#pages.get(page) ?? new Map();
    this.#pages.set(page, faults);
    const elements = faults.get(what) ?? new Map();
    faults.set(what, elements);
    const ways = elements.get(at) ?? new Set();
    elements.set(at, ways);
    if (way) {
      ways.add(way);
    }
  }

  /** How many faults there are. */
  get count() {
    return [...this.#pages.values()].flatMap((faults) => [...faults.values()]).reduce((sum, elements) => sum + elements.size, 0);
  }

  /** Every fault in a line: address, ways, what, element. */
  print() {
    for (const page of [...this.#pages.keys()].sort()) {
      for (const [what, elements] of this.#pages.get(page)) {
        const named = [...elements].slice(0, NAMED);
        for (const [at, ways] of named) {
          console.log([page, [...ways].join(", "), what, at].filter(Boolean).join(" | "));
        }
        if (elements.size > NAMED) {
          console.log(`${page} | ${what} | and ${elements.size - NAMED} elements more`);
        }
      }
    }
  }
}
