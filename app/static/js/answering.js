/** A question page with JavaScript: questions that show and hide at once, counts, autosave. */
import { autosave } from "./autosave.js";
import { keepQuestions } from "./questions.js";

const form = document.querySelector("form[data-autosave]");
if (form) {
  // A page that came back with errors was posted: Back and Reload shall show it, not ask to send it again.
  if (document.querySelector(".error-summary")) history.replaceState(null, "", location.href);
  keepQuestions(form);
  autosave(form);
  setTimeout(() => import("./presence.js"), 2000); // once the page is there: a slow line carries it first
}
