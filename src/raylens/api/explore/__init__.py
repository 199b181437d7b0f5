"""What the console's pages ask for: the map, traces and their timelines, groups, the store and the lab."""
