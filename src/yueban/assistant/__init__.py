"""Consultation (咨询): knowledge units, their index, answers whose every fact is cited, and how well they answer."""
