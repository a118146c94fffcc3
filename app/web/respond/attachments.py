"""Attaching a file or a link to an answer, on a page of its own; downloading, replacing, removing."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from flask import Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BuildError

from app import clock
from app.i18n import _, ngettext
from app.policy import Act, ResponseFacts
from app.queries.files import Attached
from app.services import attaching, filing
from app.services.attaching import Where
from app.services.errors import NotPossible, ResponseLocked
from app.storage import CHUNK, FileMissing, Store
from app.web import access, transactions, uploading
from app.web.respond import attached
from app.web.respond.attached import Spot
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422
TOO_LARGE = 413
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"


def facts_of_attachment(response_id: UUID, attachment_id: UUID, **_others: object) -> ResponseFacts | None:
    """What the policy must know of the place to which something is attached; None for no such thing."""
    if facts(response_id) is None:
        return None
    found = attached.one(sheet(response_id), attachment_id)
    if found is None:
        return None
    return facts(response_id, found.instance_id, question_key=found.question_key)


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


@blueprint.get("/attachments/to/<question_key>")
@blueprint.get("/attachments/to/<uuid:instance_id>/<question_key>")
@access.requires(Act.EDIT_RESPONSE, facts)
def choose_attachment(
    response_id: UUID, question_key: str, instance_id: UUID | None = None
) -> ResponseReturnValue:
    """What is attached there, what can be, and the way to choose a file or give a link."""
    found = sheet(response_id)
    spot = attached.spot(found, instance_id, question_key)
    return _draw(found, spot) if found.editable else _to_answers(found)


def target(verb: str, what: str, found: Sheet) -> str | None:
    """Where a button beside an attachment leads once its page is saved; None for other buttons."""
    if verb == "attach":
        instance, _colon, key = what.partition(":")
        where: dict[str, Any] = {"instance_id": instance} if instance else {}
        try:
            return url_for("respond.choose_attachment", response_id=found.id, question_key=key, **where)
        except BuildError:
            return None
    endpoint = {"replace_file": "choose_replacement", "remove_file": "ask_to_detach"}.get(verb)
    each = (
        next((one for one in attached.everything(found) if str(one.id) == what), None) if endpoint else None
    )
    if each is None:
        return None
    return url_for(f"respond.{endpoint}", response_id=found.id, attachment_id=each.id)


def too_large_to_attach(
    response_id: UUID, question_key: str, instance_id: UUID | None = None
) -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    found = sheet(response_id)
    return _refuse(found, attached.spot(found, instance_id, question_key), _too_large(), status=TOO_LARGE)


@blueprint.post("/attachments/to/<question_key>")
@blueprint.post("/attachments/to/<uuid:instance_id>/<question_key>")
@access.requires(Act.EDIT_RESPONSE, facts)
@uploading.takes_a_file(too_large_to_attach)
def attach(response_id: UUID, question_key: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """Attach the file or the link that was sent."""
    found = sheet(response_id)
    return _attach(found, attached.spot(found, instance_id, question_key), None)


@blueprint.get("/attachments/<uuid:attachment_id>/replace")
@access.requires(Act.EDIT_RESPONSE, facts_of_attachment)
def choose_replacement(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """The same page, for another one in its place."""
    found, before, spot = _standing(response_id, attachment_id)
    return _draw(found, spot, before) if found.editable else _to_answers(found)


def too_large_to_replace(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    found, before, spot = _standing(response_id, attachment_id)
    return _refuse(found, spot, _too_large(), before, TOO_LARGE)


@blueprint.post("/attachments/<uuid:attachment_id>/replace")
@access.requires(Act.EDIT_RESPONSE, facts_of_attachment)
@uploading.takes_a_file(too_large_to_replace)
def replace_attachment(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Attach what was sent in place of another."""
    found = sheet(response_id)
    before = attached.one(found, attachment_id) or abort(404)
    return _attach(found, attached.spot(found, *before.place), before)


