/** Sending a file with its progress, and once more after a dropped line; without this the form sends it by itself. */
import "./session.js";

const form = document.getElementById("send");

if (form) {
  const words = JSON.parse(form.dataset.words);
  const field = form.querySelector("[type=file]");
  const [box, state] = [form.querySelector(".sending"), form.querySelector("[role=status]")];
  const bar = box.querySelector("progress");
  const button = form.querySelector("button[type=submit]");
  const first = button.textContent;
  let request = null;

  const say = (text, kind = "") => {
    state.textContent = text;
    state.dataset.state = kind;
  };

  const ready = (label) => {
    request = null;
    box.hidden = true;
    button.textContent = label;
    button.removeAttribute("aria-disabled");
  };

  const fail = (text, label = words.again) => {
    ready(label);
    say(text, "unsaved");
  };

  const answered = () => {
    let told = {};
    try {
      told = JSON.parse(request.responseText);
    } catch {
      told = {};
    }
    if (request.status === 200 && told.next) window.location.assign(told.next);
    else if (request.status === 401) fail(words.signed_out);
    else if (request.status === 413) fail(words.large, first);
    else if (request.status === 422) fail(told.error ?? words.refused, first);
    else fail(told.text ?? words.refused);
  };

  const send = () => {
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.floor((100 * loaded) / total);
      bar.value = percent;
      if (percent % 10 === 0) say(words.sending.replace("{percent}", percent), "saving");
    });
    request.upload.addEventListener("load", () => say(words.checking, "saving"));
    request.addEventListener("load", answered);
    request.addEventListener("error", () => fail(words.lost));
    request.addEventListener("abort", () => fail(words.stopped));
    box.hidden = false;
    bar.value = 0;
    button.textContent = words.stop;
    say(words.sending.replace("{percent}", 0), "saving");
    request.send(new FormData(form));
  };

  form.addEventListener("submit", (event) => {
    if (request) {
      event.preventDefault();
      request.abort();
      return;
    }
    const [file] = field.files;
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.largest)) fail(words.large, first);
    else send();
  });

  window.addEventListener("beforeunload", (event) => {
    if (request && request.readyState < XMLHttpRequest.DONE) event.preventDefault();
  });
}
