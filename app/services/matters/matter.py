"""What every kind of request has to say to a decision about it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.approval import RequestStatus
from app.domain.people import Person
from app.services import requests
from app.services.recording import Record
from app.store.database import Base
from app.store.tables import ApplicationRow, ApprovalRequestRow


class Matter(ABC):
    """What one request is about, inside a decision's transaction. `row` is noted in the decision's event; there is no
    `application` where it is about the policy or the catalogue."""

    row: Base
    application: ApplicationRow | None = None

    def __init__(self, session: Session, request: ApprovalRequestRow) -> None:
        self.session, self.request = session, request
        self.changes = requests.changes_of(request)

    def may_be_asked_by(self, requester: Person) -> bool:
        """Whether the requester could ask for just this today, if their role lets them ask for such things at all."""
        return True

    @abstractmethod
    def require_possible(self, now: datetime) -> None:
        """Raise Conflict where what was asked for rests on what is not so any more."""

    @abstractmethod
    def take_effect(self, record: Record, now: datetime) -> None:
        """Make what was asked for so."""

    @abstractmethod
    def content(self) -> Mapping[str, object]:
        """All that can be changed of what it is about, as it is now and as changes keep it."""

    def refused(self, how: RequestStatus) -> None:  # noqa: B027  # only a new token has something to lose
        """What is to be done where it is rejected or cancelled: mostly nothing, as it never was so."""
