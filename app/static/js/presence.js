/** Tells that this page is open while it is seen, and says who else has it open. Nothing hangs on it. */
const form = document.querySelector("form[data-presence]");
const line = document.getElementById("also-open");

async function tell() {
  if (document.hidden) return;
  const reply = await fetch(form.dataset.presence, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
    body: JSON.stringify({ page: form.dataset.page }),
  }).catch(() => null);
  const said = reply?.ok ? (await reply.json()).said : "";
  if (line.textContent !== said) line.textContent = said;
  line.hidden = !said;
}

if (form) {
  tell();
  setInterval(tell, 30000);
  document.addEventListener("visibilitychange", tell);
}
