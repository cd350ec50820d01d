"""What an expert knows: which signal acts upon which, as a graph, and which causes it leaves for an alarm."""
