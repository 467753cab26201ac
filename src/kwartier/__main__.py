"""`python -m kwartier`: the same as the command `kwartier`."""

from kwartier.app.main import main

if __name__ == "__main__":
    main()
