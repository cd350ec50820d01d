"""Which machine holds its line back, when, and what relief would bring."""
