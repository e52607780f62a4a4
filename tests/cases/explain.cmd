# A check and a diagnostic explained; an id that does not exist.
fwproof explain RUL-001
fwproof explain --lang zh-TW RUL-001
fwproof explain bad-line
fwproof explain rul-010
fwproof explain RUL-999
