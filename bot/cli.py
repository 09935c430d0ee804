"""The command line: ``guichet …``; thin, every command has help and an example.

Exits 0, or prints one clear line to standard error and exits 1 (2 for wrong usage).
Must not know: how anything is done.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import read_settings, unused_settings
from bot.core.errors import GuichetError
from bot.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.bootstrap import House


def _say(text: str) -> None:
    print(text, flush=True)


def _warn(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _serve(house: House, args: argparse.Namespace) -> None:
    from bot.commands.serve import serve  # noqa: PLC0415  (each command imports what it needs)

    serve(house, args.host, args.port, _say)


def _work(house: House, _args: argparse.Namespace) -> None:
    from bot.commands.serve import work  # noqa: PLC0415

    work(house, _say)


def _chat(house: House, args: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="guichet-chat-"))
    if args.json:
        from bot.commands.chat_json import chat_json  # noqa: PLC0415

        chat_json(house, folder)
        return
    from bot.commands.chat import chat  # noqa: PLC0415

    chat(house, args.language, folder, input, _say)


def _parse(house: House, _args: argparse.Namespace) -> None:
    from bot.commands.parse import parse  # noqa: PLC0415
    from bot.core.calendar import local_day  # noqa: PLC0415

    understand = house.engine.understand
    if understand is not None:
        parse(understand, local_day(house.clock.now()), sys.stdin, sys.stdout)


def _train(house: House, args: argparse.Namespace) -> None:
    path, trained = house.train(force=args.force)
    _say(f"{'Trained' if trained else 'Up to date:'} {path.name}")


def _handoffs(house: House, _args: argparse.Namespace) -> None:
    rows = house.store.handoffs.open()
    for row in rows:
        _say(f"{row.since:%Y-%m-%d %H:%M} UTC  {row.channel:9} {row.reason:12} {row.person}")
    _say(f"{len(rows)} open")


def _outbox(house: House, args: argparse.Namespace) -> None:
    from bot.commands import outbox  # noqa: PLC0415

    if args.what == "list":
        outbox.show(house, _say)
    elif args.what == "replay":
        outbox.replay(house, args.numbers, _say)
    else:
        outbox.drop(house, args.numbers, _say)


def _channels(house: House, _args: argparse.Namespace) -> None:
    from bot.commands.channels import check  # noqa: PLC0415

    check(house, _say)


def _data(house: House, args: argparse.Namespace) -> None:
    from bot.commands.data_checks import check_all, show_who  # noqa: PLC0415

    if args.what == "check":
        problems = check_all(house, _say)
        if problems:
            message = f"{problems} problems in bot/data"
            raise GuichetError(message)
        _say("bot/data: no problem")
        return
    show_who(house, args.department, args.topic, args.language, _say)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guichet", description="A counter for people who cannot get a prefecture appointment."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def add(
        name: str, run: Callable[[House, argparse.Namespace], None], text: str, example: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=f"example: uv run guichet {example}",
        )
        command.add_argument("--data", metavar="DIR", help="data directory (default: $GUICHET_DATA_DIR or .guichet)")
        command.set_defaults(run=run)
        return command

    command = add("serve", _serve, "serve the web chat and run all jobs", "serve --port 8080")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on")
    command.add_argument("--port", type=int, default=8080, help="port to listen on")
    add("work", _work, "run the jobs alone, beside a server on the same data", "work --data /srv/guichet")
    command = add("chat", _chat, "talk to the bot in the terminal, pictures by path", "chat --language ar")
    command.add_argument("--language", metavar="CODE", help="the phone's language, a hint only")
    command.add_argument("--json", action="store_true", help="JSON lines in and out, for programs")
    add("parse", _parse, "understand JSON lines or plain lines, one JSON line each", "parse < lines.txt")
    command = add("train", _train, "train the model if its inputs changed", "train --force")
    command.add_argument("--force", action="store_true", help="train even if nothing changed")
    add("handoffs", _handoffs, "list the cases marked for a human, without content", "handoffs")
    command = add("outbox", _outbox, "messages that were given up: list, send again, drop", "outbox replay 12 13")
    command.add_argument("what", choices=["list", "replay", "drop"], help="what to do")
    command.add_argument(
        "numbers",
        nargs="*",
        type=int,
        help="of the messages; replay without any takes all that surely have not arrived",
    )
    command = add("channels", _channels, "ask each platform whether all is well", "channels check")
    command.add_argument("what", choices=["check"], help="what to do")
    command = add(
        "data",
        _data,
        "check bot/data, or see who would be shown",
        "data who --department 93 --topic letter --language ar",
    )
    command.add_argument("what", choices=["check", "who"], help="check everything, or show who is proposed")
    command.add_argument("--department", help="code of the département, for who")
    command.add_argument("--topic", default="titre_sejour", help="what help is wanted, for who")
    command.add_argument("--language", default="fr", help="language of the person, for who")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    args = _arguments().parse_args(argv)
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    house: House | None = None
    try:
        from bot.bootstrap import House  # noqa: PLC0415  (help must not wait for it)

        house = House(read_settings(os.environ, args.data))
        redact(house.secrets)
        for name in unused_settings(os.environ):
            _warn(f"{name} is set, but this version does not use it yet")
        args.run(house, args)
    except (GuichetError, OSError) as error:
        _warn(f"guichet: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if house is not None:
            house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
