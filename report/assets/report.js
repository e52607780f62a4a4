// What a page can do beyond being read: filter, search, sort, fold. Without scripts nothing of it is
// there and nothing is missing. No word stands here: they are attributes of <main>, in the page's
// language. Nothing is written as markup.
(function () {
  "use strict";
  var main = document.querySelector("main");
  var words = main.dataset;
  var units = [];
  var groups = [];
  var pressed = new Set();
  var query = "";
  var status;

  function make(name, attributes, text) {
    var element = document.createElement(name);
    Object.keys(attributes).forEach(function (key) {
      element.setAttribute(key, attributes[key]);
    });
    if (text) {
      element.textContent = text;
    }
    return element;
  }

  // What goes when nothing in it is left, from the inside to the outside.
  var holders = "ol.many, div.policy, details.check, section.item";

  // What filters look at: each finding, and each row of the large tables, with what holds it.
  function collect() {
    var known = new Map();
    document.querySelectorAll(holders).forEach(function (element) {
      var group = { element: element, n: 0, hidden: false };
      known.set(element, group);
      groups.push(group);
    });
    document.querySelectorAll("li[data-state], table.rules tbody tr").forEach(function (element) {
      var within = [];
      for (var at = element.closest(holders); at; at = at.parentElement.closest(holders)) {
        within.push(known.get(at));
      }
      units.push({
        element: element,
        state: element.dataset.state || "",
        content: element.textContent.toLowerCase(),
        within: within,
        wanted: true,
        shown: true,
      });
    });
  }

  function wanted(unit, terms) {
    if (pressed.size > 0 && !pressed.has(unit.state)) {
      return false;
    }
    return terms.every(function (term) {
      return unit.content.indexOf(term) >= 0;
    });
  }

  function apply() {
    var terms = query.toLowerCase().split(/\s+/).filter(Boolean);
    var active = pressed.size > 0 || terms.length > 0;
    var n = 0;
    groups.forEach(function (group) {
      group.n = 0;
    });
    units.forEach(function (unit) {
      unit.wanted = wanted(unit, terms);
      if (unit.wanted) {
        n += unit.element.tagName === "LI" ? 1 : 0;
        unit.within.forEach(function (group) {
          group.n++;
        });
      }
    });
    groups.forEach(function (group) {
      var hidden = active && group.n === 0;
      if (hidden !== group.hidden) {
        group.element.hidden = hidden;
        group.hidden = hidden;
      }
    });
    // What is hidden with all that is around it stays as it is: thousands of changes fewer.
    units.forEach(function (unit) {
      if (unit.shown !== unit.wanted && !(unit.within.length > 0 && unit.within[0].hidden)) {
        unit.element.hidden = !unit.wanted;
        unit.shown = unit.wanted;
      }
    });
    status.textContent = words.shown.replace("{n}", n);
  }

  function chips(tools) {
    var group = make("div", { class: "chips", role: "group", "aria-label": words.states });
    var seen = new Set();
    document.querySelectorAll("li[data-state]").forEach(function (element) {
      seen.add(element.dataset.state);
    });
    document.querySelectorAll("#counts tbody tr").forEach(function (row) {
      var badge = row.querySelector(".badge");
      var state = badge.classList[1];
      if (!seen.has(state)) {
        return;
      }
      var chip = make("button", { type: "button", class: "chip " + state, "aria-pressed": "false" },
        badge.textContent);
      chip.addEventListener("click", function () {
        var on = !pressed.has(state);
        if (on) {
          pressed.add(state);
        } else {
          pressed.delete(state);
        }
        chip.setAttribute("aria-pressed", String(on));
        apply();
      });
      group.appendChild(chip);
    });
    tools.appendChild(group);
  }

  function folding(tools) {
    var button = make("button", { type: "button", class: "fold" }, words.fold);
    var open = true;
    button.addEventListener("click", function () {
      open = !open;
      document.querySelectorAll("details.check").forEach(function (check) {
        check.open = open;
      });
      button.textContent = open ? words.fold : words.unfold;
    });
    tools.appendChild(button);
  }

  function toolbar() {
    var tools = make("div", { class: "tools", role: "search" });
    var field = make("label", {}, words.search);
    var input = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", function () {
      query = input.value;
      apply();
    });
    field.appendChild(input);
    tools.appendChild(field);
    chips(tools);
    folding(tools);
    status = make("p", { class: "dim", role: "status" });
    tools.appendChild(status);
    document.querySelector("#items > h2").after(tools);
  }

  function key_of(cell) {
    var written = cell ? cell.textContent.trim() : "";
    var number = written.replace(/,/g, "");
    return /^-?[0-9]+(\.[0-9]+)?( %)?$/.test(number) ? parseFloat(number) : written;
  }

  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") {
      return a - b;
    }
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  }

  function sort(table, column, header) {
    var up = header.getAttribute("aria-sort") !== "ascending";
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row, i) {
      return { row: row, key: key_of(row.cells[column]), at: i };
    });
    rows.sort(function (a, b) {
      return (up ? 1 : -1) * compare(a.key, b.key) || a.at - b.at;
    });
    rows.forEach(function (one) {
      body.appendChild(one.row);
    });
    table.querySelectorAll("th").forEach(function (th) {
      th.removeAttribute("aria-sort");
    });
    header.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  function sorting() {
    document.querySelectorAll("table.sort").forEach(function (table) {
      var column = 0;
      Array.from(table.tHead.rows[0].cells).forEach(function (header) {
        var at = column;
        column += header.colSpan;
        if (header.textContent === "") {
          return;
        }
        var button = make("button", { type: "button" }, header.textContent);
        header.textContent = "";
        header.appendChild(button);
        button.addEventListener("click", function () {
          sort(table, at, header);
        });
      });
    });
  }

  function copying() {
    if (!navigator.clipboard) {
      return;
    }
    document.querySelectorAll("li[data-state] > p.sentence").forEach(function (sentence) {
      var text = sentence.textContent;
      var button = make("button", { type: "button", class: "copy" }, words.copy);
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(text);
        button.textContent = words.copied;
      });
      sentence.after(button);
    });
  }

  // A link into a folded check opens it.
  function follow() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
    }
  }

  collect();
  toolbar();
  sorting();
  copying();
  apply();
  window.addEventListener("hashchange", follow);
  follow();
})();
