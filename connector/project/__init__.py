"""An org as its source tells it: a Salesforce project (SFDX) or an unpacked metadata folder instead of a live org."""

from connector.project.reader import is_project, project_describe

__all__ = ["is_project", "project_describe"]
