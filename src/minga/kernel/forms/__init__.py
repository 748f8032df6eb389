"""Fields that every form shares: what people type, made clean or refused by name."""
