"""Who can help, nearest first."""
