"""What changed between two periods, lines, shifts, products or crews, split exactly."""
