"""The facts: site document, devices, the electrical tree, transactions, and the rules that judge them."""
