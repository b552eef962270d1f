"""What every route is for, who may use it, and how it is used: one entry for each route of the program.

A new route needs a line here, or `tests/architecture/test_routes.py` fails. To read a page: `Read(grant, address)`. To
change something: `Write(grant, address, page, event, ...)`, where `page` is where the form stands, `event` what the
audit log says afterwards, `typed` what a person fills in, and `hidden` what the form brings along, for posts made by
hand. Addresses and fields are functions of the world, which makes what they are about (`World.active`). Grants are in
`standings.py`, a line for each row of the table of SPEC 2."""

from collections.abc import Mapping

from app.domain.identifiers import random_text
from app.web.tokens.parts import PARTS
from tests import people
from tests.matrix import governance_routes
from tests.matrix import standings as may
from tests.matrix.incidents import INCIDENTS
from tests.matrix.uses import (
    ByKey,
    Read,
    Use,
    Write,
    at,
    change,
    decide,
    edit,
    issue_form,
    on_application,
    on_person,
    on_token,
    press,
    spare_version,
    the_request,
)
from tests.matrix.world import REASON, SECOND_LOW, World

ROUTES: Mapping[str, tuple[Use, ...]] = {
    "static": (Read(may.ANYONE, at("/static/app.css")),),
    "sign_in.form": (Read(may.ANYONE, at("/login")),),
    "home.page": (Read(may.SIGNED_IN, at("/")),),
    "search.page": (Read(may.SIGNED_IN, at("/search")), Read(may.SIGNED_IN, at("/search?q=%25"))),
    "search.find": (Read(may.SIGNED_IN, at("/search"), by_post=True),),
    "docs.start": (Read(may.SIGNED_IN, at("/docs")),),
    "docs.page": (Read(may.SIGNED_IN, at("/docs/approvals")),),
    "docs.picture": (Read(may.SIGNED_IN, at("/docs/pictures/token.png")),),
    "emergency.news": (Read(may.SIGNED_IN, at("/emergency")),),
    "account.page": (Read(may.SIGNED_IN, at("/account")),),
    "account.set_password": (
        Write(
            may.SIGNED_IN,
            at("/account/password"),
            at("/account"),
            "user.password_set",
            lambda world: {"current_password": world.with_password(), "new_password": people.OTHER_PASSWORD},
        ),
    ),
    "applications.listing": (Read(may.SIGNED_IN, at("/applications")),),
    "applications.new": (Read(may.CREATE, at("/applications/new")),),
    "applications.create": (
        Write(
            may.CREATE,
            at("/applications/new"),
            at("/applications/new"),
            "application.created",
            lambda world: {"name": random_text(9), "description": ""},
        ),
    ),
    "applications.overview": (Read(may.SEE, on_application("")),),
    "applications.credentials": (Read(may.SEE, on_application("/credentials")),),
    "applications.members": (Read(may.SEE, on_application("/members")),),
    "applications.settings": (Read(may.MANAGE, on_application("/settings")),),
    "applications.add": (
        Write(
            may.MANAGE,
            on_application("/members", World.spare),
            on_application("/members", World.spare),
            "member.added",
            lambda world: {"email": world.somebodys_email()},
        ),
    ),
    "applications.remove": (
        Write(
            may.MANAGE,
            at("/applications/{it}/members/{who}/remove", it=World.spare, who=World.spare_member),
            on_application("/members", World.spare),
            "member.removed",
        ),
    ),
    "applications.update": (
        Write(
            may.MANAGE,
            on_application("/settings", World.spare),
            on_application("/settings", World.spare),
            "application.updated",
            lambda world: {"name": random_text(9), "description": ""},
            spare_version,
        ),
    ),
    "applications.answer_for": (
        Write(
            may.ANSWERS_FOR,
            on_application("/settings/answers-for", World.spare),
            on_application("/settings", World.spare),
            "application.answers_for_set",
            lambda world: {"extent": "all"},
            spare_version,
        ),
    ),
    "applications.hand_over": (
        Write(
            may.MANAGE,
            on_application("/settings/owner", World.spare),
            on_application("/settings", World.spare),
            "application.updated",
            lambda world: {"email": world.somebodys_email()},
            spare_version,
        ),
    ),
    "applications.disable": (
        Write(
            may.MANAGE,
            on_application("/disable", World.spare),
            on_application("/settings", World.spare),
            "application.disabled",
        ),
    ),
    "applications.enable": (
        Write(
            may.MANAGE,
            on_application("/enable", World.switched_off),
            on_application("/settings", World.switched_off),
            "application.enabled",
        ),
    ),
    "tokens.new": (Read(may.ISSUE, on_application("/credentials/new")),),
    "tokens.issue": (
        Write(
            may.ISSUE,
            on_application("/credentials/new"),
            on_application("/credentials/new"),
            "token.issued",
            issue_form,
            lambda world: {"form_id": random_text(22)},
        ),
    ),
    "tokens.overview": (Read(may.SEE, on_token("")), Read(may.SEE, on_token("", World.waiting))),
    "tokens.acl": (Read(may.SEE, on_token("/acl")),),
    "tokens.security": (Read(may.SEE, on_token("/security")),),
    "tokens.activate_emergency": (
        Write(
            may.EMERGENCY,
            on_token("/emergency/activate"),
            on_token("/security"),
            "token.emergency_activated",
            lambda world: {"hours": "1", "reason": REASON},
        ),
    ),
    "tokens.deactivate_emergency": (
        Write(
            may.EMERGENCY,
            on_token("/emergency/deactivate", World.lifted),
            on_token("/security", World.lifted),
            "token.emergency_deactivated",
            lambda world: {"reason": REASON},
        ),
    ),
    "tokens.activity": (Read(may.AUDIT, on_token("/activity")),),
    "tokens.edit": tuple(Read(may.EDIT, edit(part)) for part in PARTS),
    "tokens.edit_outlook": (
        Read(may.EDIT, edit("expiry/outlook")),
        Read(may.EDIT, edit("expiry/outlook"), by_post=True),
    ),
    "tokens.save_edit": (
        change("details", lambda: {"name": random_text(9)}),
        change("scopes", lambda: {"scopes": SECOND_LOW}),
        change("expiry", lambda: {"expires": "1 week"}),
        change("access-rules", lambda: {"access_rules": "GET /api/invoices"}),
        change("ip-whitelist", lambda: {"ip_whitelist": "192.0.2.0/24"}),
        change("rate-limit", lambda: {"rate_limit": "5/minute"}),
        change("time-restriction", lambda: {"days": "Mon", "time_from": "08:00", "time_until": "18:00"}),
    ),
    "tokens.disable": (press(may.DISABLE, "disable", "token.disabled"),),
    "tokens.enable": (press(may.ENABLE, "enable", "token.enabled", World.disabled),),
    "tokens.revoke": (
        press(may.REVOKE, "revoke", "token.revoked"),
        press(may.REVOKE, "revoke", "token.revoked", World.disabled),
    ),
    "tokens.rotate": (
        Write(
            may.ROTATE,
            on_token("/rotate"),
            on_token(""),
            "token.rotated",
            lambda world: {"overlap": "immediately", "reason": ""},
            lambda world: {"key_id": world.token(world.active()).current_key.id},
        ),
    ),
    "tokens.finish": (
        Write(
            may.ROTATE,
            on_token("/finish", World.rotating),
            on_token("", World.rotating),
            "token.old_key_finished",
            hidden=lambda world: {"key_id": world.token(world.rotating()).keys[1].id},
        ),
    ),
    "approvals.listing": (Read(may.SIGNED_IN, at("/approvals")),),
    "approvals.news": (Read(may.SIGNED_IN, at("/approvals/news")),),
    "approvals.request_page": (Read(may.SEE, at("/approvals/{it}", it=the_request)),),
    "approvals.approve": (decide(may.DECIDE, "approve", "approval.approved"),),
    "approvals.reject": (decide(may.DECIDE, "reject", "approval.rejected"),),
    "approvals.cancel": (decide(may.CANCEL, "cancel", "approval.cancelled"),),
    **governance_routes.ROUTES,
    **INCIDENTS,
    "people.listing": (Read(may.PEOPLE, at("/users")),),
    "people.add": (
        Write(
            may.PEOPLE,
            at("/users"),
            at("/users"),
            "user.added",
            lambda world: {"email": f"{random_text(9)}@example.com", "name": "Newcomer", "role": "member"},
        ),
    ),
    "people.page": (Read(may.PEOPLE, on_person("")),),
    "people.change_role": (
        Write(may.PEOPLE, on_person("/role"), on_person(""), "user.updated", lambda world: {"role": "superuser"}),
    ),
    "people.deactivate": (Write(may.PEOPLE, on_person("/deactivate"), on_person(""), "user.updated"),),
    "people.make_link": (Write(may.PEOPLE, on_person("/link"), on_person(""), "user.link_made"),),
    "welcome.page": (Read(may.ANYONE, at("/welcome/{it}", it=World.link)),),
    "welcome.use": (
        Write(
            may.ANYONE,
            at("/welcome/{it}", it=World.link),
            at("/welcome/{it}", it=World.link),
            "user.password_set",
            lambda world: {"password": people.OTHER_PASSWORD},
            by_them=False,
        ),
    ),
    "verification.verify": (ByKey("/api/v1/verify", admits=False),),
    "verification.about_self": (ByKey("/api/v1/self", admits=True),),
    "verification.revoke_self": (ByKey("/api/v1/self/revoke", admits=True),),
}
# Of one's own browser and nobody else's, with a password to each: tests/web/sign_in and tests/web/account are about
# these.
ELSEWHERE = {"sign_in.sign_in", "sign_in.sign_out", "sign_in.type_password", "account.end_session"}
ELSEWHERE |= {"incident.undo"}  # to be taken back by whoever did it and nobody else: see tests/web/incident
# For machines, whoever they are: see tests/operations.
ELSEWHERE |= {"operations.alive", "operations.ready", "operations.measured"}
