"""The scope catalogue."""

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.store.database import Base
from app.store.types import RiskLevel


class ScopeRow(Base):
    """One entry of the catalogue. In use, it can be retired but not deleted."""

    __tablename__ = "scope"
    verified = True

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    category: Mapped[str] = mapped_column(String(100), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    risk: Mapped[Risk] = mapped_column(RiskLevel)
    permissions: Mapped[list[str]] = mapped_column(JSON, default=list)
    retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        """As rules see it."""
        return Scope(self.name, self.risk, self.category, self.description, tuple(self.permissions), self.retired)
