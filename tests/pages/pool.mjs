// Work on many things, a few at a time.

/** What `work` makes of each thing, in the things' order. */
export async function pool(things, atOnce, work) {
  const made = new Array(things.length);
  let next = 0;
  const worker = async () => {
    while (next < things.length) {
      const at = next++;
      made[at] = await work(things[at]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, worker));
  return made;
}
