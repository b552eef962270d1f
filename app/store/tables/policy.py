"""The approval policy, and proof that the secrets in use are the ones the rows were made under."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.risk import Risk
from app.store.database import Base
from app.store.types import RiskLevel


class PolicyRow(Base):
    """Whether something of this risk needs approval."""

    __tablename__ = "policy"

    risk: Mapped[Risk] = mapped_column(RiskLevel, primary_key=True)
    approval: Mapped[bool] = mapped_column()
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class SecretCheckRow(Base):
    """What a secret makes of a fixed text. Another secret under the same name makes something else."""

    __tablename__ = "secret_check"
    unaudited = True

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
