"""A page's script comes with all that it imports, in one file."""

import pytest

from app.web.scripts import bundled
from app.web.static import FOLDER, StaticFiles

MODULES = {
    "page.js": """import { count as counted } from "./words.js";
import { save } from "./save.js";
save(counted);
""",
    "save.js": """import { count } from "./words.js";
export async function save() {
  return count;
}
""",
    "words.js": """/** Two lines
    of comment. */
const seen = "https://x.example";
export const count = 2; // kept
""",
}
TOGETHER = """const $words = (() => {
const seen = "https://x.example";
const count = 2; // kept
return { count };
})();
const $save = (() => {
const { count } = $words;
async function save() {
  return count;
}
return { save };
})();
const { count: counted } = $words;
const { save } = $save;
save(counted);
"""


def test_what_is_imported_stands_before_what_imports_it_and_once() -> None:
    assert bundled("page.js", MODULES) == TOGETHER


def test_a_script_that_imports_nothing_stays_a_module() -> None:
    assert "export const count = 2;" in bundled("words.js", MODULES)


def test_a_module_imported_for_what_it_does_needs_no_names() -> None:
    modules = {"page.js": 'import "./clock.js";\n', "clock.js": "setTimeout(tick);\n"}
    assert bundled("page.js", modules) == "const $clock = (() => {\nsetTimeout(tick);\nreturn {  };\n})();\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('import words from "./words.js";\n', "page.js: 'import words from"),
        ("export default 1;\n", "page.js: 'export default 1;'"),
        ('import { a } from "./gone.js";\n', "page.js wants gone.js, which is not there"),
        ('import { a } from "./page.js";\n', "page.js imports itself"),
    ],
)
def test_what_cannot_be_put_together_is_refused_by_name(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        bundled("page.js", {**MODULES, "page.js": text})


def test_our_own_scripts_are_put_together() -> None:
    served = StaticFiles(FOLDER).contents["js/answering.js"].decode()
    assert "\nimport " not in served
    assert served.count("function autosave(") == 1
