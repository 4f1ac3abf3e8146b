"""Pages kept with their records as golden tests: `dehusk pin` writes them, `dehusk pin --check` cleans them again."""
