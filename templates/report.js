(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");

  /* Theme: the system's, until the button is pressed. */
  var button = document.querySelector(".theme");
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function stored() { try { return localStorage.getItem("theme"); } catch (e) { return null; } }
  function isDark() { return (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark"; }
  function label() { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; }
  if (stored() === "dark" || stored() === "light") { root.dataset.theme = stored(); }
  button.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch (e) { /* kept for this page only */ }
    label();
  });
  dark.addEventListener("change", label);
  label();

  /* Sorting: each group of rows by itself; headings and totals stay where they are. */
  function value(row, column) {
    var cell = row.cells[column], raw = cell.dataset.value, number = parseFloat(raw);
    return raw !== undefined && !isNaN(number) ? number : cell.textContent.trim();
  }
  function compare(a, b) {
    if (typeof a === typeof b) { return typeof a === "number" ? a - b : a.localeCompare(b); }
    return typeof a === "number" ? -1 : 1;
  }
  function sort(table, head, column) {
    var down = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    Array.prototype.forEach.call(table.tBodies, function (body) {
      Array.prototype.filter.call(body.rows, function (row) { return row.dataset.row !== undefined; })
        .map(function (row, place) { return { row: row, value: value(row, column), place: place }; })
        .sort(function (a, b) { return (down ? -1 : 1) * compare(a.value, b.value) || a.place - b.place; })
        .forEach(function (item) { body.appendChild(item.row); });
      body.querySelectorAll("tr.total").forEach(function (row) { body.appendChild(row); });
    });
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.prototype.forEach.call(table.tHead.rows[table.tHead.rows.length - 1].cells, function (head, column) {
      var press = document.createElement("button");
      press.type = "button";
      press.textContent = head.textContent.trim();
      head.replaceChildren(press);
      press.addEventListener("click", function () { sort(table, head, column); });
    });
  });

  /* Filter: rows whose text, id, chapter, notebook or data set hold every word. */
  document.querySelectorAll(".tools").forEach(function (tools) {
    var input = tools.querySelector("input"), status = tools.querySelector("[role=status]");
    var rows = document.getElementById(tools.dataset.table).querySelectorAll("tr[data-row]");
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/), shown = 0;
      rows.forEach(function (row) {
        var group = row.parentNode.querySelector("tr.group");
        var text = ((group ? group.textContent : "") + " " + row.textContent + " " + (row.dataset.words || "")).toLowerCase();
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        shown += row.hidden ? 0 : 1;
      });
      status.textContent = input.value.trim() ? tools.dataset.shown.replace("{shown}", shown).replace("{total}", rows.length) : "";
    });
  });

  /* What is wider than its frame scrolls there: then, and only then, the keyboard reaches it. */
  var frames = document.querySelectorAll("main .wrap, main figure, main .equation");
  function reach() {
    var wide = Array.prototype.map.call(frames, function (frame) { return frame.scrollWidth > frame.clientWidth + 1; });
    frames.forEach(function (frame, place) {
      if (wide[place]) { frame.tabIndex = 0; } else { frame.removeAttribute("tabindex"); }
    });
  }
  window.addEventListener("resize", reach);
  window.addEventListener("load", reach);
  reach();

  /* The current section in the list at the side. */
  var links = {};
  document.querySelectorAll(".side a[href^='#']").forEach(function (link) { links[link.hash.slice(1)] = link; });
  var parts = Array.prototype.filter.call(document.querySelectorAll("main [id]"), function (part) { return links[part.id]; });
  var side = document.querySelector(".side");
  function show(link) {
    var place = link.getBoundingClientRect(), frame = side.getBoundingClientRect();
    if (place.top < frame.top || place.bottom > frame.bottom) { side.scrollTop += place.top - frame.top - frame.height / 3; }
  }
  function mark() {
    var current = null;
    parts.forEach(function (part) { if (part.getBoundingClientRect().top < 140) { current = part.id; } });
    Object.keys(links).forEach(function (id) {
      if (id !== current) { links[id].removeAttribute("aria-current"); return; }
      if (!links[id].hasAttribute("aria-current")) { show(links[id]); }
      links[id].setAttribute("aria-current", "location");
    });
  }
  var waiting = false;
  function soon() {
    if (waiting) { return; }
    waiting = true;
    window.requestAnimationFrame(function () { waiting = false; mark(); });
  }
  ["scroll", "resize", "load", "hashchange"].forEach(function (happening) {
    window.addEventListener(happening, soon, { passive: true });
  });
  soon();
}());
