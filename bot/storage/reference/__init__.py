"""Reference data of bot/data, read once at start and checked."""
