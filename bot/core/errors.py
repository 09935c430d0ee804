"""Every error Guichet raises on purpose, as one tree.

    GuichetError                      root; never shown to a person, never carries what a person said
    ├─ RuleError
    │   ├─ RuleExpiredError           past expires_on: the person gets "I cannot say; here is who can"
    │   └─ RuleUnverifiedError        RECALLED and not signed off by a jurist: same answer
    ├─ DeliveryError
    │   ├─ ChannelUnavailableError    try again later
    │   ├─ MessageRejectedError       the platform will never take it
    │   └─ RecipientGoneError         the person left or was erased
    ├─ UnauthorizedError              a caller that is not the platform it claims to be
    ├─ SetupError                     a platform would not be told who and where we are; named at start
    ├─ StorageError
    │   ├─ DuplicateMessageError      this platform message was already received
    │   ├─ UnknownPersonError         an edit by somebody we do not know: nobody begins with one
    │   ├─ LeaseLostError             somebody else took the work over; drop the result
    │   ├─ KeyDestroyedError          the person was erased: nothing can be opened any more
    │   └─ UnreadableError            what was stored is altered or no longer there: it never opens again
    ├─ MediaError
    │   ├─ MediaTooLargeError         over the byte or pixel limit
    │   ├─ MediaUnreadableError       not a picture, broken, or a bomb
    │   ├─ MediaRefusedError          an identity paper: never wanted
    │   ├─ MediaUnavailableError      the platform does not give it now
    │   └─ MediaGoneError             the platform will never give it
    ├─ EngineError
    │   ├─ ModelMissingError          fatal at start
    │   └─ TurnFailedError            recorded; the case is marked for a human
    ├─ DocumentError                  a letter could not be rendered
    ├─ SettingsError                  a setting is wrong or missing; names it; fatal at start
    └─ DataError                      a file of bot/data is wrong; names file and key; fatal at start

Must not know: how an error is reported. Messages name ids, files and settings, never a person's words.
"""

from __future__ import annotations


class GuichetError(Exception):
    """Root of the tree; catch it only where work is retried or a command ends."""


class RuleError(GuichetError):
    """A legal rule may not be stated today."""


class RuleExpiredError(RuleError):
    """The rule is past its expiry date."""


class RuleUnverifiedError(RuleError):
    """The rule comes from memory and no jurist has signed it off."""


class DeliveryError(GuichetError):
    """A message did not leave."""


class ChannelUnavailableError(DeliveryError):
    """The channel does not answer now; retry with back-off."""


class MessageRejectedError(DeliveryError):
    """The channel refuses this message for good; do not retry."""


class RecipientGoneError(DeliveryError):
    """The person cannot be reached any more; do not retry."""


class UnauthorizedError(GuichetError):
    """A webhook without the platform's secret or signature; every reason looks the same from outside."""


class SetupError(GuichetError):
    """A platform refused our settings; the text says which, in plain words, without secrets."""


class StorageError(GuichetError):
    """The store refused."""


class DuplicateMessageError(StorageError):
    """The platform delivered the same message again."""


class UnknownPersonError(StorageError):
    """Somebody edits a message, and we have no conversation with them."""


class LeaseLostError(StorageError):
    """The lease expired and another worker holds the row."""


class KeyDestroyedError(StorageError):
    """The person's data key no longer exists."""


class UnreadableError(StorageError):
    """Stored bytes do not open, or are not there, and will not at the next try; unlike a store that refuses for a while."""


class MediaError(GuichetError):
    """A file cannot be used as a picture."""


class MediaTooLargeError(MediaError):
    """Over the byte or pixel limit."""


class MediaUnreadableError(MediaError):
    """Not a picture that can be decoded within the limits."""


class MediaRefusedError(MediaError):
    """Looks like an identity paper; it must be erased at once."""


class MediaUnavailableError(MediaError):
    """Not to be had now; try again."""


class MediaGoneError(MediaError):
    """Not to be had any more, or not what was announced."""


class EngineError(GuichetError):
    """The dialogue engine cannot answer."""


class ModelMissingError(EngineError):
    """No trained model for the current inputs, or it does not load; stops the start."""


class TurnFailedError(EngineError):
    """One turn failed; the cause is in ``__cause__`` and is logged by class name only."""


class DocumentError(GuichetError):
    """A document could not be rendered."""


class SettingsError(GuichetError):
    """A setting is wrong or missing; the text names it."""


class DataError(GuichetError):
    """A file under bot/data is wrong."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        """Name the file and the key so that a jurist can mend it."""
        super().__init__(f"{file}: {key}: {problem}")
        self.file = file
        self.key = key
