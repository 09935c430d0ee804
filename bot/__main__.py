"""``python -m bot`` is ``guichet``."""

import sys

from bot.cli import main

sys.exit(main())
