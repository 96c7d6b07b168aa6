"""How people write and how the standard writes: forms of characters, tokens, words of the lexicon, pinyin."""
