"""A made house: machines in namespaces, servers on them, a visitor, and Cordon."""
