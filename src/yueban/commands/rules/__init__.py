"""The house rules that `yueban check` enforces: each module finds the places that break one of them."""
