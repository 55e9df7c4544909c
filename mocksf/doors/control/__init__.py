"""The control plane under `/_mocksf`: one module per resource, each a tuple of rows that app.py adds together."""
