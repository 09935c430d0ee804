"""Pictures people send: looked at out of process, under limits, and given back without anything but the picture."""
