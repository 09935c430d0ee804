"""The commands behind `guichet`, one file each; they print, and exit codes are set by bot.cli."""
