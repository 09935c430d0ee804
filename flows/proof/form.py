"""The proof form: one attempt, told in three answers and confirmed.

Must not know: where anything is stored, the triage.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.calendar import local_time
from bot.core.case import AttemptChannel, AttemptResult, Draft, Question
from bot.core.choices import split_choice
from bot.core.effects import DiscardFiles, KeepFiles, RecordAttempt
from bot.core.evidence import Attempt
from bot.core.ids import AttemptId
from bot.core.intents import ALERTS, Intent
from bot.core.messages import InboundKind
from bot.core.reading import Reply, Status
from bot.core.unknown import known
from bot.core.wording import Label, Lines, Moment, Name, Phrase
from bot.services.flow import Ask, Finish, Reject
from flows.common.small_talk import POLITE

if TYPE_CHECKING:
    from bot.core.wording import Value
    from bot.services.flow import Result
    from bot.services.registry import Services
    from bot.services.turn import Turn

MISSES = 3

_INTERRUPTS = ALERTS | {
    Intent.ASK_HUMAN,
    Intent.ASK_PRIVACY,
    Intent.ASK_RIGHTS,
    Intent.ASK_STATUS,
    Intent.CHANGE_LANGUAGE,
    Intent.DELETE_DATA,
    Intent.STOP,
    Intent.SEND_PICTURE,
    Intent.REPORT_SCAM,
    Intent.ASK_PROOF,
    Intent.LINK_CHANNELS,
}
_REPLIES = {"yes": Reply.YES, "no": Reply.NO}
_REPLY_INTENTS = {Intent.AFFIRM: Reply.YES, Intent.DENY: Reply.NO}
_BLOCKAGES = {
    "blk.noslot": AttemptResult.NO_SLOT,
    "blk.closed": AttemptResult.CLOSED,
    "blk.captcha": AttemptResult.ERROR,
    "blk.anef_account": AttemptResult.ERROR,
    "blk.anef_submit": AttemptResult.ERROR,
    "blk.anef_wait": AttemptResult.NO_ANSWER,
    "blk.dn_noanswer": AttemptResult.NO_ANSWER,
    "blk.mail_noanswer": AttemptResult.NO_ANSWER,
    "blk.late_date": AttemptResult.LATE_SLOT,
}


class ValidateProofForm:
    """Rasa's ``validate_proof_form``."""

    name = "validate_proof_form"

    def __init__(self, services: Services) -> None:
        """``services`` reads moments and makes ids."""
        self._services = services

    def run(self, turn: Turn, requested: str | None) -> Result:
        """Hear the message unless it was used already, then say the next question."""
        _say_gone(turn)
        if not turn.is_heard:
            if requested is None or not requested.startswith("proof_"):
                self._prefill(turn)
            elif turn.intent in _INTERRUPTS:
                return Reject()
            else:
                self._hear(turn, _question(requested))
            turn.is_heard = True
        return self._go_on(turn)

    def _prefill(self, turn: Turn) -> None:
        """What the opening message already says of the attempt."""
        draft = turn.case.draft or Draft()
        if turn.reading.text:
            draft = replace(draft, at=draft.at or self._moment(turn), result=draft.result or _result(turn))
        if turn.choice == "attempt_when:now":
            draft = replace(draft, at=self._now(turn).isoformat(timespec="minutes"))
        turn.case = replace(turn.case, draft=draft)

    def _hear(self, turn: Turn, question: Question) -> None:
        draft = turn.case.draft or Draft()
        if turn.message.kind is InboundKind.CHOICE and turn.choice is None:
            turn.say("utter_choice_inactive")
            turn.case = replace(turn.case, misses=turn.case.misses + 1)
            return
        if question is Question.PROOF_CONSENT:
            self._consent(turn)
        elif question is Question.ATTEMPT_CONFIRM:
            self._confirm(turn, draft)
        else:
            self._fact(turn, question, draft)

    def _consent(self, turn: Turn) -> None:
        reply = _reply(turn)
        draft = turn.case.draft or Draft()
        files = tuple(i for p in draft.proofs for i in (p.original, p.safe_copy))
        if reply is Reply.YES:
            turn.case = replace(turn.case, proof_consent=True, misses=0)
            if files:
                turn.do(KeepFiles(files))
        elif reply is Reply.NO:
            turn.case = replace(turn.case, proof_consent=False, draft=None, misses=0)
            if files:
                turn.do(DiscardFiles(files))
            turn.say("utter_proof_refused")
        else:
            _missed(turn)

    def _fact(self, turn: Turn, question: Question, draft: Draft) -> None:
        value = split_choice(turn.choice)[1] if turn.choice else None
        if question is Question.ATTEMPT_WHEN:
            at = self._chosen_moment(turn, value) if value else self._moment(turn)
            if at is not None and _is_future(at, self._now(turn)):
                turn.say("utter_attempt_future")
                turn.case = replace(turn.case, misses=turn.case.misses + 1)
                return
            told = None if at is None else replace(draft, at=at)
        elif question is Question.ATTEMPT_CHANNEL:
            channel = next((channel for channel in AttemptChannel if channel == value), None)
            told = None if channel is None else replace(draft, channel=channel)
        else:
            result = next((one for one in AttemptResult if one == value), None) or _result(turn)
            told = None if result is None else replace(draft, result=result)
        if told is None:
            _missed(turn)
            return
        turn.case = replace(turn.case, draft=told, misses=0)

    def _confirm(self, turn: Turn, draft: Draft) -> None:
        reply = _reply(turn)
        if reply is Reply.YES and draft.at and draft.channel and draft.result:
            attempt = self._attempt(turn, draft)
            turn.attempts = (*turn.attempts, attempt)
            turn.do(RecordAttempt(attempt))
            if draft.result is AttemptResult.SLOT:
                turn.say("utter_attempt_slot_found")
            turn.case = replace(turn.case, draft=None, misses=0)
        elif reply is Reply.NO:
            files = tuple(i for p in draft.proofs for i in (p.original, p.safe_copy))
            if files:
                turn.do(DiscardFiles(files))
            turn.say("utter_attempt_dropped")
            turn.case = replace(turn.case, draft=None, misses=0)
        else:
            _missed(turn)

    def _attempt(self, turn: Turn, draft: Draft) -> Attempt:
        at = str(draft.at)
        zone = self._now(turn).tzinfo
        has_hour = "T" in at
        moment = datetime.fromisoformat(at) if has_hour else datetime.combine(date.fromisoformat(at), time(12))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        assert draft.channel is not None  # noqa: S101  (checked by the caller)
        assert draft.result is not None  # noqa: S101
        return Attempt(
            id=AttemptId(self._services.new_id()),
            at=moment,
            has_hour=has_hour,
            channel=draft.channel,
            result=draft.result,
            recorded_at=turn.now,
            proofs=draft.proofs,
        )

    def _go_on(self, turn: Turn) -> Result:
        draft = turn.case.draft
        if draft is None or turn.case.proof_consent is False:
            turn.case = replace(turn.case, draft=None)
            return Finish()
        if turn.case.misses >= MISSES:
            turn.utterances.clear()
            turn.case = replace(turn.case, misses=0)
            question = self._next(turn, draft)
            turn.say("utter_stuck", asks=question)
            return Ask(_slot(question))
        question = self._next(turn, draft)
        self._say(turn, question, draft)
        return Ask(_slot(question))

    def _next(self, turn: Turn, draft: Draft) -> Question:
        if turn.case.proof_consent is not True:
            return Question.PROOF_CONSENT
        if draft.at is None:
            return Question.ATTEMPT_WHEN
        if draft.channel is None:
            return Question.ATTEMPT_CHANNEL
        if draft.result is None:
            return Question.ATTEMPT_RESULT
        return Question.ATTEMPT_CONFIRM

    def _say(self, turn: Turn, question: Question, draft: Draft) -> None:
        if question is Question.PROOF_CONSENT and draft.proofs:
            turn.say("utter_proof_waiting")
        if question is not Question.ATTEMPT_CONFIRM:
            turn.say(f"utter_ask_{question}", asks=question)
            return
        lines: list[Value] = [
            Phrase("utter_attempt_fact_when", {"value": Moment(str(draft.at))}),
            Phrase(
                "utter_attempt_fact_channel",
                {"value": Label(f"utter_ask_attempt_channel.attempt_channel:{draft.channel}")},
            ),
            Phrase(
                "utter_attempt_fact_result", {"value": Label(f"utter_ask_attempt_result.attempt_result:{draft.result}")}
            ),
        ]
        if draft.proofs:
            lines.append(Phrase("utter_attempt_fact_pictures", {"count": Name(str(len(draft.proofs)))}))
        turn.say("utter_ask_attempt_confirm", asks=question, facts=Lines(tuple(lines)))

    def _now(self, turn: Turn) -> datetime:
        return local_time(turn.now, known(turn.case.situation.departement))

    def _moment(self, turn: Turn) -> str | None:
        found = self._services.read_moment(turn.reading.text, turn.case.language, self._now(turn))
        return None if found is None else found[0]

    def _chosen_moment(self, turn: Turn, value: str) -> str | None:
        now = self._now(turn)
        if value == "now":
            return now.isoformat(timespec="minutes")
        days = {"today": 0, "yesterday": 1}.get(value)
        return None if days is None else (now.date() - timedelta(days=days)).isoformat()


