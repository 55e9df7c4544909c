"""Source trees and metadata archives of Salesforce projects: read as a schema source, and written from a schema."""

from mocksf.schema.sfdx.documents import is_project
from mocksf.schema.sfdx.project import read_project
from mocksf.schema.sfdx.writing import project_files

__all__ = ["is_project", "project_files", "read_project"]
