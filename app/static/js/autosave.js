/**
 * Saves answers while they are typed, through the same service as the page's own Save button.
 *
 * One request at a time. What was sent and not acknowledged is sent again word for word before anything newer, so a
 * lost reply never turns into a conflict with oneself. Text is never taken out of a box.
 */
import { takeMerged } from "./merged.js";

const PAUSE = { input: 1200, change: 250 };
const WAITS = [2, 4, 8, 15, 30, 60];
const SIGNED_OUT = [400, 401, 403, 404];

export function autosave(form) {
  const words = JSON.parse(form.dataset.words);
  const status = document.getElementById("save-state");
  const dirty = new Map();
  const conflicts = new Map();
  const refused = new Set();
  let pending = null;
  let flight = null;
  let timer = 0;
  let failures = 0;
  let halted = null;
  let leaving = false;
  let savedAt = "";
  let together = "";

  const slot = (name) => form.querySelector(`[data-slot="${CSS.escape(name)}"]`);
  const seen = (name) => form.elements.namedItem(`${name}.seen`);
  const token = () => form.elements.namedItem("csrf_token");

  function open() {
    return new Set([...dirty.keys(), ...(pending?.names.keys() ?? []), ...refused]).size;
  }

  function say(state, text, link) {
    if (status.dataset.state === state && status.textContent === text) return;
    status.dataset.state = state;
    status.textContent = text;
    if (link) {
      const way = document.createElement(link.href ? "a" : "button");
      Object.assign(way, link);
      if (!link.href) way.setAttribute("form", form.id);
      status.append(" ", way);
    }
  }

  function show() {
    if (halted) return say("unsaved", halted.text, halted.link);
    if (conflicts.size) {
      const by = [...conflicts.values()][0];
      return say("conflict", words.conflict.replace("{name}", by), {
        type: "submit", className: "link-button", textContent: words.both, value: "stay", name: "action",
      });
    }
    if (flight) return say("saving", words.saving);
    const count = open();
    if (count && (failures || refused.size)) {
      return say("unsaved", (count === 1 ? words.unsaved_one : words.unsaved_many).replace("{n}", count));
    }
    if (!count && savedAt) say("saved", [words.saved.replace("{time}", savedAt), together].filter(Boolean).join(" · "));
  }

  function values(name) {
    const own = slot(name);
    const found = {};
    for (const control of own.querySelectorAll("input, textarea, select")) {
      if (control.closest("[data-slot]") !== own || control.name.endsWith(".seen")) continue;
      if (control.matches("[type=radio], [type=checkbox]") && !control.checked) continue;
      (found[control.name] ??= []).push(control.value);
    }
    return found;
  }

  function gather() {
    const names = new Map([...dirty].filter(([name]) => !conflicts.has(name)));
    if (!names.size) return null;
    names.forEach((_, name) => dirty.delete(name));
    const changes = [...names.keys()].map((name) => ({
      name, values: values(name), seen: Number(seen(name)?.value ?? 0),
    }));
    return { names, body: JSON.stringify({ page: form.dataset.page, changes }) };
  }

  /** A line of the script's own in the part of the page that belongs to an answer, made when first needed. */
  function line(name, kind, before) {
    const part = slot(name);
    const found = part?.querySelector(`[data-line="${kind}"]`);
    if (found || !part) return found;
    const made = Object.assign(document.createElement("p"), { className: kind, id: `${name}-${kind}` });
    made.dataset.line = kind;
    if (part.matches("tr")) {
      part.querySelector("th").append(made);
      return made;
    }
    const control = [...part.querySelectorAll("input, select, textarea")].find((one) => one.name === name);
    const around = control?.closest(".choices, .sentence, .names, .with-unit") ?? control;
    if (!around) return null;
    around[before ? "before" : "after"](made);
    return made;
  }

  function note(name, message) {
    if (!message && !slot(name)?.querySelector("[data-line=error]")) return;
    const made = line(name, "error", true);
    if (!made) return;
    Object.assign(made, { textContent: message, hidden: !message });
    const control = [...slot(name).querySelectorAll("input, select, textarea")].find((one) => one.name === name);
    if (!message) return control.removeAttribute("aria-invalid");
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-errormessage", made.id);
  }

  /** Two texts became one by themselves: said beside the page's title and under the answer. */
  function merge(outcome, time) {
    const { name, message } = outcome;
    const sent = JSON.parse(pending.body).changes.find((change) => change.name === name).values[name]?.[0];
    const box = [...slot(name).querySelectorAll("textarea")].find((one) => one.name === name);
    seen(name).value = takeMerged(box, sent, outcome);
    together = message;
    const under = slot(name).querySelector("[data-line=saved]") ?? line(name, "saved");
    if (under) Object.assign(under, { className: "save-state saved", textContent: `${words.saved.replace("{time}", time)} · ${message}` });
  }

  function settle(reply) {
    savedAt = reply.time;
    together = "";
    for (const outcome of reply.outcomes) {
      const { name, state } = outcome;
      refused.delete(name);
      note(name, state === "unreadable" ? outcome.message : "");
      if (state === "saved") {
        if (seen(name)) seen(name).value = outcome.revision;
        const under = slot(name)?.querySelector("[data-line=saved]") ?? line(name, "saved");
        if (under) Object.assign(under, { className: "save-state saved", textContent: words.saved.replace("{time}", reply.time) });
      } else if (state === "merged") {
        merge(outcome, reply.time);
      } else if (state === "conflict") {
        conflicts.set(name, outcome.by);
      } else {
        refused.add(name);
      }
    }
  }

  function halt(text, link) {
    halted = { text, link };
  }

  function retry() {
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(send, 1000 * WAITS[Math.min(failures, WAITS.length) - 1]);
  }

  async function exchange() {
    const reply = await fetch(form.dataset.autosave, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token().value },
      body: pending.body,
      signal: AbortSignal.timeout(30000),
    });
    if (reply.ok) {
      settle(await reply.json());
      pending = null;
      failures = 0;
    } else if (reply.type === "opaqueredirect" || SIGNED_OUT.includes(reply.status)) {
      halt(words.signed_out, { href: form.dataset.signIn, target: "_blank", textContent: words.sign_in });
    } else if (reply.status === 409 || reply.status === 413) {
      halt((await reply.json()).text);
    } else {
      retry();
    }
  }

  async function send() {
    clearTimeout(timer);
    if (flight || halted || leaving) return;
    pending ??= gather();
    if (!pending) return show();
    flight = exchange().catch(retry);
    show();
    await flight;
    flight = null;
    show();
    if (dirty.size && !failures) later(PAUSE.change);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  /** Signed in again in another window: take the new token, if it is still the same person's page. */
  async function resume() {
    if (!halted?.link || document.hidden) return;
    const reply = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
    if (!reply?.ok) return;
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    const other = fresh.querySelector("form[data-autosave]");
    if (other?.dataset.person !== form.dataset.person) return halt(words.other_person);
    token().value = other.elements.namedItem("csrf_token").value;
    halted = null;
    send();
  }

  function changed(event) {
    const name = event.target.closest?.("[data-slot]")?.dataset.slot;
    if (!name) return;
    dirty.set(name, (dirty.get(name) ?? 0) + 1);
    if (!failures) later(PAUSE[event.type]);
    else show();
  }

  function submitting(event) {
    if (flight) {
      const by = event.submitter;
      event.preventDefault();
      flight.then(() => setTimeout(() => form.requestSubmit(by)));
      return;
    }
    leaving = true;
    clearTimeout(timer);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submitting);
  addEventListener("online", () => (failures = 0, send()));
  addEventListener("focus", resume);
  addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("visibilitychange", resume);
  addEventListener("beforeunload", (event) => {
    if (!leaving && (open() || flight || conflicts.size)) event.preventDefault();
  });
}
