/** A page of a preview: what a respondent's page does, without saving anything. */
import { keepQuestions } from "./questions.js";

const form = document.querySelector("form[data-preview]");
if (form) keepQuestions(form);
