"""Known answers, offered while somebody tells what is wrong, so that less need be reported (INT-12, TEC-1)."""
