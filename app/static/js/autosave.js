/**
 * Saves answers while they are typed, through the same service as the page's own Save button.
 *
 * One request at a time. What was sent and not acknowledged is sent again word for word before anything newer, so a
 * lost reply never turns into a conflict with oneself. Text is never taken out of a box.
 */
import { ask, choice, drop, keep, keeps, keyOf, tab, unsent } from "./device.js";
import { takeMerged } from "./merged.js";
import { post, wait } from "./session.js";

const PAUSE = { input: 1200, change: 250 };

export function autosave(form) {
  const words = JSON.parse(form.dataset.words);
  const status = document.getElementById("save-state");
  const dirty = new Set();
  const conflicts = new Map();
  const refused = new Set();
  const unkept = new Set();
  const { autosave: address, page } = form.dataset;
  const left = document.querySelector("form[action$='/sign-out']");
  let pending = null;
  let flight = null;
  let timer = 0;
  let failures = 0;
  let halted = null;
  let leaving = false;
  let cut = false;
  let asked = false;
  let putting = false;
  let savedAt = "";
  let together = "";

  const slot = (name) => form.querySelector(`[data-slot="${CSS.escape(name)}"]`);
  const seen = (name) => form.elements.namedItem(`${name}.seen`) ?? {};
  const revision = (name) => Number(seen(name).value ?? 0);
  const key = (name) => keyOf(address, page, name);
  const open = () => new Set([...dirty, ...(pending?.keys() ?? []), ...refused, ...conflicts.keys()]);
  const kept = (name) => !unkept.has(name) && keeps(key(name));

  /** Keeps on the device what is not acknowledged of an answer, and lets go of what is. */
  function hold(name) {
    if (!open().has(name)) return drop(key(name));
    const done = keep(key(name), {
      values: values(name), seen: revision(name), sent: pending?.get(name), version: form.elements.version.value,
      title: document.querySelector("h1").textContent, address: `${location.pathname}#${slot(name).querySelector("[id]").id}`,
    });
    unkept[done ? "delete" : "add"](name);
  }

  function unsaved() {
    const count = open().size;
    const said = choice();
    const place = said === "mine" || said === "full" ? ([...open()].every(kept) ? "device" : "full") : "page";
    return count ? words[`${place}_${count === 1 ? "one" : "many"}`].replace("{n}", count) : "";
  }

  function say(state, text, link) {
    if (status.dataset.state === state && status.firstChild?.data === text) return;
    status.dataset.state = state;
    status.textContent = text;
    if (link) {
      const way = Object.assign(document.createElement("button"), link);
      way.setAttribute("form", form.id);
      status.append(" ", way);
    }
  }

  function show() {
    if (halted) return say("unsaved", `${halted} ${unsaved()}`.trim());
    if (conflicts.size) {
      const by = [...conflicts.values()][0];
      return say("conflict", words.conflict.replace("{name}", by), {
        type: "submit", className: "link-button", textContent: words.both, value: "stay", name: "action",
      });
    }
    const text = unsaved();
    if (flight || (text && !failures && !refused.size)) return say("saving", words.saving);
    if (text) return say("unsaved", text);
    if (savedAt) say("saved", [words.saved.replace("{time}", savedAt), together].filter(Boolean).join(" · "));
  }

  const controls = (name) => [...slot(name).querySelectorAll("input, textarea, select")].filter(
    (control) => control.closest("[data-slot]") === slot(name) && !control.name.endsWith(".seen"));
  const ticked = (control) => control.matches("[type=radio], [type=checkbox]");

  function values(name) {
    const found = {};
    for (const control of controls(name)) {
      if (!ticked(control) || control.checked) (found[control.name] ??= []).push(control.value);
    }
    return found;
  }

  /** The other way round: the controls of an answer as they were. */
  function put(name, found) {
    const rest = structuredClone(found);
    putting = true;
    for (const control of controls(name)) {
      if (ticked(control)) control.checked = found[control.name]?.includes(control.value) ?? false;
      else control.value = rest[control.name]?.shift() ?? control.value;
      for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    putting = false;
  }

  function gather() {
    const names = [...dirty].filter((name) => !conflicts.has(name));
    if (!names.length) return null;
    for (const name of names) dirty.delete(name);
    return new Map(names.map((name) => [name, { name, values: values(name), seen: revision(name) }]));
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
    const control = controls(name).find((one) => one.name === name);
    const counted = before ? null : document.getElementById(`${control?.id}-count`)?.closest(".under");
    if (counted) {
      counted.append(made);
      return made;
    }
    const around = control?.closest(".choices, .sentence, .names, .with-unit") ?? control;
    if (!around) return null;
    around[before ? "before" : "after"](made);
    return made;
  }

  function note(name, message) {
    if (!message && !slot(name)?.querySelector("[data-line=error]")) return;
    const made = line(name, "error", true);
    if (!made) return;
    Object.assign(made, { role: "alert", textContent: message, hidden: !message });
    const control = controls(name).find((one) => one.name === name);
    if (!message) return control.removeAttribute("aria-invalid");
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-errormessage", made.id);
  }

  /** Two texts became one by themselves: said beside the page's title and under the answer. */
  function merge(outcome, time, sent) {
    const { name, message } = outcome;
    const box = controls(name).find((one) => one.name === name);
    seen(name).value = takeMerged(box, sent.values[name]?.[0], outcome);
    together = message;
    const under = slot(name).querySelector("[data-line=saved]") ?? line(name, "saved");
    if (under) Object.assign(under, { className: "save-state saved", textContent: `${words.saved.replace("{time}", time)} · ${message}` });
  }

  function settle(reply, sent) {
    savedAt = reply.time;
    const moved = document.getElementById("moved");
    if (moved.textContent !== reply.moved) moved.textContent = reply.moved;
    together = "";
    for (const outcome of reply.outcomes) {
      const { name, state } = outcome;
      refused.delete(name);
      note(name, ["saved", "merged"].includes(state) ? "" : outcome.message);
      if (state === "saved") {
        seen(name).value = outcome.revision;
        const under = slot(name)?.querySelector("[data-line=saved]") ?? line(name, "saved");
        if (under) Object.assign(under, { className: "save-state saved", textContent: words.saved.replace("{time}", reply.time) });
      } else if (state === "merged") {
        merge(outcome, reply.time, sent.get(name));
      } else if (state === "conflict") {
        conflicts.set(name, outcome.by);
      } else {
        refused.add(name);
      }
      hold(name);
    }
  }

  function retry() {
    later(wait(failures++));
  }

  async function exchange() {
    cut = false;
    const version = form.elements.version.value;
    const reply = await post(address, { page, version, changes: [...pending.values()] });
    if (!reply) return;
    const { status, said } = reply;
    if (status < 300) {
      const sent = pending;
      pending = null;
      failures = 0;
      settle(said, sent);
    } else if (status >= 500 || status === 429) {
      retry();
    } else {
      halted = words.not_sent.replace("{why}", status === 404 ? words.gone : said.text);
    }
  }

  async function send() {
    clearTimeout(timer);
    if (flight || halted || leaving) return;
    pending ??= gather();
    if (!pending) return show();
    pending.forEach((_, name) => hold(name));
    flight = exchange().catch(() => (cut = true, retry()));
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

  /** What a closed page left for this one stands in it again, and is sent: first what may have arrived already. */
  function adopt(entry) {
    const { name, sent } = entry;
    if (entry.page !== page || !slot(name) || flight || open().has(name)) return false;
    put(name, entry.values);
    seen(name).value = entry.seen;
    if (sent) (pending ??= new Map()).set(name, sent);
    if (!sent || JSON.stringify(sent.values) !== JSON.stringify(values(name))) dirty.add(name);
    hold(name);
    later(0);
    return true;
  }

  function sayChoice() {
    const line = document.getElementById("device-said");
    const said = words[choice()];
    line.hidden = !said;
    line.firstElementChild.textContent = said ?? "";
    line.lastElementChild.onclick = () => ask(line.parentElement, chosen);
  }

  function chosen(back) {
    for (const name of open()) hold(name);
    sayChoice();
    show();
    back?.focus?.();
  }

  function changed(event) {
    const part = event.target.closest?.("[data-slot]");
    if (!part || putting) return;
    const name = part.dataset.slot;
    dirty.add(name);
    hold(name);
    if (!choice() && !asked) {
      asked = true;
      ask(part.closest(".question").querySelector(".text"), () => chosen(event.target));
    }
    if (!failures && !halted) later(PAUSE[event.type]);
    show();
  }

  /** What may have arrived goes first, once more; while the line is down, the page stays. */
  function submitting(event) {
    if ((flight || pending) && !halted && !leaving) {
      event.preventDefault();
      (flight ?? send()).then(() => setTimeout(() => {
        if (cut) return show();
        leaving = true;
        form.requestSubmit(event.submitter);
      }));
    } else if (!navigator.onLine) {
      event.preventDefault();
      leaving = false;
      send();
    } else {
      leaving = true;
      clearTimeout(timer);
    }
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", submitting);
  left?.addEventListener("submit", () => (left.dataset.pressed = "yes"));
  addEventListener("online", () => (failures = 0, send()));
  document.addEventListener("signedout", ({ detail }) => (halted = detail ?? words.signed_out, show()));
  document.addEventListener("signedin", () => (halted = null, failures = 0, send()));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    const names = [...open()];
    if (!leaving && names.length && (left?.dataset.pressed || !names.every(kept))) event.preventDefault();
  });
  form.elements.tab.value = tab;
  sayChoice();
  unsent(adopt);
}
