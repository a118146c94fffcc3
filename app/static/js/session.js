/**
 * Whose page this is, and until when: the end of the session is announced two minutes before and put off with one
 * button, an old form token is renewed, and signing in again happens in the page.
 */
const { person, email, session, ends } = document.body.dataset;
const ANNOUNCED = 120;
let timer = 0;
let notice = null;
let ended = false;

/** How long to wait before the next attempt, after so many that failed. */
export const wait = (failures) => 1000 * ([2, 4, 8, 15, 30][failures] ?? 60);

const tokens = () => document.querySelectorAll("input[name=csrf_token]");

/** What the server says of this browser's session: to ask is no use of it, to stay is. */
async function ask(method = "GET") {
  const headers = { Accept: "application/json", "X-CSRFToken": tokens()[0]?.value ?? "" };
  const now = await (await fetch(session, { method, headers, signal: AbortSignal.timeout(30000) })).json();
  if (now.person === person) {
    for (const field of tokens()) field.value = now.token;
    watch(now.seconds);
    if (ended) back();
  } else if ("person" in now) {
    over(now);
  }
  return now;
}

function watch(seconds) {
  if (!Number.isFinite(seconds)) return;
  if (seconds > ANNOUNCED && !ended) tell();
  clearTimeout(timer);
  timer = setTimeout(look, 1000 * (seconds > ANNOUNCED ? seconds - ANNOUNCED : seconds + 1));
}

async function look() {
  const now = await ask().catch(() => timer = setTimeout(look, 10000));
  if (now.person === person && now.seconds <= ANNOUNCED) tell(now, async () => (await ask(), ask("POST")));
}

/** The notice at the top of the page, with its one action; without words it goes. */
function tell(now, act) {
  if (notice?.contains(document.activeElement)) document.getElementById("main").focus();
  notice?.remove();
  notice = null;
  if (!now) return;
  notice = document.createElement("div");
  notice.className = "banner look session-end";
  document.querySelector("main .wide").prepend(notice);
  const made = (tag, as) => notice.append(Object.assign(document.createElement(tag), as));
  made("p", { textContent: now.said, role: "alert" });
  if (now.button) made("button", { type: "button", className: "button second small", textContent: now.button, onclick: act });
}

function over(now) {
  const before = ended;
  ended = now.person ?? "nobody";
  if (before === ended) return;
  tell(now.person ? { said: now.other } : now, () => signIn(now.sign_in));
  document.dispatchEvent(new CustomEvent("signedout", { detail: now.person && now.other }));
  if (!before) poll(0);
}

function back() {
  ended = false;
  tell();
  document.dispatchEvent(new CustomEvent("signedin"));
}

function poll(times) {
  setTimeout(async () => {
    if (!document.hidden) await ask().catch(() => null);
    if (ended) poll(times + 1);
  }, wait(times));
}

/** The sign-in page's own form and words, in the notice. */
async function signIn(address, body) {
  const reply = await fetch(address, body && { method: "POST", body });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (!ended) return;
  notice.replaceChildren(...page.querySelectorAll("main .text > p:not(.kicker), main form"));
  for (const form of notice.querySelectorAll("form")) {
    form.onsubmit = (event) => (event.preventDefault(), signIn(form.action, new URLSearchParams(new FormData(form))));
  }
  const field = notice.querySelector("[type=email]");
  if (field) field.value ||= email;
  const first = field ?? notice.firstElementChild;
  first.tabIndex = field ? 0 : -1;
  first.focus();
}

/** Posts JSON as this person, whose old form token is renewed; gives nothing when they are signed in no more. */
export async function post(address, body, again = false) {
  const reply = await fetch(address, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": tokens()[0]?.value ?? "" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30000),
  });
  if (!again && [0, 400, 401].includes(reply.status)) {
    return (await ask()).person === person ? post(address, body, true) : null;
  }
  const said = await reply.json();
  watch(said.seconds);
  return { status: reply.status, said };
}

if (person) {
  watch(Number(ends));
  addEventListener("focus", () => ended && ask().catch(() => null));
  document.addEventListener("visibilitychange", () => ended && !document.hidden && ask().catch(() => null));
}
