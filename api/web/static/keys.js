// Keys: / asks, j and k move between proposals, a and r decide (with confirmation), ? lists them.
import { decide } from "./decide.js";
import { element } from "./http.js";

const KEYS = { "/": "Ask", j: "Next proposal", k: "Proposal before", a: "Approve it", r: "Reject it", "?": "This list" };

export function startKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    const cards = [...root.querySelectorAll("[data-proposal]")];
    const chosen = root.querySelector("[data-proposal].selected");
    if (event.key === "/") { const box = root.querySelector("#ask"); if (box) { box.focus(); event.preventDefault(); } }
    else if (event.key === "j") choose(cards, cards.indexOf(chosen) + 1);
    else if (event.key === "k") choose(cards, cards.indexOf(chosen) - 1);
    else if ((event.key === "a" || event.key === "r") && chosen?.querySelector("[data-decide]")) decide(chosen, event.key === "a" ? "approve" : "reject");
    else if (event.key === "?") list(root.querySelector("[data-confirm]"));
  });
}

function choose(cards, index) {
  const card = cards[Math.max(0, Math.min(index, cards.length - 1))];
  if (!card) return;
  cards.forEach((other) => other.classList.toggle("selected", other === card));
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function list(dialog) {
  const rows = Object.entries(KEYS).flatMap(([key, words]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, words)]);
  const close = element("button", { type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(element("h2", {}, "Keys"), element("dl", { class: "facts" }, ...rows), close);
  dialog.showModal();
}
