"""Both Bulk APIs: jobs, their uploads and results, and the work that time brings."""
