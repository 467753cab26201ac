"""A package, so that it is found before that of the same name which acnportal installs beside itself."""
