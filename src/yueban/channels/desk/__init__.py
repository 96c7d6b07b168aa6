"""The desk: where staff work. Thin pages over flows and selectors, no rules."""
