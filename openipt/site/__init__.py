"""The site: settings, addresses and start-up of the pages."""
