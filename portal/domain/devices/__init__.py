"""The device register: every unit that we serve, where it stands and who owns it."""
