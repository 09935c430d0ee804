"""The identifiers that cross module borders, as distinct types.

Must not know: how any of them is made; randomness is passed in.
"""

from __future__ import annotations

from typing import NewType

PersonId = NewType("PersonId", str)
"""Opaque and random; the only name a person has inside Guichet."""

FileId = NewType("FileId", str)
AttemptId = NewType("AttemptId", str)
OrganisationId = NewType("OrganisationId", str)
RuleId = NewType("RuleId", str)
TitleId = NewType("TitleId", str)
"""An id of domain.md 2.1, such as ``ts.sal`` or ``doc.recep``."""

DepartementCode = NewType("DepartementCode", str)
"""``01`` to ``95``, ``2A``, ``2B``, ``971`` to ``976``; the collectivities as ``975``, ``977`` and so on."""
