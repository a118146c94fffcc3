"""The pages of signing in. The link's GET shows a button; only the POST uses the link up."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Email, InputRequired

from app import clock
from app.extensions import limiter
from app.i18n import _
from app.models import User
from app.queries import visitors
from app.services import signing_in
from app.services.errors import LinkSpent, NotFound
from app.web.access import open_to_all, person
from app.web.auth import slowing
from app.web.auth.browsers import browser_secret, forget, remember, who_left
from app.web.letters import letters
from app.web.transactions import commit, session

blueprint = Blueprint("auth", __name__)


class AddressForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The one field of the sign-in page."""

    email = EmailField(
        validators=[
            InputRequired(_("Give the address that IOM wrote to")),
            Email(_("Give an address such as n.beridze@mfa.example")),
        ]
    )


@blueprint.get("/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """The form that asks for the address."""
    if person() is not None:
        return redirect(url_for("home.home"))
    browser_secret()
    return render_template("auth/sign_in.html", form=AddressForm())


@blueprint.post("/sign-in")
@limiter.limit(slowing.PER_NETWORK, key_func=slowing.network)
@limiter.limit(slowing.PER_ADDRESS_AND_NETWORK, key_func=slowing.address_here)
@open_to_all
def send_link() -> ResponseReturnValue:
    """Asks for a link. Known and unknown addresses get the same page after the same work."""
    form = AddressForm()
    if not form.validate():
        return render_template("auth/sign_in.html", form=form), 422
    if slowing.too_many_letters():
        abort(429)
    signing_in.request_link(session(), slowing.address(), clock.now(), browser_secret())
    commit()
    letters().wake()
    cookie["asked"] = slowing.address()
    return redirect(url_for("auth.look_in_your_mail"))


@blueprint.get("/sign-in/sent")
@open_to_all
def look_in_your_mail() -> ResponseReturnValue:
    """What to do next, the same for everybody."""
    if "asked" not in cookie:
        return redirect(url_for("auth.sign_in"))
    return render_template("auth/look_in_your_mail.html", email=cookie["asked"])


@blueprint.get("/sign-in/<token>")
@open_to_all
def open_link(token: str) -> ResponseReturnValue:
    """Shows whom the link signs in, and a button. Mail scanners may follow it; nothing is used up."""
    try:
        link = signing_in.look_at(session(), token, browser_secret(), clock.now())
    except (LinkSpent, NotFound) as refused:
        return _spent(refused)
    user = session().get_one(User, link.user_id)
    return render_template(
        "auth/open_link.html",
        name=user.name,
        hats=visitors.organisations_of(session(), user.id, clock.now()),
        note=_("The link is used up only when you press the button."),
        address=url_for("auth.use_link", token=token),
    )


@blueprint.post("/sign-in/<token>")
@limiter.limit(slowing.PER_NETWORK, key_func=slowing.network)
@open_to_all
def use_link(token: str) -> ResponseReturnValue:
    """Uses the link up and signs the browser in."""
    try:
        login_session = signing_in.redeem(session(), token, browser_secret(), clock.now())
    except (LinkSpent, NotFound) as refused:
        return _spent(refused)
    onward = remember(login_session)
    commit()
    return redirect(onward or url_for("home.home"))


def _spent(refused: LinkSpent | NotFound) -> ResponseReturnValue:
    return render_template("auth/link_spent.html", why=str(refused)), 410


@blueprint.post("/sign-out")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """Ends the session's row, so that a copied cookie is worth nothing, and empties the cookie."""
    visitor = person()
    if visitor is not None:
        signing_in.end(session(), visitor.login_session_id, clock.now())
        commit()
    forget()
    return redirect(url_for("auth.signed_out"))


@blueprint.get("/signed-out")
@open_to_all
def signed_out() -> ResponseReturnValue:
    """Says that it is done."""
    return render_template("auth/signed_out.html", left=who_left())
