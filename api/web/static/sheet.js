// The side sheet behind every number: definition, window, coverage, and the rows themselves.
import { drawCharts } from "./charts.js";
import { ask, element } from "./http.js";

export function startSheet(root) {
  const sheet = root.querySelector("[data-sheet]");
  if (!sheet) return;
  root.addEventListener("click", (event) => {
    const source = event.target.closest("[data-figure], [data-row], [data-source]");
    if (!source) return;
    event.preventDefault();
    open(sheet, source.dataset).catch((error) => show(sheet, "This could not be opened", element("p", {}, error.message)));
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
  });
}

async function open(sheet, { figure, row, source }) {
  if (figure) return openFigure(sheet, JSON.parse(figure));
  show(sheet, "Rows", element("p", {}, "Reading…"));
  if (row) {
    const course = row.startsWith("signal:") ? [await itsCourse(row.slice(7)).catch(notDrawn)] : [];
    show(sheet, words(row), ...course, ...rowsTable([await ask(`/api/v1/rows/${encodeURIComponent(row)}`)]), ...itsPage(row));
    return drawCharts(sheet);
  }
  const answer = await ask(path(source));
  show(sheet, "Rows behind this", ...rowsTable(answer.rows, answer.total));
}

async function openFigure(sheet, figure) {
  const facts = element("dl", { class: "facts" });
  const say = (name, words) => words && facts.append(element("dt", {}, name), element("dd", {}, words));
  say("Value", figure.words || (figure.value === null ? "withheld" : `${figure.value} ${figure.unit}`));
  say("Missing", figure.missing.join("; "));
  say("Definition", figure.definition);
  say("From", when(figure.from));
  say("To", when(figure.to));
  say("Seen", `${Math.round(1000 * figure.coverage) / 10} % of the time`);
  say("Note", figure.note);
  for (const [name, value] of Object.entries(figure.elements || {})) say(name, number(value));
  const rows = element("div", {}, element("p", {}, "Reading the rows…"));
  show(sheet, figure.title || figure.name, facts, element("h3", {}, `${figure.source.rows} rows behind it`), rows);
  if (!figure.source.query) return rows.replaceChildren();
  const answer = await ask(path(figure.source.query));
  rows.replaceChildren(...rowsTable(answer.rows, answer.total));
}

const path = (query) => (query.startsWith("/") ? query : `/api/v1/${query}`);
const when = (text) => new Date(text).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: document.body.dataset.zone });
const PAGES = { loss: (id) => `/losses/${id}`, proposal: (id) => `/proposals/${id}`, task: (id) => `/improvement#task-${id}` };
const REF = /^[a-z_]+:\S+$/;

const words = (ref) => `${ref.split(":")[0].replaceAll("_", " ")} ${ref.split(":").slice(1).join(":")}`;

// What a signal measured, around the loss on whose page it is opened.
async function itsCourse(name) {
  const loss = location.pathname.match(/^\/losses\/(\d+)$/);
  const place = element("div", {});
  place.innerHTML = await ask(`/parts/signals/${encodeURIComponent(name)}${loss ? `?loss=${loss[1]}` : ""}`, { as: "html" }); // our own server's piece of page
  return place;
}

// The row itself can be read all the same.
const notDrawn = (error) => element("p", { class: "small" }, `Its course could not be drawn: ${error.message}`);

function itsPage(ref) {
  const [noun, id] = ref.split(":");
  return PAGES[noun] ? [element("p", {}, element("a", { href: PAGES[noun](id) }, `Open ${noun} ${id}`))] : [];
}

const IN_TITLE = ["ref", "noun", "id"]; // of a single row the sheet's title says these

function rowsTable(rows, total = rows.length) {
  if (!rows.length) return [element("p", { class: "empty" }, "There are no rows.")];
  if (rows.length === 1) {
    const list = element("dl", { class: "facts" });
    for (const [name, value] of Object.entries(rows[0])) if (!IN_TITLE.includes(name)) list.append(element("dt", {}, name.replaceAll("_", " ")), element("dd", {}, cell(value)));
    return [list];
  }
  const names = Object.keys(rows[0]).filter((name) => name !== "noun" && name !== "id");
  const head = element("thead", {}, element("tr", {}, ...names.map((name) => element("th", {}, name.replaceAll("_", " ")))));
  const body = element("tbody", {}, ...rows.slice(0, 500).map((row) => element("tr", {}, ...names.map((n) => element("td", {}, cell(row[n]))))));
  const more = total > rows.length ? [element("p", { class: "small" }, `The first ${rows.length} of ${total} rows.`)] : [];
  return [element("div", { class: "scroll" }, element("table", {}, head, body)), ...more];
}

const number = (value) => (typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 2 }) : cell(value));

function cell(value) {
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string" && REF.test(value)) return references([value]);
  if (Array.isArray(value) && value.every((part) => REF.test(part))) return references(value);
  if (typeof value === "number" && !Number.isInteger(value)) return number(value);
  if (typeof value === "object") return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? when(value) : String(value);
}

function references(refs) {
  const shown = refs.slice(0, 20).flatMap((ref) => [element("button", { class: "num", type: "button", "data-row": ref }, words(ref)), ", "]);
  const nodes = document.createDocumentFragment();
  nodes.append(...shown.slice(0, -1), refs.length > 20 ? ` and ${refs.length - 20} more` : "");
  return nodes;
}

function show(sheet, title, ...content) {
  const head = element("div", { class: "panel-head" }, element("h2", {}, title), element("button", { type: "button", "data-close": true }, "Close"));
  sheet.replaceChildren(element("div", {}, head, ...content));
  if (!sheet.open) sheet.showModal();
}
