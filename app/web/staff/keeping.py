"""The pages by which the register and the people are kept: their blueprints, each with all of its views."""

from importlib import import_module

from app.web.staff import imports, people, register

for name in ("people_changes", "register_changes", "register_members", "register_proposals"):
    import_module(f"app.web.staff.{name}")

BLUEPRINTS = (register.blueprint, people.blueprint, imports.blueprint)