@blueprint.get("/attachments/<uuid:attachment_id>")
@access.requires(Act.READ_RESPONSE, facts_of_attachment)
def download(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """The file, to be saved and never shown in the browser; a link leads where it points by itself."""
    found = sheet(response_id)
    each = attached.one(found, attachment_id) or abort(404)
    gone = each.removed_at is not None and found.is_own
    if each.sha256 is None or gone or (each.instance_id and each.instance_id not in found.blocks):
        abort(404)
    try:
        _store().open(each.sha256).close()
    except FileMissing:
        current_app.logger.error("file %s is missing from the store", each.sha256)
        abort(500)
    answer = Response(_chunks(_store(), each.sha256), mimetype=each.media_type)
    answer.content_length = each.size
    answer.headers["Content-Disposition"] = disposition(each.name)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _chunks(store: Store, sha256: str) -> Iterator[bytes]:
    """The content piece by piece: no more of it is in memory than one, and none lies open unread."""
    with store.open(sha256) as content:
        while chunk := content.read(CHUNK):
            yield chunk


def disposition(name: str) -> str:
    """The name of a download as RFC 6266 has it: plain letters for old browsers, and the name itself."""
    plain = "".join(
        letter if letter.isascii() and letter not in '"\\%;' and letter.isprintable() else "_"
        for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@blueprint.get("/attachments/<uuid:attachment_id>/remove")
@access.requires(Act.EDIT_RESPONSE, facts_of_attachment)
def ask_to_detach(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Show what shall go, and ask."""
    found, each, spot = _standing(response_id, attachment_id)
    if not found.editable:
        return _to_answers(found)
    return render_template(
        "respond/detach.html", sheet=found, zone=found.zone, each=each, spot=spot, about=attached.about
    )


@blueprint.post("/attachments/<uuid:attachment_id>/remove")
@access.requires(Act.EDIT_RESPONSE, facts_of_attachment)
def detach(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Take it away; it is kept, and can be brought back."""
    return _change(attaching.remove, response_id, attachment_id)


@blueprint.post("/attachments/<uuid:attachment_id>/restore")
@access.requires(Act.EDIT_RESPONSE, facts_of_attachment)
def bring_back(response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    """Attach again what was removed."""
    found = sheet(response_id)
    each = attached.one(found, attachment_id) or abort(404)
    try:
        return _change(attaching.restore, response_id, attachment_id)
    except NotPossible as refused:
        transactions.roll_back()
        now = fresh(response_id)
        return _refuse(now, attached.spot(now, *each.place), str(refused))


def _change(act: Callable[..., Any], response_id: UUID, attachment_id: UUID) -> ResponseReturnValue:
    found = sheet(response_id)
    each = attached.one(found, attachment_id) or abort(404)
    spot = attached.spot(found, *each.place)
    act(transactions.session(), response_id, attachment_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(_place_url(found, spot))


def _to_answers(found: Sheet) -> ResponseReturnValue:
    """Where answers that can no longer be changed are read."""
    return redirect(url_for("respond.check", response_id=found.id))


def _place_url(found: Sheet, spot: Spot) -> str:
    """The page on which what is attached there is seen."""
    where: dict[str, Any] = {"instance_id": spot.instance} if spot.instance else {}
    return url_for("respond.choose_attachment", response_id=found.id, question_key=spot.question.key, **where)


def _standing(response_id: UUID, attachment_id: UUID) -> tuple[Sheet, Attached, Spot]:
    found = sheet(response_id)
    each = attached.one(found, attachment_id) or abort(404)
    if each.removed_at is not None:
        abort(404)
    return found, each, attached.spot(found, *each.place)


def _attach(found: Sheet, spot: Spot, before: Attached | None) -> ResponseReturnValue:
    where = Where(
        found.id,
        spot.instance,
        spot.question.key,
        replaces_id=before.id if before else None,
        key=request.form.get("key", "")[:80] or None,
    )
    onward = spot.url(found)
    try:
        what = _sent(found, spot, where)
        session = transactions.begin_writing()
        attaching.attach(session, where, what, access.actor(), clock.now())
    except NotPossible as refused:
        transactions.roll_back()
        return _refuse(fresh(found.id), spot, str(refused), before)
    transactions.commit()
    return jsonify(next=onward) if _asks_for_json() else redirect(onward)


def _sent(found: Sheet, spot: Spot, where: Where) -> filing.Received | attaching.Link:
    """The file, kept durably, or the link. Raises NotPossible, and ResponseLocked before anything is kept."""
    if not found.editable:
        raise ResponseLocked
    if request.form.get("what") == "link":
        return attaching.link(request.form.get("url", ""), request.form.get("label", ""))
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NotPossible(_("Choose a file first"))
    received = filing.look(sent.stream, sent.filename)
    attaching.refuse_without_room(transactions.session(), where, spot.question, received)
    _store().put(sent.stream)
    return received


def _too_large() -> str:
    return _("Choose a file of at most 20 MB. This one is larger; nothing was changed")


def _asks_for_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _refuse(
    found: Sheet, spot: Spot, why: str, before: Attached | None = None, status: int = WITH_PROBLEMS
) -> ResponseReturnValue:
    if _asks_for_json():
        return jsonify(error=why), status
    return _draw(found, spot, before, why, by_link=status != TOO_LARGE), status


def _draw(
    found: Sheet, spot: Spot, before: Attached | None = None, error: str = "", *, by_link: bool = True
) -> str:
    there = attached.standing(found).get((spot.instance, spot.question.key), [])
    most = spot.question.most_attachments
    is_link = by_link and request.form.get("what") == "link"
    return render_template(
        "respond/attach.html",
        sheet=found,
        zone=found.zone,
        spot=spot,
        back=spot.url(found),
        there=[each for each in there if before is None or each.id != before.id],
        before=before,
        removed=attached.removed(found, (spot.instance, spot.question.key)) if before is None else [],
        room=most - len(there) if before is None else 1,
        most=_most(most),
        error=error,
        has_errors=bool(error),
        is_link=is_link,
        typed={name: request.form.get(name, "") for name in ("url", "label")} if is_link else {},
        key=request.form.get("key") if is_link and error else str(uuid4()),
        about=attached.about,
        largest=filing.LARGEST,
        send_words=_send_words(),
    )


def _most(most: int) -> str:
    return ngettext("one file or link", "at most %(num)s files and links", most)


def _send_words() -> dict[str, str]:
    """What the script says while it sends."""
    return {
        "sending": _("Sending: {percent} per cent"),
        "checking": _("Sent. It is being checked"),
        "large": _too_large(),
        "lost": _("The connection was lost before the file had arrived. It is not attached yet."),
        "refused": _("This did not work. The file is not attached."),
        "signed_out": _("You were signed out. Sign in again in another window, then send the file again."),
        "again": _("Send it again"),
        "stop": _("Stop sending"),
        "stopped": _("Stopped. The file is not attached."),
    }
