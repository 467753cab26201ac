"""Day-ahead prices from the transparency platform of the European grid operators (ENTSO-E); needs a key."""
