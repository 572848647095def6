"""The transition table of an incident's life as data (domain model B.2 with the amendments of B.8).

A row applies where the command is of its kind, the state is one of its sources, one of its parties admits the officer and
every question of `when` is answered; the first such row is taken. Then all of `guards` and `demands` must agree. A new rule
is a further row here, never a branch in the interpreter.
"""

from __future__ import annotations

from governance.transitions.deciding import DECIDING
from governance.transitions.ending import CLOSING
from governance.transitions.intake import INTAKE
from governance.transitions.joining import JOINING
from governance.transitions.overseeing import OVERSEEING
from governance.transitions.reaching import REACHING
from governance.transitions.row import Row
from governance.transitions.sending import DISPATCH
from governance.transitions.working import HANDLING

TABLE: tuple[Row, ...] = INTAKE + DISPATCH + HANDLING + CLOSING + DECIDING + JOINING + OVERSEEING + REACHING

__all__ = ["TABLE", "Row"]
