// Does every document hold to its schema, and do its numbers add up?
//   node validate.cjs DOCUMENTS OUR_SCHEMAS STANDARD_SCHEMAS
// A document results.rules1.json belongs to the schema "results". Prints the runner's lines.
"use strict";
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv");
const AjvDraft4 = require("ajv-draft-04");
const addFormats = require("ajv-formats");

const [documents, ours, standards] = process.argv.slice(2);
const schemas = {
  diff: path.join(ours, "diff.json"),
  results: path.join(ours, "results.json"),
  verify: path.join(ours, "verify.json"),
  sarif: standards && path.join(standards, "sarif-schema-2.1.0.json"),
  "oscal-ar": standards && path.join(standards, "oscal_assessment-results_schema.json"),
  "oscal-poam": standards && path.join(standards, "oscal_poam_schema.json"),
};

function say(name, problem) {
  console.log(problem ? `not ok ${name}: ${problem}` : `ok ${name}`);
}

function compiled(file) {
  const schema = JSON.parse(fs.readFileSync(file, "utf8"));
  const Validator = schema.$schema.includes("draft-04") ? AjvDraft4 : Ajv;
  // unicodeRegExp: patterns with \p{L} mean what ECMA-262 says they mean.
  const ajv = new Validator({ strict: false, allErrors: true, unicodeRegExp: true });
  addFormats(ajv);
  return ajv.compile(schema);
}

function first(validate) {
  const error = validate.errors[0];
  const more = validate.errors.length - 1;
  return `${error.instancePath || "/"} ${error.message}` + (more > 0 ? ` (and ${more} more)` : "");
}

// What a schema cannot say.
const sums = {
  results(doc) {
    const states = ["ERROR", "FAIL", "OPEN", "MANUAL", "WAIVED", "PASS", "N/A"];
    const rank = new Map(states.map((state, i) => [state, i]));
    const worst = new Map();
    for (const row of doc.checks) {
      if (!worst.has(row.check) || rank.get(row.state) < rank.get(worst.get(row.check))) {
        worst.set(row.check, row.state);
      }
      if (row.state === "PASS" && (row.measured === null || row.target === null)) {
        return `${row.check} passes without a measured value and its target`;
      }
    }
    for (const state of states) {
      const n = [...worst.values()].filter((s) => s === state).length;
      const unasked = state === "OPEN" ? doc.counts.checks - worst.size : 0;
      if (doc.counts[state] !== n + unasked) {
        return `counts.${state} is ${doc.counts[state]}, the checks say ${n + unasked}`;
      }
    }
    if (states.reduce((sum, state) => sum + doc.counts[state], 0) !== doc.counts.checks) {
      return "the counts do not add up to the checks";
    }
    for (const { path: file, lines } of doc.inputs) {
      if (lines && lines.used + lines.ignored + lines.unsupported + lines.bad !== lines.total) {
        return `the lines of ${file} do not add up`;
      }
    }
    for (const result of doc.results) {
      if (/\{[a-z_]+(:[a-z]+)?\}/.test(result.message)) {
        return `${result.check}: a placeholder is left in "${result.message}"`;
      }
    }
    return null;
  },
  // Every UUID that is pointed to is there, none is there twice.
  "oscal-ar": uuids,
  "oscal-poam": uuids,
};

function uuids(doc) {
  const own = new Set();
  const used = [];
  let twice = null;
  (function walk(value) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === "uuid") {
        twice = own.has(inner) ? inner : twice;
        own.add(inner);
      } else if (/-uuid$/.test(key)) {
        used.push(inner);
      } else if (key === "href" && inner.startsWith("#")) {
        used.push(inner.slice(1));
      } else if (typeof inner === "object" && inner !== null) {
        walk(inner);
      }
    }
  })(doc);
  const missing = used.find((uuid) => !own.has(uuid));
  const other = [...own].find((uuid) => !/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid));
  return twice ? `${twice} is there twice` : missing ? `nothing is ${missing}` : other ? `${other} is no version 5` : null;
}

// A validator that lets everything through would show nothing.
function notices(validate, doc) {
  const without = structuredClone(doc);
  delete without[Object.keys(without)[0]];
  const wrong = structuredClone(doc);
  for (const key of Object.keys(wrong)) {
    wrong[key] = typeof wrong[key] === "object" ? 1 : {};
  }
  return !validate(wrong) || !validate(without);
}

for (const [name, file] of Object.entries(schemas)) {
  if (!file) {
    continue;
  }
  const validate = compiled(file);
  const names = fs.readdirSync(documents).filter((document) => document.startsWith(name + "."));
  let bad = 0;
  let one = null;
  for (const document of names) {
    const text = fs.readFileSync(path.join(documents, document), "utf8");
    let doc;
    try {
      doc = JSON.parse(text);
    } catch (error) {
      say(document, `no JSON: ${error.message}`);
      bad++;
      continue;
    }
    one = doc;
    const problem = validate(doc) ? sums[name] && sums[name](doc) : first(validate);
    if (problem) {
      say(document, problem);
      bad++;
    }
  }
  if (bad === 0) {
    say(`${name}: ${names.length} documents`, names.length ? null : "no document to check");
  }
  if (one) {
    say(`${name}: a broken document is noticed`, notices(validate, one) ? null : "it is not");
  }
}
