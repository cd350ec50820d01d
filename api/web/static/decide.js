// Approve, edit or reject in place. What is approved is the hash of the bytes that were shown.
import { ask, element } from "./http.js";

export function startDeciding(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-decide]");
    if (button) decide(button.closest("[data-proposal]"), button.dataset.decide);
  });
}

export function decide(card, how) {
  if (!card) return;
  if (how === "edit") { window.location.assign(`/proposals/${card.dataset.proposal}/edit`); return; }
  const dialog = document.querySelector("[data-confirm]");
  const title = card.querySelector("h3").textContent;
  const reason = element("textarea", { name: "reason", rows: 3, id: "reason", required: how === "reject" });
  const fault = element("p", { class: "error-text", hidden: true });
  const yes = element("button", { type: "submit", class: how === "approve" ? "primary" : "danger" }, how === "approve" ? "Approve" : "Reject");
  const form = element(
    "form", { class: "panel-form" },
    element("h2", {}, `${how === "approve" ? "Approve" : "Reject"}: ${title}`),
    element("label", { for: "reason" }, how === "approve" ? "A word on it (may stay empty)" : "Why not", reason),
    fault,
    element("div", { class: "row" }, yes, element("button", { type: "button", "data-cancel": true }, "Cancel")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    yes.disabled = true;
    try {
      const body = { approve: how === "approve", sha256: card.dataset.sha256, reason: reason.value };
      await ask(`/api/v1/proposals/${card.dataset.proposal}/decision`, { method: "POST", body });
      dialog.close();
      await reload(card);
      document.dispatchEvent(new Event("lineside:changed"));
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
      yes.disabled = false;
    }
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  dialog.replaceChildren(form);
  dialog.showModal();
  (how === "approve" ? yes : reason).focus();
}

// A proposal that an answer names is shown as its own card, to be decided where it stands.
export async function loadProposals(root) {
  for (const place of root.querySelectorAll("[data-load-proposal]")) {
    const id = place.dataset.loadProposal;
    place.removeAttribute("data-load-proposal");
    const html = await ask(`/parts/proposals/${id}`, { as: "html" }).catch(() => ""); // the link stays
    if (html) place.innerHTML = html;
  }
}

export async function reload(card) {
  const html = await ask(`/parts/proposals/${card.dataset.proposal}`, { as: "html" });
  card.outerHTML = html;
}

// The edit page: the same payload, changed, becomes a new proposal.
export function startEditing(root) {
  const form = root.querySelector("[data-edit]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = form.querySelector("[data-error]");
    try {
      const changes = Object.fromEntries([...form.querySelectorAll("[data-kind]")].map((field) => [field.name, valueOf(field)]));
      const body = { sha256: form.dataset.sha256, changes };
      const made = await ask(`/api/v1/proposals/${form.dataset.edit}/edit`, { method: "POST", body });
      window.location.assign(`/proposals/${made.id}`);
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
    }
  });
}

function valueOf(field) {
  const kind = field.dataset.kind;
  if (kind === "checkbox") return field.checked;
  if (kind === "number") return field.value === "" ? null : Number(field.value);
  if (kind !== "json") return field.value === "" ? null : field.value;
  try {
    return JSON.parse(field.value);
  } catch {
    throw new Error(`${field.name.replace("_", " ")}: this is not valid JSON; check commas and quotes.`);
  }
}
