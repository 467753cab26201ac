"""From what a meter said to how much energy flowed in each quarter-hour, and what is wrong with what it said."""
