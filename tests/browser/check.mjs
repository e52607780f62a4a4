// The pages of a review, driven: node check.mjs FOLDER AXE PICTURES. Prints the runner's lines.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "./chromium.mjs";

const [folder, axeFile, pictures] = process.argv.slice(2);
const axe = readFileSync(axeFile, "utf8");
const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
const matrix = JSON.parse(readFileSync(join(folder, "zone-matrix.json"), "utf8"));
const table = (name) => readFileSync(join(folder, name), "utf8").replace(/\n$/, "").split("\n").slice(1)
  .map((line) => line.split("\t"));
const permitting = table("breadth.tsv").filter((cells) => cells[2] !== "default");
const url = (name) => `file://${join(folder, name)}`;

function say(name, problem) {
  console.log(problem ? `not ok ${name}: ${String(problem).split("\n")[0]}` : `ok ${name}`);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

// --- what it looks like ---------------------------------------------------------------------------

async function looks(page, lang, width, scheme) {
  const name = `${lang} ${width} ${scheme}`;
  await page.look(width, scheme);
  await page.open(url(`${lang}.html`));
  writeFileSync(join(pictures, `${lang}.${width}.${scheme}.png`), await page.screenshot());
  say(`${name}: console`, page.seen.console[0]);
  const away = page.seen.requests.filter((request) => request !== url(`${lang}.html`));
  say(`${name}: no request leaves`, away[0]);
  const wide = await page.evaluate("Math.max(innerWidth, document.documentElement.scrollWidth)");
  say(`${name}: fits`, wide > width ? `${wide - width} pixels stick out` : null);
  if (scheme === "light") {
    say(`${name}: links arrive`, (await astray(page))[0]);
  }
  await page.evaluate(axe);
  const found = await page.evaluate(`axe.run().then((r) => r.violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map((v) => v.id + ": " + v.nodes[0].html))`);
  say(`${name}: axe`, found[0]);
}

// Where links of the page lead to and cannot be seen a moment later: behind the tools, or elsewhere.
function astray(page) {
  return page.evaluate(`(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const missed = [];
    const links = [...document.querySelectorAll("nav a"), ...[...document.querySelectorAll("main a[href^='#']")]
      .filter((link, i) => i % 25 === 0)];
    for (const link of links) {
      link.click();
      await frame();
      await frame();
      const target = document.querySelector(link.hash);
      const tools = document.querySelector(".tools").getBoundingClientRect();
      const top = Math.ceil(target.getBoundingClientRect().top);
      const above = target.closest("section.item") ? tools.bottom : 0;
      if (top < Math.floor(above) || top >= innerHeight) {
        missed.push(link.hash + " stands at " + top + ", the window is " + Math.floor(above) + " to " + innerHeight);
      }
    }
    scrollTo(0, 0);
    return missed;
  })()`);
}

// --- every count is the JSON's --------------------------------------------------------------------

function findings_of(check) {
  return results.results.filter((result) => result.check === check).length;
}

// What is new, still there and gone, counted again from the tables of both packs.
function changes() {
  const findings = (name) => readFileSync(join(folder, name), "utf8").trim().split("\n").slice(1)
    .map((line) => line.split("\t"))
    .filter((cells) => ["FAIL", "OPEN", "WAIVED", "ERROR"].includes(cells[2]))
    .map((cells) => cells[cells.length - 1]);
  const before = findings("before.tsv");
  const counts = { new: 0, same: 0, gone: 0 };
  for (const fingerprint of findings("verdicts.tsv")) {
    const at = before.indexOf(fingerprint);
    if (at >= 0) {
      before.splice(at, 1);
    }
    counts[at >= 0 ? "same" : "new"]++;
  }
  counts.gone = before.length;
  return counts;
}

// The rows of a table's body as texts.
const rows = (selector) => `[...document.querySelectorAll(${JSON.stringify(selector)} + " tbody tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent.trim()))`;
const number = (text) => Number(text.replace(/,/g, ""));

async function counts(page, lang) {
  await page.look(1280, "light");
  await page.open(url(`${lang}.html`));
  let wrong = null;
  const expect = (what, is, want) => {
    wrong = wrong || (is === want ? null : `${what} is ${is}, the JSON says ${want}`);
  };
  for (const [path, text] of await page.evaluate(
    `[...document.querySelectorAll("[data-n]")].map((e) => [e.dataset.n, e.textContent])`)) {
    expect(path, number(text), results.counts[path.replace("counts.", "")]);
  }
  const shown = await page.evaluate(rows("#checks"));
  for (const cells of shown) {
    expect(`findings of ${cells[1]}`, number(cells[cells.length - 1]), findings_of(cells[1]));
  }
  const uncomputed = results.counts.not_computed;
  expect("rows of checks", shown.length, results.counts.checks - uncomputed);
  // The overview: its rows add up to its foot, and that is the JSON's.
  const overview = await page.evaluate(rows("#overview"));
  const foot = await page.evaluate(
    `[...document.querySelector("#overview tfoot tr").cells].map((c) => c.textContent.trim())`);
  for (let column = 3; column < foot.length; column++) {
    const sum = overview.reduce((n, cells) => n + (number(cells[column]) || 0), 0);
    expect(`column ${column} of the overview`, sum, number(foot[column]));
  }
  expect("sum of the overview", number(foot[foot.length - 1]), results.counts.checks);
  const states = await page.evaluate(`[...document.querySelectorAll("li[data-state]")]
    .map((li) => li.dataset.state)`);
  for (const state of ["ERROR", "FAIL", "OPEN", "WAIVED"]) {
    expect(`findings ${state}`, states.filter((s) => s === state).length,
      results.results.filter((result) => result.state === state).length);
  }
  expect("inputs", (await page.evaluate(rows("#inputs"))).length, results.inputs.length);
  const lines = (await page.evaluate(rows("#inputs"))).map((cells) => cells.slice(2).map(number));
  results.inputs.forEach((input, i) => {
    const { total, used, ignored, unsupported, bad } = input.lines;
    expect(`lines of ${input.path}`, String(lines[i]), String([total, used, ignored, unsupported, bad]));
  });
  const sources = await page.evaluate(rows("#logs > .wide"));
  results.sources.forEach((source, i) => {
    const cells = sources[i];
    expect(`events of ${source.source}`, number(cells[4]), source.events);
    expect(`months of ${source.source}`, number(cells[5]), source.months_kept);
    expect(`days of ${source.source}`, number(cells[6]), source.days_present);
    expect(`gaps of ${source.source}`, number(cells[7]), source.gaps.length);
  });
  expect("calendars", await page.evaluate(`document.querySelectorAll("figure.calendar").length`),
    results.sources.length);
  const rules = await page.evaluate(`[...document.querySelectorAll("table.rules")]
    .map((table) => table.tBodies[0].rows.length)`);
  expect("rules", String(rules),
    String(results.policies.filter((policy) => policy.rules > 0).map((policy) => policy.rules)));
  // What changed since the review before.
  const { new: fresh, same, gone } = results.changes;
  expect("changes", String([fresh, same, gone]), String(Object.values(changes())));
  expect("findings gone", results.changes.gone_findings.length, gone);
  for (const [name, text] of await page.evaluate(
    `[...document.querySelectorAll("[data-change]")].map((e) => [e.dataset.change, e.textContent])`)) {
    expect(`findings ${name}`, number(text), results.changes[name]);
  }
  const changed = await page.evaluate(`document.querySelectorAll("[data-change]").length`);
  expect("sums of changes", changed, 3);
  expect("findings marked new", await page.evaluate(`document.querySelectorAll("p.fresh").length`),
    results.changes.new);
  const still = results.results.length - results.changes.new;
  expect("findings still there", still, results.changes.same);
  const trend = await page.evaluate(rows("#trend"));
  expect("reviews in the trend", trend.length, 2);
  expect("the last of the trend", String(trend[1].slice(1).map(number)),
    String(["ERROR", "FAIL", "OPEN", "MANUAL", "WAIVED", "PASS", "N/A", "checks"]
      .map((state) => results.counts[state])));
  // The matrix of zones and the rules by hits and breadth.
  expect("passages between zones",
    await page.evaluate(`document.querySelectorAll("#zones p.pass").length`), matrix.cells.length);
  expect("passages that are not approved",
    await page.evaluate(`document.querySelectorAll("#zones p.excess").length`),
    matrix.cells.filter((cell) => cell.excess !== "").length);
  const heat = await page.evaluate(rows("#heat"));
  const sums = heat.map((cells) => number(cells[cells.length - 1]));
  expect("rules by hits", sums.reduce((a, b) => a + b, 0), permitting.length);
  const least = [0, 1, 100, 10000, 1000000];
  const row = (cells) => cells[10] === "" ? 5 : least.filter((n) => n <= Number(cells[9])).length - 1;
  heat.forEach((cells, i) => {
    expect(`hits ${cells[0]}`, cells.slice(1, -1).reduce((sum, cell) => sum + (number(cell) || 0), 0),
      number(cells[cells.length - 1]));
    expect(`rules of hits ${cells[0]}`, number(cells[cells.length - 1]),
      permitting.filter((rule) => row(rule) === i).length);
  });
  const by = await page.evaluate(`({...document.getElementById("heat-by").dataset})`);
  for (const what of ["logs", "counter"]) {
    const rules = permitting.filter((rule) => rule[10] === what).length;
    expect(`rules counted by ${what}`, number(by[what]), rules);
  }
  // What was decided, counted again from the tables of the pack.
  const decided = results.decisions;
  const columns = ["rules", "keep", "modify", "remove", "waive", "undecided"];
  expect("rules in force", decided.rules, table("rules.tsv").filter((rule) => rule[5] === "yes").length);
  expect("sum of what was decided", decided.rules,
    columns.slice(1).reduce((sum, column) => sum + decided[column], 0));
  expect("nothing decided", decided.keep > 0 && decided.remove > 0 && decided.undecided > 0, true);
  const total = await page.evaluate(`[...document.querySelector("#decided tfoot tr").cells]
    .slice(1).map((cell) => cell.textContent)`);
  expect("what was decided", String(total.map(number)), String(columns.map((column) => decided[column])));
  const perDevice = await page.evaluate(rows("#decided"));
  columns.forEach((column, i) => expect(`${column}, device by device`,
    perDevice.reduce((sum, cells) => sum + number(cells[i + 1]), 0), decided[column]));
  const recorded = table("decisions.tsv");
  const shownStates = await page.evaluate(`[...document.querySelectorAll("[data-decision]")]
    .map((cell) => cell.dataset.decision)`);
  expect("decisions", shownStates.length, recorded.length);
  for (const state of ["current", "earlier", "expired", "gone"]) {
    const n = recorded.filter((cells) => cells[13] === state).length;
    expect(`decisions ${state}`, shownStates.filter((s) => s === state).length, n);
    expect(`decisions ${state} in the JSON`, decided[state], n);
  }
  say(`${lang}: every count is the JSON's`, wrong);
}

// Whatever is answered names what it rests on, with the hash that the pack has of it.
async function evidence(page, lang) {
  const index = createHash("sha256").update(readFileSync(join(folder, "index.tsv"))).digest("hex");
  const hashes = new Set([index, results.changes.head, ...results.inputs.map((input) => input.sha256)]);
  const shown = await page.evaluate(`[...document.querySelectorAll("details.check")].map((check) => [check.id,
    check.querySelector(".badge").classList[1], [...check.querySelectorAll("dl .hash")].map((e) => e.textContent)])`);
  const bare = shown.filter(([, state, found]) => state !== "NA" && found.length === 0);
  const strange = shown.find(([, , found]) => found.some((hash) => !hashes.has(hash)));
  const logs = shown.filter(([id, , found]) => /^(GAP|TIM-00[345])/.test(id) && !found.includes(index));
  say(`${lang}: evidence has a hash`, bare.length > 0 ? `${bare[0][0]} names none`
    : strange ? `${strange[0]} names ${strange[2]}` : logs.length > 0 ? `${logs[0][0]} does not name the logs` : null);
}

// The table at the head of an audit item is what follows below it.
async function heads(page, lang) {
  await page.open(url(`${lang}.html`));
  const items = await page.evaluate(`[...document.querySelectorAll("section.item")].map((item) => [
    [...item.querySelectorAll("table.checks tbody tr")].map((row) => [row.cells[1], row.cells[0], row.cells[4]]
      .map((cell) => cell.textContent)),
    [...item.querySelectorAll("details.check")].map((check) => [check.id,
      check.querySelector("summary .badge").textContent])])`);
  const wrong = items.find(([rows, checks]) => (checks.length > 1 || rows.length > 0) &&
    (rows.length !== checks.length || rows.some(([id, state, findings], i) => id !== checks[i][0] ||
      state !== checks[i][1] || number(findings) !== findings_of(id))));
  say(`${lang}: items by check`, wrong ? JSON.stringify(wrong) : items.some(([rows]) => rows.length > 5) ? null
    : "no item has a table");
}

// --- what the script does -------------------------------------------------------------------------

async function works(page, lang) {
  await page.look(1280, "light");
  await page.open(url(`${lang}.html`));
  const shown = `[...document.querySelectorAll("li[data-state]")].filter((li) => li.checkVisibility()).length`;
  const all = await page.evaluate(shown);
  const fails = results.results.filter((result) => result.state === "FAIL").length;
  await page.evaluate(`document.querySelector(".chip.FAIL").click()`);
  const filtered = await page.evaluate(shown);
  const status = await page.evaluate(`document.querySelector("[role=status]").textContent`);
  say(`${lang}: filter by state`, filtered !== fails || !status.includes(fails)
    ? `${filtered} shown, "${status}", the JSON has ${fails}` : null);
  await page.evaluate(`document.querySelector(".chip.FAIL").click()`);
  const search = (text) => page.evaluate(`(() => { const input = document.querySelector(".tools input");
    input.value = ${JSON.stringify(text)}; input.dispatchEvent(new Event("input")); })()`);
  await search("kiosk_in");
  const kiosk = await page.evaluate(`[...document.querySelectorAll("li[data-state]")]
    .filter((li) => li.checkVisibility()).every((li) => li.textContent.includes("kiosk_in"))`);
  const some = await page.evaluate(shown);
  say(`${lang}: search`, !kiosk || some === 0 || some === all ? `${some} of ${all} shown` : null);
  await search("");
  say(`${lang}: nothing filtered shows all`, (await page.evaluate(shown)) === all ? null : "it does not");
  await page.evaluate(`document.querySelector(".fold").click()`);
  const folded = await page.evaluate(`[...document.querySelectorAll("details.check")].some((d) => d.open)`);
  await page.evaluate(`location.hash = "#RUL-001"`);
  const followed = await page.evaluate(`new Promise((r) => setTimeout(() =>
    r(document.getElementById("RUL-001").open), 50))`);
  say(`${lang}: fold`, folded ? "something is open" : followed ? null : "a link does not unfold");
  const column = `[...document.querySelectorAll("#inputs tbody tr")].map((r) => r.cells[2].textContent)`;
  await page.evaluate(`document.querySelectorAll("#inputs th button")[2].click()`);
  const sorted = (await page.evaluate(column)).map(number);
  const up = sorted.every((n, i) => i === 0 || sorted[i - 1] <= n);
  await page.evaluate(`document.querySelectorAll("#inputs th button")[2].click()`);
  const again = (await page.evaluate(column)).map(number);
  const down = again.every((n, i) => i === 0 || again[i - 1] >= n);
  say(`${lang}: sort`, up && down && sorted[0] < again[0] ? null : "the column is not in order");
  say(`${lang}: console after all that`, page.seen.console[0]);
}

async function withoutScripts(page, lang) {
  await page.call("Emulation.setScriptExecutionDisabled", { value: true });
  await page.open(url(`${lang}.html`));
  const { root } = await page.call("DOM.getDocument", { depth: 1 });
  const count = async (selector) => (await page.call("DOM.querySelectorAll",
    { nodeId: root.nodeId, selector })).nodeIds.length;
  const found = results.results.length;
  const shown = await count("li[data-state=FAIL], li[data-state=OPEN], li[data-state=WAIVED], li[data-state=ERROR]");
  const dead = await count("button, input");
  say(`${lang}: without scripts`, shown !== found ? `${shown} findings, the JSON has ${found}`
    : dead ? `${dead} controls that do nothing` : null);
  await page.call("Emulation.setScriptExecutionDisabled", { value: false });
}

// --- on paper -------------------------------------------------------------------------------------

async function printed(page, lang) {
  await page.look(1280, "light");
  await page.open(url(`${lang}.html`));
  const items = await page.evaluate(`document.querySelectorAll("section.item").length`);
  await page.call("Emulation.setEmulatedMedia", { media: "print" });
  const breaks = await page.evaluate(`[...document.querySelectorAll("section.item")]
    .filter((s) => getComputedStyle(s).breakBefore === "page" &&
      getComputedStyle(s.querySelector(".signoff")).display === "table").length`);
  const tools = await page.evaluate(`[...document.querySelectorAll(".tools, nav, button.copy")]
    .filter((e) => e.checkVisibility()).length`);
  await page.call("Emulation.setEmulatedMedia", { media: "" });
  const pdf = await page.pdf();
  writeFileSync(join(pictures, `${lang}.pdf`), pdf);
  const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
  say(`${lang}: printed, each item on a page of its own with boxes to sign`,
    breaks !== items ? `${breaks} of ${items} items begin a page` : tools ? "controls are printed"
      : pages < items ? `${pages} pages for ${items} items` : null);
}

// --- large ----------------------------------------------------------------------------------------

async function large(browser) {
  const opened = [];
  const filtered = [];
  const times = process.env.LONG === "1" ? 5 : 1;
  for (let i = 0; i < times; i++) {
    const page = await browser.page();
    await page.look(1280, "light");
    await page.open(url("large.html"));
    opened.push(await page.evaluate(`new Promise((r) => requestAnimationFrame(() => setTimeout(() =>
      r(performance.now()))))`));
    for (const text of ["chg-2026-1", "chg-2026-1999", ""]) {
      filtered.push(await page.evaluate(`new Promise((done) => {
        const input = document.querySelector(".tools input");
        const begin = performance.now();
        input.value = ${JSON.stringify(text)};
        input.dispatchEvent(new Event("input"));
        document.body.offsetHeight;
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
      })`));
    }
    if (i === 0) {
      const rules = await page.evaluate(`document.querySelectorAll("table.rules tbody tr").length`);
      const findings = await page.evaluate(`document.querySelectorAll("li[data-state=FAIL]").length`);
      say("large: 5,000 rules and 2,000 findings", rules === 5000 && findings >= 2000 ? null
        : `${rules} rules, ${findings} findings`);
    }
    await page.close();
  }
  const open = Math.round(median(opened));
  const filter = Math.round(median(filtered));
  // Measured, not judged: how busy the machine is would decide.
  console.log(`# large page: opened in ${open} ms (${opened.map(Math.round)}), ` +
    `filtered in ${filter} ms (${filtered.map(Math.round)})`);
}

const browser = await launch();
try {
  for (const lang of ["en", "zh-TW"]) {
    const page = await browser.page();
    for (const width of [1280, 390]) {
      for (const scheme of ["light", "dark"]) {
        await looks(page, lang, width, scheme);
      }
    }
    await counts(page, lang);
    await evidence(page, lang);
    await heads(page, lang);
    await works(page, lang);
    await withoutScripts(page, lang);
    await printed(page, lang);
    await page.close();
  }
  await large(browser);
} finally {
  await browser.close();
}
