"""The parts of the view of a site now; each builds itself once, and then shows every new look at the site."""
