"""What other systems told, as papers: a reader per group of records."""
