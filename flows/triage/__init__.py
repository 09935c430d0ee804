"""The ten questions, the alarms and the outcome."""
