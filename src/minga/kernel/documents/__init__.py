"""Papers with a code: typeset by themselves, and known again by whoever is shown one."""
