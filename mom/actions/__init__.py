"""What an approved proposal does: the contract in action.py, a file per action."""
