"""Cases as data, evaluators named for the harm that they catch, on a plant of another seed than the demo's."""
