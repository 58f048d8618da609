"""Evidence holds: a device that nobody may repair, reset or return until it is released (R12; 医疗纠纷条例 25)."""
