"""The packs that come with dehusk: one TOML file a language or site."""
