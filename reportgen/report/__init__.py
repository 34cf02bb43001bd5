"""The report: view model, HTML, PDF."""
