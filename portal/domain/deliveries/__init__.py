"""What was given up: notices that reached nobody, jobs that failed to the end, and starting them afresh.

Deliveries and jobs are machinery and have no trail of their own. So that it stays known who started one again,
that is a verb on the record which it is about, or on the operator's company where it is about none.
"""
