"""Energy: what a good unit takes, what is drawn while nothing is made, and the signature of a leak."""
