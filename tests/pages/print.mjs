// How many sheets a page takes when it is printed.

// pages that are made to be printed, and the sheets that they may take
const REPORTS = /^\/(en\/report|rapport)(\/|\?|$)/;
const SHEETS = 4;

/** Notes a report that is too long on A4. */
export async function print(window, address, findings) {
  if (!REPORTS.test(address)) {
    return;
  }
  const pdf = await window.pdf({ format: "A4" });
  const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (sheets < 1 || sheets > SHEETS) {
    findings.note(address, `printed on ${sheets} sheets of A4 instead of at most ${SHEETS}`);
  }
}
