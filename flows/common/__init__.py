"""What can happen at any moment of a conversation."""
