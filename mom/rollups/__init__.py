"""What is kept by the hour: figures of long windows without reading every row, equal to what the rows say."""
