"""The elements that other systems tell, a file per group: papers in, values out."""
