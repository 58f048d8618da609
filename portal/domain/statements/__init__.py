"""Monthly statements (对账单): what a customer owed, was charged and paid in a month, and what is open."""
