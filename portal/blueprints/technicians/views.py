"""The technician's tablet: my day and the work order."""