def _say_gone(turn: Turn) -> None:
    """Once a turn: a picture of the draft was erased for want of a yes."""
    is_gone = any(file.problem == "gone" for file in turn.message.files)
    if is_gone and all(said.key != "utter_picture_gone" for said in turn.utterances):
        turn.say("utter_picture_gone")


def _question(requested: str) -> Question:
    if requested == "proof_consent":
        return Question.PROOF_CONSENT
    return Question(requested.removeprefix("proof_"))


def _slot(question: Question) -> str:
    return "proof_consent" if question is Question.PROOF_CONSENT else f"proof_{question}"


def _reply(turn: Turn) -> Reply | None:
    if turn.choice is not None:
        return _REPLIES.get(split_choice(turn.choice)[1])
    return turn.reading.reply or _REPLY_INTENTS.get(turn.intent)


def _result(turn: Turn) -> AttemptResult | None:
    blockage = turn.reading.blockage
    return _BLOCKAGES.get(str(blockage.id)) if blockage.status is Status.FOUND else None


def _is_future(at: str, now: datetime) -> bool:
    if "T" not in at:
        return date.fromisoformat(at) > now.date()
    moment = datetime.fromisoformat(at)
    return (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)) > now + timedelta(minutes=5)


def _missed(turn: Turn) -> None:
    if turn.intent in POLITE:
        turn.say(POLITE[turn.intent])
        return
    if turn.intent is Intent.OUT_OF_SCOPE:
        turn.say("utter_out_of_scope")
    else:
        turn.say("utter_not_understood" if turn.case.misses == 0 else "utter_not_understood_again")
    turn.case = replace(turn.case, misses=turn.case.misses + 1)
