"""The routes by which many tokens are stopped at once: see routes.py."""

from collections.abc import Mapping

from tests.matrix import standings as may
from tests.matrix.uses import Read, Use, Write, at, disable_active, on_application, the_application
from tests.matrix.world import World

_PREVIEW = at(
    "/applications/{it}/credentials/stopping?stop=disable&token={token}", it=the_application, token=World.active
)
INCIDENTS: Mapping[str, tuple[Use, ...]] = {
    "incident.page": (Read(may.INCIDENT, at("/incident")),),
    "incident.stop": (
        Write(
            may.INCIDENT,
            at("/incident"),
            at("/incident?application={it}", it=the_application),
            "token.disabled",
            disable_active,
        ),
    ),
    "incident.incident": (Read(may.SEE, at("/incident/{it}", it=World.incident)),),
    "incident.preview": (
        Read(
            may.DISABLE,
            _PREVIEW,
        ),
    ),
    "incident.stop_chosen": (
        Write(
            may.DISABLE,
            on_application("/credentials/stop"),
            _PREVIEW,
            "token.disabled",
            disable_active,
        ),
    ),
}
