"""The REST interface. `api.create_app` puts it together; each resource has a folder with files of the same names."""
