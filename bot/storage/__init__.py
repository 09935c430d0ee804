"""SQLite behind the ports, one file each; reference data under reference/."""
