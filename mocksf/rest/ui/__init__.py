"""The UI API: records with their layouts, objects and picklists as a page shows them."""
