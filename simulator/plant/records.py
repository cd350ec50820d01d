"""records: placeholder"""
Record = dict
def records(site): return []
