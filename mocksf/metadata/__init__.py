"""The Metadata API's work: components that change a schema, archives that hold them, deploys and retrieves."""
