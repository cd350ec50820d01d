"""What the built-in planner understands, a file each."""
