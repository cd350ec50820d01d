"""Did it help: before against after, with an interval and money."""
