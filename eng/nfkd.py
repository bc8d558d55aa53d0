#!/usr/bin/env python3
"""Writes the table by which passwords are normalized (src/Symbolon.AuthorizationServer/Accounts/nfkd.txt), and texts to test it with.

Both come from the Unicode Character Database that python3 has (License: Unicode-3.0). A character that is assigned keeps its decomposition and its
class for good (Unicode, stability policies), so a newer table changes no password that could be set with an older one, but for characters that were
unassigned then.
"""
import os
import random
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HANGUL = range(0xAC00, 0xD7A4)


def hexes(text):
    return '+'.join(f'{ord(char):X}' for char in text)


characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
decompositions = [f'{ord(char):X}={hexes(full)}' for char in characters if ord(char) not in HANGUL and (full := unicodedata.normalize('NFKD', char)) != char]
classes = [f'{ord(char):X}={unicodedata.combining(char)}' for char in characters if unicodedata.combining(char)]

with open(os.path.join(ROOT, 'src/Symbolon.AuthorizationServer/Accounts/nfkd.txt'), 'w', encoding='ascii') as table:
    table.write(f'# Unicode {unicodedata.unidata_version}, by eng/nfkd.py: full compatibility decompositions, then combining classes. License: Unicode-3.0\n')
    for name, entries in ('decompositions', decompositions), ('classes', classes):
        table.write(f'{name}\n')
        for start in range(0, len(entries), 50):
            table.write(' '.join(entries[start:start + 50]) + '\n')

random.seed(1)
marks = [char for char in characters if unicodedata.combining(char)]
changing = [char for char in characters if unicodedata.normalize('NFKD', char) != char]
with open(os.path.join(ROOT, 'tests/data/unicode/nfkd.txt'), 'w', encoding='ascii') as texts:
    for _ in range(2000):
        text = ''.join(random.choice(random.choice((marks, changing, ['a', 'é', '한', 'Ω', '1', ' ']))) for _ in range(random.randint(1, 8)))
        texts.write(f'{hexes(text)};{hexes(unicodedata.normalize("NFKD", text))}\n')
