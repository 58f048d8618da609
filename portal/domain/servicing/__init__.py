"""Service requests and work orders: from a hospital's report of a fault to the signed service report.

A service request is what the customer files; a work order is one technician's field work on it. The
request's states: received → assessed → in service → completed → closed (merged, cancelled, refused).
The order's: assigned → accepted → travelling → on site → testing → to release → to sign → done
(sent back, cancelled). Sources: 001 三, 003-c 第6–15条, 000-i 4.8; forms F01, F02, F05, F06.
"""
