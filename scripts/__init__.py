"""Setting up, starting and stopping: what ./run and ./test call."""
