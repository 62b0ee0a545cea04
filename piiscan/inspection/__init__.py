"""One file to its reports: opened, every place read, judged, counted, weighed."""
