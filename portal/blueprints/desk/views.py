"""Service desk: requests, assignment, devices."""
