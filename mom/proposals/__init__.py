"""The one road to a change: a proposal is shown, a person decides, a worker carries it out once."""
