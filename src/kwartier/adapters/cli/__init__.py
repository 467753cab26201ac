"""The command line: `kwartier validate | plan | check | schema | demo`.

One file per command, named after it. What a person reads or a program parses goes to standard output, notes and
errors go to standard error. docs/cli.md shows every command with its output.
"""
