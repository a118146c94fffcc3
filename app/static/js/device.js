/**
 * Edits that are not saved yet, kept on a device whose owner says that it is theirs; else in the page's memory only.
 *
 * One entry for each answer, written at every change, under the person, the response, the opened page and the answer.
 * A page holds a lock under its mark as long as it is open, so another page takes over what it left once it is gone.
 */
import { post, wait } from "./session.js";

const { person, mark } = document.body.dataset;
const CHOICE = `device ${person}`;
export const tab = Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
const watched = new Set([tab]);
let count = 0;

/** The browser's storage, or nothing where it is switched off. */
const storage = (() => {
  try {
    return localStorage.length >= 0 && localStorage;
  } catch {
    return null;
  }
})();

const read = (key) => storage?.getItem(key) ?? null;
function write(key, value) {
  try {
    storage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** What the person said of this device: "mine", "shared" (for this session), or nothing yet. */
export function choice() {
  if (!storage) return "full";
  const said = read(CHOICE);
  return said === `shared ${mark}` ? "shared" : said === "mine" ? "mine" : null;
}

export function choose(said) {
  if (said === "shared") forget(person);
  write(CHOICE, said === "shared" ? `shared ${mark}` : said);
}

const prefix = (autosave, ...more) => ["unsaved", person, autosave, ...more, ""].join(" ");
export const keyOf = (autosave, page, name) => prefix(autosave, tab, page) + name;

/** Keeps what is not saved of an answer; says whether it could. */
export function keep(key, entry) {
  return choice() === "mine" && write(key, JSON.stringify({ ...entry, order: ++count }));
}
export const drop = (key) => storage?.removeItem(key);
export const keeps = (key) => read(key) !== null;

function entries(from) {
  return Object.keys(storage ?? {}).filter((key) => key.startsWith(from)).map((key) => {
    const [, , , of, page, name] = key.split(" ");
    return { ...JSON.parse(read(key)), key, of, page, name };
  }).sort((one, other) => one.order - other.order);
}

/** Clears what was kept for a person, or for one response of theirs. */
export function forget(whose) {
  for (const { key } of entries(`unsaved ${whose} `)) drop(key);
  if (read(`device ${whose}`)?.startsWith("shared")) drop(`device ${whose}`);
}

/** Holds the lock of a page for as long as `work` takes; browsers without locks just do it. */
const holding = (of, work) => (navigator.locks ? navigator.locks.request(`page ${of}`, work) : work());

/** Takes over what other pages left: `adopt(entry)` puts it into this page, the rest is sent in order; `told` hears. */
function takeOver({ autosave, received }, adopt, told) {
  if (received) for (const { key } of entries(prefix(autosave, received))) drop(key);
  if (choice() !== "mine") return;
  const all = entries(prefix(autosave));
  count = Math.max(count, ...all.map((entry) => entry.order));
  for (const { of } of all) {
    if (watched.has(of)) continue;
    watched.add(of);
    holding(of, async () => {
      for (const entry of entries(prefix(autosave, of))) {
        if (adopt(entry)) drop(entry.key);
        else await send(autosave, entry, told);
      }
    });
  }
}

/** Sends one entry: first what may have arrived already, word for word, then what was typed after it. */
async function send(autosave, entry, told) {
  for (const change of entry.sent ? [entry.sent, entry] : [entry]) {
    const { page, name, version } = entry;
    const body = { page, version, changes: [{ name, values: change.values, seen: entry.sent?.seen ?? entry.seen }] };
    const { status, said } = await insist(autosave, body, (state) => told(entry, state));
    const outcome = said.outcomes?.[0];
    if (!["saved", "merged"].includes(outcome?.state)) return told(entry, "stuck", outcome ?? { message: said.text, closed: status });
    Object.assign(entry, { sent: null, seen: outcome.typed ?? outcome.revision });
    keep(entry.key, entry);
    entry.time = said.time;
  }
  drop(entry.key);
  told(entry, "saved");
}

async function insist(autosave, body, told) {
  for (let failures = 0; ; failures++) {
    told("sending");
    const reply = await post(autosave, body).catch(() => null);
    if (reply && reply.status < 500 && reply.status !== 429) return reply;
    told("waiting");
    await new Promise((go) => {
      setTimeout(go, wait(failures));
      addEventListener("online", go, { once: true });
      document.addEventListener("signedin", go, { once: true });
    });
  }
}

/** Asks once whose device it is, under the question that is being answered; `then` hears the answer. */
export function ask(near, then) {
  const box = document.createElement("div");
  Object.assign(box, { className: "banner", role: "group", id: "device-box", ariaLive: "polite" });
  box.setAttribute("aria-labelledby", "device-title");
  near.append(box);
  // A region is announced when it is filled, not when it comes full.
  setTimeout(() => box.append(document.getElementById("device-asked").content.cloneNode(true)), 100);
  box.onclick = ({ target }) => {
    if (!target.value) return;
    choose(target.value);
    box.remove();
    then();
  };
}

/** What closed pages left: sent from here; what cannot be sent is shown, to be copied. */
export function unsent(adopt, told = () => {}) {
  const panel = document.getElementById("unsent");
  const words = JSON.parse(panel.dataset.words);

  function list(entry, { by, message, closed }) {
    const part = panel.querySelector("template").content.cloneNode(true);
    const [title, why, text, link, button] = part.querySelectorAll("p:not(.meta), .meta > *");
    title.textContent = entry.title;
    why.textContent = by ? words.conflict.replace("{name}", by) : words.not_sent.replace("{why}", message);
    text.textContent = Object.values(entry.values).flat().filter(Boolean).join("\n");
    link.href = entry.address;
    link.hidden = Boolean(closed);
    button.onclick = () => {
      drop(entry.key);
      button.closest(".field").remove();
      panel.hidden = !panel.querySelector(".field");
    };
    panel.append(part);
    panel.hidden = false;
  }

  takeOver(panel.dataset, adopt, (entry, state, why) => {
    if (state === "stuck") list(entry, why);
    if (state === "saved") document.getElementById("unsent-sent").hidden = false;
    told(entry, state, words);
  });
}

const { forget: left } = document.querySelector("script[data-forget]")?.dataset ?? {};
if (left) forget(left);
if (document.getElementById("unsent") && !document.querySelector("form[data-autosave]")) {
  const status = document.getElementById("save-state");
  const open = new Set();
  unsent(() => false, ({ key, time }, state, words) => {
    open[state === "saved" ? "delete" : "add"](key);
    const all = state === "sending" ? "saving" : open.size ? "unsaved" : "saved";
    const said = all === "unsaved" ? words[open.size === 1 ? "device_one" : "device_many"] : words[all];
    Object.assign(status, { textContent: said.replace("{n}", open.size).replace("{time}", time) }).dataset.state = all;
  });
}
if (person) holding(tab, () => new Promise(() => {}));
