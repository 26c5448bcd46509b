"""The edition page, section by section: each module turns figures into what one part of the page shows."""
