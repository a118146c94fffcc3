/** The questions of a page: what shows and hides, counts, options that stand alone; nothing of it saves. */
import { characters, holds, words } from "./conditions.js";

const text = (controls) => controls.map((control) => control.value.trim()).find(Boolean) ?? null;
const number = (controls) => {
  const typed = text(controls);
  return typed === null || Number.isNaN(Number(typed)) ? null : Number(typed);
};
const chosen = (controls) =>
  controls.flatMap((control) => {
    if (control.matches("select")) return control.value ? [control.value] : [];
    return control.checked && control.value ? [control.value] : [];
  });

/** The plain value of a question from its controls, in the form in which it is stored. */
const READ = {
  short_text: text, long_text: text, link: text, date: text,
  number, year: number,
  yes_no: (controls) => chosen(controls)[0] ?? null,
  choice: (controls) => (chosen(controls).length ? { option: chosen(controls)[0] } : null),
  choices: (controls) => (chosen(controls).length ? { options: chosen(controls) } : null),
  reference: (controls) => {
    const typed = controls.map((control) => control.value.trim()).filter(Boolean);
    const code = (name) => controls[0].list?.querySelector(`[value="${CSS.escape(name)}"]`)?.dataset.code ?? name;
    return typed.length ? { codes: typed.map(code) } : null;
  },
};

const filled = (part) =>
  [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some((control) =>
    control.matches("[type=radio], [type=checkbox]") ? control.checked && !/\.quoting$/.test(control.name) : control.value.trim());

/** Lists and tables are seen by rules as how many of them are filled. */
const COUNT = {
  records: (question) => {
    const count = [...question.querySelectorAll(".record")].filter(
      (record) => !record.matches("[data-record]") || filled(record)).length;
    return count ? { count } : question.querySelector("[name$='.none']:checked") ? "none" : null;
  },
  matrix: (question) => {
    const count = [...question.querySelectorAll("[data-slot]")].filter((row) => !row.hidden && filled(row)).length;
    return count ? { count } : null;
  },
};

function known(question) {
  const right = question.querySelector('[name$=".is_right"]:checked');
  if (right?.value === "no") return undefined;
  return right ? JSON.parse(question.dataset.known) : null;
}

function plain(question) {
  if (question.hidden) return null;
  const confirmed = question.dataset.known ? known(question) : undefined;
  if (confirmed !== undefined) return confirmed;
  const count = COUNT[question.dataset.kind];
  if (count) return count(question);
  const base = question.dataset.slot;
  const controls = [...question.querySelectorAll("input, textarea, select")].filter((control) => control.name === base);
  return READ[question.dataset.kind]?.(controls) ?? null;
}

/** Shows and hides what a rule decides, in the order of the page, so that a rule sees what was decided before it. */
function keepConditions(form) {
  const elsewhere = JSON.parse(form.dataset.answers);
  const ruled = [...form.querySelectorAll("[data-when]")];
  const rules = new Map(ruled.map((part) => [part, JSON.parse(part.dataset.when)]));
  const find = (part, key) =>
    part.closest("[data-record]")?.querySelector(`[data-question="${key}"]`) ??
    form.querySelector(`.question[data-question="${key}"]`);
  const decide = () => {
    for (const part of ruled) {
      const lookup = (key) => {
        const question = find(part, key);
        return question ? plain(question) : elsewhere[key] ?? null;
      };
      part.hidden = holds(rules.get(part), lookup) !== true;
    }
    let number = Number(form.dataset.first);
    const shown = [...form.querySelectorAll(".question")].filter((question) => !question.hidden);
    for (const question of shown) {
      const place = question.querySelector(".number");
      if (place) place.textContent = number++;
    }
    form.elements.shown.value = shown.map((question) => question.dataset.question).join(" ");
  };
  form.addEventListener("input", decide);
  form.addEventListener("change", decide);
  decide();
}

/** The field for own words is there while "other" is chosen; what was typed in it comes back with it. */
function keepSpecified(form) {
  const decide = () => {
    for (const box of form.querySelectorAll("[data-specify]")) {
      const before = box.previousElementSibling;
      const control = before.matches("select") ? before : before.querySelector("input");
      box.hidden = control.matches("select") ? control.value !== box.dataset.specify : !control.checked;
      for (const inside of box.querySelectorAll("input, textarea, select")) inside.disabled = box.hidden;
    }
  };
  form.addEventListener("change", decide);
  decide();
}

/** Keeps the line "26 of 150 words" under each box true while it is typed in. */
function keepCounts(form) {
  for (const line of form.querySelectorAll("[data-count-for]")) {
    const box = document.getElementById(line.dataset.countFor);
    const measure = line.dataset.unit === "words" ? words : characters;
    const limit = Number(line.dataset.limit);
    box.addEventListener("input", () => {
      const count = measure(box.value);
      line.textContent = line.textContent.replace(/\d+/, count);
      line.classList.toggle("over", count > limit);
    });
  }
}

/** "None of these" takes the others back, and the others take it back. */
function keepExclusive(form) {
  form.addEventListener("change", ({ target }) => {
    const list = target.closest("[data-exclusive]");
    if (!list || !target.checked) return;
    const exclusive = JSON.parse(list.dataset.exclusive);
    for (const box of list.querySelectorAll("[type=checkbox]")) {
      const clash = exclusive.includes(target.value) || exclusive.includes(box.value);
      if (box !== target && clash) box.checked = false;
    }
  });
}

/** All of it for one form. */
export function keepQuestions(form) {
  keepExclusive(form);
  keepSpecified(form);
  keepConditions(form);
  keepCounts(form);
}
