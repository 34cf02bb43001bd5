"""From one file of experiments to a lab report that compares them."""
