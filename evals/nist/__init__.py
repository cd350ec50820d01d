"""NIST's reference sets: read as published, reckoned as the program reckons, and how many digits doubles allow."""
