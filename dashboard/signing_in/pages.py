"""The pages at the door: sign in, sign out, confirm it is you, and the one-time link of a new account."""

import io
from typing import Any

import segno
from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_security import current_user
from flask_security.utils import login_user, logout_user
from passlib.totp import TOTP

from dashboard.guard import At, Parts, allow, parts
from dashboard.signing_in import door, passwords
from dashboard.signing_in.accounts import Account
from dashboard.signing_in.visits import Visiting
from people.access import May
from storage import audit, doors, recovery
from storage.tables import Door, Staff

pages = Blueprint("door", __name__)
addresses = door.Addresses()


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Ask for e-mail, password and code at once, and give one answer to whatever is wrong."""
    if current_user.is_authenticated:
        return redirect(url_for("home"), code=303)
    if request.method == "GET":
        return render_template("door/sign_in.html", failed=False)
    common, address = parts(), request.remote_addr or ""
    now = common.clock()
    entered = None
    if not addresses.too_many(address, now):
        with common.database.transaction() as opened:
            entered = door.enter(
                opened,
                email=request.form.get("email", "")[:254],
                password=request.form.get("password", "")[: passwords.LONGEST],
                code=request.form.get("code", "")[:40],
                address=address,
                request_id=g.request_id,
                now=now,
            )
    if entered is None:
        addresses.note(address, now)
        return render_template("door/sign_in.html", failed=True), 401
    _begin(common, entered.member, entered.door)
    session["last_in_at"] = entered.last_in_at.isoformat() if entered.last_in_at else ""
    return redirect(url_for("home"), code=303)


def _begin(common: Parts, member: Staff, opened: Door) -> None:
    """Begin a visit under a new id; what was known before is dropped."""
    visit = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (the object behind the proxy)
    assert isinstance(visit, Visiting)  # noqa: S101 (set in create_app)
    visit.clear()
    if old := visit.renew():
        with common.database.transaction() as inner:
            doors.end_visit(inner, old)
    login_user(Account(member, opened.mark), authn_via=["password", "authenticator"])
    session["staff_id"] = str(member.id)
    session["fs_paa"] = common.clock().timestamp()


@pages.post("/sign-out")
@allow(May.SIGN_OUT)
def sign_out(at: At) -> Any:
    """End the visit, here and on the server."""
    at.trace("signed_out", str(at.member.id))
    logout_user()
    visit = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    visit.clear()
    visit.over = True
    answer = redirect(url_for("door.sign_in"), code=303)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@pages.route("/confirm", methods=["GET", "POST"])
@allow(May.SIGN_OUT)
def confirm(at: At) -> Any:
    """Ask for password and code once more, before what could do most harm (SEC-10)."""
    wanted = request.values.get("next", "")
    onward = wanted if wanted.startswith("/") and not wanted.startswith("//") else "/"
    if request.method == "GET":
        return render_template("door/confirm.html", failed=False, onward=onward)
    password, code = request.form.get("password", ""), request.form.get("code", "")
    if not door.confirms(at.session, at.member, password=password, code=code, now=at.now):
        return render_template("door/confirm.html", failed=True, onward=onward), 401
    session["fs_paa"] = at.now.timestamp()
    at.trace("confirmed", str(at.member.id))
    return redirect(onward, code=303)


@pages.get("/recovery")
@allow(May.SIGN_OUT)
def recovery_codes(at: At) -> str:
    """Say how many recovery codes are left, and offer new ones."""
    at.trace("saw_recovery", str(at.member.id))
    return _recovery_page(at, [])


@pages.post("/recovery")
@allow(May.SIGN_OUT)
def new_recovery_codes(at: At) -> Any:
    """Make ten new ones and show them, this once: the ones before open nothing any more."""
    if not at.fresh:
        return redirect(url_for("door.confirm", next="/recovery"), code=303)
    codes = recovery.new(at.session, at.member.id, at.now)
    at.trace("made_recovery_codes", str(at.member.id))
    return _recovery_page(at, codes)


def _recovery_page(at: At, codes: list[str]) -> str:
    left = recovery.left(at.session, at.member.id)
    return render_template("door/recovery.html", codes=codes, left=left)


@pages.route("/set-up/<secret>", methods=["GET", "POST"])
def set_up(secret: str) -> Any:
    """Let somebody with a one-time link choose a password and join an authenticator app."""
    common = parts()
    now = common.clock()
    with common.database.transaction() as opened:
        member = doors.behind_link(opened, secret, now)
        if member is None:
            abort(404)
        key = session.get("setting_up") or TOTP.new().base32_key
        session["setting_up"] = key
        if request.method == "GET":
            return _set_up_page(member, key, [])
        given = request.form.get("password", "")
        faults = _faults(member, given, key, now=now)
        if faults:
            return _set_up_page(member, key, faults), 422
        member.password_hash, member.totp_secret = door.HASHER.hash(given), key
        codes = recovery.new(opened, member.id, now)
        doors.use_link(opened, member.id)
        doors.new_mark(opened, member.id)
        audit.record(
            opened,
            staff_id=member.id,
            action="set_up",
            about=str(member.id),
            now=now,
            request_id=g.request_id,
            address=request.remote_addr,
        )
    session.pop("setting_up", None)
    return render_template("door/set_up_done.html", codes=codes)


def _faults(member: Staff, given: str, key: str, *, now: Any) -> list[tuple[str, str]]:
    """Return what is wrong with what was given: the field, and the id of the sentence."""
    found = []
    if fault := passwords.fault(given, email=member.email, name=member.name):
        found.append(("password", fault))
    elif given != request.form.get("again", ""):
        found.append(("again", "not_the_same"))
    if door.step_of(key, request.form.get("code", ""), None, now) is None:
        found.append(("code", "wrong_code"))
    return found


def _set_up_page(member: Staff, key: str, faults: list[tuple[str, str]]) -> str:
    picture = io.BytesIO()
    address = TOTP(key=key, issuer="Kith", label=member.email).to_uri()
    segno.make(address, error="m").save(
        picture, kind="svg", scale=5, xmldecl=False, svgclass=None, lineclass=None
    )
    spelt = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    return render_template(
        "door/set_up.html",
        member=member,
        spelt=spelt,
        picture=picture.getvalue().decode(),
        faults=dict(faults),
    )
