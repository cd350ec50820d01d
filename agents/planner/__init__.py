"""The built-in planner: it speaks like a language model does, by rules over the plant's own words."""
