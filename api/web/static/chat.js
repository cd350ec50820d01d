// Ask, and read the answer as it comes: what is being looked at, text, figures, tables, charts, proposals.
import { drawCharts } from "./charts.js";
import { loadProposals } from "./decide.js";
import { ask, element } from "./http.js";

export function startChat(chat) {
  if (!chat) return;
  const turns = chat.querySelector("[data-turns]");
  const form = chat.querySelector("[data-ask-form]");
  const box = form.elements.text;
  let conversation = sessionStorage.getItem("conversation");
  let running = false;

  const restored = conversation ? restore(turns, conversation) : undefined;
  startDrawer(box);

  async function send(text) {
    if (running || !text.trim()) return;
    running = true;
    await restored; // what was said before stands above
    form.querySelector("button").disabled = true;
    const suggestions = turns.querySelector("[data-suggestions]");
    if (suggestions) suggestions.hidden = true;
    const reply = new Reply(turns, text);
    box.value = "";
    try {
      const answer = await ask("/api/v1/chat?form=html", { method: "POST", body: { text, conversation_id: conversation }, as: "stream" });
      for await (const [kind, data] of events(answer.body)) {
        if (kind === "run") { conversation = data.conversation_id; sessionStorage.setItem("conversation", conversation); }
        reply.take(kind, data);
      }
      reply.end();
    } catch (error) {
      reply.fail(error.message);
      box.value = text; // nothing typed is lost
    }
    running = false;
    form.querySelector("button").disabled = false;
    document.dispatchEvent(new Event("lineside:changed"));
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); send(box.value); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); send(box.value); }
    if (event.key === "Escape") box.blur();
  });
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-ask]");
    if (asked) send(asked.dataset.ask);
  });
  chat.querySelector("[data-new-chat]").addEventListener("click", () => {
    conversation = null;
    sessionStorage.removeItem("conversation");
    turns.querySelectorAll(".question, .reply").forEach((node) => node.remove());
    const suggestions = turns.querySelector("[data-suggestions]");
    if (suggestions) suggestions.hidden = false;
    box.focus();
  });
}

// Below 1280 px the chat is a drawer (on a phone a tab): shown while the body is `asking`.
function startDrawer(box) {
  const show = (open) => {
    document.body.classList.toggle("asking", open);
    for (const tab of document.querySelectorAll(".tabs button")) tab.setAttribute("aria-pressed", String(open === ("openChat" in tab.dataset)));
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-chat]")) { show(true); box.focus(); }
    else if (event.target.closest("[data-ask]")) show(true);
    else if (event.target.closest("[data-close-chat]")) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog[open]")) show(true);
    else if (event.key === "Escape" && !document.querySelector("dialog[open]")) show(false);
  }, { capture: true }); // before the key that moves the focus into it
}

async function restore(turns, conversation) {
  const html = await ask(`/parts/conversations/${conversation}`, { as: "html" }).catch((error) => {
    if (error.status === 404) sessionStorage.removeItem("conversation"); // else it was only out of reach, or the page was left
    return "";
  });
  if (!html) return;
  turns.querySelector("[data-suggestions]").hidden = true;
  turns.insertAdjacentHTML("beforeend", html);
  drawCharts(turns);
  loadProposals(turns);
  turns.scrollTop = turns.scrollHeight;
}

class Reply {
  constructor(turns, question) {
    this.turns = turns;
    this.steps = element("ol", {});
    this.now = element("summary", {}, "Looking…");
    this.doing = element("details", { class: "doing" }, this.now, this.steps);
    this.text = element("div", { class: "text" });
    this.node = element("div", { class: "reply" }, this.doing, this.text);
    this.question = element("p", { class: "question" }, question);
    turns.append(this.question, this.node);
    this.follow();
  }

  take(kind, data) {
    if (kind === "step") { this.now.textContent = data.text; this.steps.append(element("li", {}, data.text)); }
    else if (kind === "tool" && data.error) this.steps.append(element("li", {}, data.error));
    else if (kind === "text") this.text.textContent = data.replace ? data.text : this.text.textContent + data.text;
    else if (kind === "block") this.show(data);
    else if (kind === "done") this.finish(data.answer, data.html);
    else if (kind === "error") this.fail(data.detail);
    this.follow();
  }

  // What waits for a decision stands before the tables it rests on.
  show({ block, html }) {
    if (block.type === "proposal") this.text.insertAdjacentHTML("afterend", html);
    else this.node.insertAdjacentHTML("beforeend", html);
    drawCharts(this.node);
    loadProposals(this.node);
  }

  finish(answer, html) {
    this.finished = true;
    const understood = (answer.understood || []).map((item) => item.title).join(" · ");
    if (understood) this.node.prepend(element("p", { class: "understood" }, understood));
    this.text.innerHTML = html; // made from Markdown and cleaned by the server
    const looked = this.steps.children.length;
    if (looked) this.now.textContent = `Looked at ${looked} ${looked === 1 ? "thing" : "things"}`;
    else this.doing.remove();
    if (answer.note) this.node.append(element("p", { class: "tiny" }, answer.note));
    if (answer.follow_ups?.length) {
      this.node.append(element("div", { class: "follow" }, ...answer.follow_ups.map((q) => element("button", { type: "button", "data-ask": q }, q))));
    }
  }

  end() { if (!this.finished && !this.failed) this.fail("The answer was cut off. Ask again."); }

  fail(words) {
    this.failed = true;
    this.doing.remove();
    this.node.append(element("p", { class: "error-text" }, words));
    this.follow();
  }

  // The question goes to the top once there is enough below it: an answer is read from its first line.
  follow() { this.turns.scrollTop = this.question.offsetTop - this.turns.offsetTop - 8; }
}

// Server-sent events out of a POST's body.
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const parts = rest.split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const lines = part.split("\n");
      const kind = lines.find((line) => line.startsWith("event:"))?.slice(6).trim() || "message";
      const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim()).join("\n");
      if (data) yield [kind, JSON.parse(data)];
    }
  }
}
